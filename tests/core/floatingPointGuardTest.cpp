#include "core/floatingPointGuard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>

using namespace surrogate;

namespace
{

volatile double zero = 0;

//- As OpenFOAM does
void trapDivisions()
{
    std::feclearexcept(FE_ALL_EXCEPT);
    feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW);
}

} // namespace

TEST(FloatingPointGuardDeathTest, withoutItADivisionByZeroEndsTheProcess)
{
    const auto body = []
    {
        trapDivisions();
        volatile double x = 1/zero;
        (void)x;
        std::exit(0);
    };
    // By the signal itself, or by a sanitiser's handler of it
    const auto diedOfIt = [](int status)
    {
        return WIFSIGNALED(status) ? WTERMSIG(status) == SIGFPE : WEXITSTATUS(status) != 0;
    };
    EXPECT_EXIT(body(), diedOfIt, "");
}

TEST(FloatingPointGuardDeathTest, underItADivisionByZeroGivesInfinityAndTrapsAreBackAfterwards)
{
    const auto body = []
    {
        trapDivisions();
        const int before = fegetexcept();
        {
            FloatingPointGuard guard;
            volatile double x = 1/zero;
            volatile double y = std::log(zero);
            if (!std::isinf(x) || !std::isinf(y) || fegetexcept() != 0) std::exit(1);
        }
        if (fegetexcept() != before || std::fetestexcept(FE_DIVBYZERO)) std::exit(2);
        std::exit(0);
    };
    EXPECT_EXIT(body(), testing::ExitedWithCode(0), "");
}
