#include "core/error.h"

#include <gtest/gtest.h>

using namespace surrogate;

TEST(Error, tellsOnlyWhatItKnows)
{
    EXPECT_STREQ(Error({"Too hot", "", "", "", {}}).what(), "Too hot");
    EXPECT_STREQ
    (
        Error({"Unknown network", "model.safetensors", "one of the names below", "vnet", {"unet", "fno"}}).what(),
        "Unknown network\n    where:    model.safetensors\n    expected: one of the names below\n    found:    vnet\n"
        "    valid:    unet, fno"
    );
}

TEST(Error, keepsItsReport)
{
    const Error error({"Too hot", "here", "cold", "hot", {"cold", "cool"}});
    EXPECT_EQ(error.report().found, "hot");
    EXPECT_EQ(error.report().choices.size(), 2u);
}

TEST(Join, separatesWords)
{
    EXPECT_EQ(join({}), "");
    EXPECT_EQ(join({"a"}), "a");
    EXPECT_EQ(join({"a", "b", "c"}, " x "), "a x b x c");
}
