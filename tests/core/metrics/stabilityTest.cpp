#include "core/metrics/stability.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

#include <limits>

using namespace surrogate;

TEST(Metrics, fiveSigmaStable)
{
    EXPECT_TRUE(fiveSigmaStable({1, 1.4, 0.6}, 1, 0.1));
    EXPECT_FALSE(fiveSigmaStable({1, 1.6}, 1, 0.1));
    EXPECT_FALSE(fiveSigmaStable({1, std::numeric_limits<double>::quiet_NaN()}, 1, 0.1));
}

TEST(Metrics, firstOutsideFiveSigma)
{
    EXPECT_FALSE(firstOutsideFiveSigma({1, 1.4, 0.6}, 1, 0.1));
    EXPECT_EQ(firstOutsideFiveSigma({1, 1.4, 0.4, 3}, 1, 0.1), 2u);
    EXPECT_EQ(firstOutsideFiveSigma({std::numeric_limits<double>::infinity()}, 1, 0.1), 0u);
}

TEST(Metrics, correlationHorizon)
{
    const std::vector<double> times{0, 1, 3, 4};
    EXPECT_DOUBLE_EQ(correlationHorizon(times, {1, 0.9, 0.7, 0.9}, 0.8).value(), 2);
    EXPECT_DOUBLE_EQ(correlationHorizon(times, {0.5, 0.9, 0.7, 0.6}, 0.8).value(), 0);
    EXPECT_FALSE(correlationHorizon(times, {1, 0.9, 0.8, 0.9}, 0.8));   // reaches it, but is not below
    EXPECT_DOUBLE_EQ(correlationHorizon(times, {1, 0.9, std::numeric_limits<double>::quiet_NaN(), 0}, 0.8).value(), 3);
    EXPECT_FALSE(correlationHorizon({}, {}, 0.8));
    expectRefusal([&] { correlationHorizon(times, {1}, 0.8); }, {"differ in number", "4 values", "1"});
}
