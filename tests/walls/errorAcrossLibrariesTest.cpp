#include "core/error.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

namespace
{

using Throw = void (*)(bool);

Throw loadThrower(int mode)
{
    void* library = dlopen(THROWER, RTLD_NOW | mode);
    if (!library) throw std::runtime_error(dlerror());
    return reinterpret_cast<Throw>(dlsym(library, "_ZN9surrogate10throwErrorEb"));
}

class ErrorAcrossLibraries : public testing::TestWithParam<int> {};

TEST_P(ErrorAcrossLibraries, caughtByItsType)
{
    const Throw throwError = loadThrower(GetParam());
    ASSERT_NE(throwError, nullptr);
    for (const bool own : {true, false})
    {
        try
        {
            throwError(own);
            FAIL() << "nothing thrown";
        }
        catch (const surrogate::Error& error)
        {
            EXPECT_EQ(error.report().what, own ? "thrown here" : "Not a valid grid");
            EXPECT_EQ(error.report().where, "wallsThrower");
        }
    }
}

INSTANTIATE_TEST_SUITE_P(LoadedAs, ErrorAcrossLibraries, testing::Values(RTLD_LOCAL, RTLD_GLOBAL));

} // namespace
