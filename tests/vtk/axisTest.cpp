#include "vtk/axis.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace surrogate;

namespace
{

std::vector<std::string> labels(const Axis& axis, int count)
{
    std::vector<std::string> all;
    for (const Axis::Tick& tick : axis.ticks(count))
    {
        if (!tick.label.empty()) all.push_back(tick.label + (tick.exponent.empty() ? "" : "^" + tick.exponent));
    }
    return all;
}

using Labels = std::vector<std::string>;

} // namespace

TEST(Axis, linearTicksAreRound)
{
    EXPECT_EQ(labels({0, 6, false}, 6), (Labels{"0", "1", "2", "3", "4", "5", "6"}));
    EXPECT_EQ(labels({-10, 10, false}, 6), (Labels{"-10", "-5", "0", "5", "10"}));
    EXPECT_EQ(labels({0.62, 1.01, false}, 4), (Labels{"0.7", "0.8", "0.9", "1"}));
    EXPECT_EQ(labels({0, 0.3, false}, 3), (Labels{"0", "0.1", "0.2", "0.3"}));
}

TEST(Axis, logarithmicTicksArePowersOfTenOrPlainNumbers)
{
    EXPECT_EQ(labels({1, 32, true}, 10), (Labels{"1", "2", "5", "10", "20"}));
    EXPECT_EQ(labels({1e-6, 1, true}, 10), (Labels{"10^-6", "10^-5", "10^-4", "10^-3", "10^-2", "10^-1", "10^0"}));
    EXPECT_EQ(labels({1e-6, 1, true}, 3), (Labels{"10^-6", "10^-4", "10^-2", "10^0"}));
}

TEST(Axis, fractions)
{
    EXPECT_DOUBLE_EQ((Axis{2, 4, false}.fraction(2.5)), 0.25);
    EXPECT_DOUBLE_EQ((Axis{1, 100, true}.fraction(10)), 0.5);
    EXPECT_TRUE(std::isnan(Axis{1, 100, true}.fraction(0)));
    EXPECT_TRUE(std::isnan(Axis{1, 100, true}.fraction(-1)));
}
