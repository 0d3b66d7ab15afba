#include "core/fieldList.h"
#include "core/refusal.h"

using namespace surrogate;

TEST(FieldList, knowsItsChannels)
{
    const FieldList fields({{"U", 3, {{0, 1, -1, 0, 0, 0, 0}}}, {"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}, {"T", 1, {}}});
    EXPECT_EQ(fields.nChannels(), 5);
    EXPECT_EQ(fields.channelOf("U"), 0);
    EXPECT_EQ(fields.channelOf("p"), 3);
    EXPECT_EQ(fields.channelOf("T"), 4);
    EXPECT_TRUE(fields.contains("p"));
    EXPECT_FALSE(fields.contains("P"));
    EXPECT_EQ(fields.get("U").components, 3);
    EXPECT_EQ(fields.names(), (std::vector<std::string>{"U", "p", "T"}));
    expectRefusal([&] { fields.channelOf("k"); }, {"No such field", "k", "U, p, T"});
    expectRefusal([&] { fields.get("k"); }, {"No such field", "k", "U, p, T"});
}

TEST(FieldList, namesComponents)
{
    EXPECT_EQ(componentName({"p", 1, {}}, 0), "p");
    EXPECT_EQ(componentName({"U", 3, {}}, 2), "U_z");
    EXPECT_EQ(componentName({"tau", 6, {}}, 0), "tau_1");
    EXPECT_EQ(componentName({"gradU", 9, {}}, 8), "gradU_9");
}

TEST(FieldList, describesDimensionsAsOpenFOAMDoes)
{
    EXPECT_EQ(describeDimensions({{0, 1, -1, 0, 0, 0, 0}}), "[0 1 -1 0 0 0 0]");
    EXPECT_EQ(describeDimensions({{1, -1, -2, 0, 0, 0, 0.5}}), "[1 -1 -2 0 0 0 0.5]");
}
