#include "core/error.h"
#include "model/torch/diffusion/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace surrogate
{
namespace
{

// Values of the published cosine schedule with offset 0.008
TEST(Schedule, cosineHasThePublishedNoise)
{
    struct Value
    {
        int levels;
        int level;
        double sigma;
        double tolerance;
    };
    const std::vector<Value> values
    {
        {1000, 0, 0.0064, 5e-5}, {1000, 1, 0.0094, 5e-5}, {1000, 2, 0.0118, 5e-5}, {1000, 5, 0.0179, 5e-5},
        {1000, 10, 0.0269, 5e-5}, {1000, 15, 0.035, 5e-4}, {1000, 20, 0.043, 5e-4}, {1000, 50, 0.091, 5e-4},
        {1000, 100, 0.169, 5e-4}, {1000, 500, 0.71, 5e-3}, {100, 0, 0.0251, 5e-5}, {100, 1, 0.0418, 5e-5},
        {100, 2, 0.058, 5e-4}, {100, 5, 0.105, 5e-4}, {100, 10, 0.182, 5e-4}, {100, 20, 0.333, 5e-4},
        {100, 50, 0.722, 5e-4}, {200, 0, 0.016, 5e-4}, {200, 1, 0.025, 5e-4}, {200, 5, 0.058, 5e-4}, {200, 10, 0.097, 5e-4},
    };
    for (const Value& value : values)
    {
        EXPECT_NEAR(Schedule::make("cosine", value.levels).sigma(value.level), value.sigma, value.tolerance)
            << "level " << value.level << " of " << value.levels;
    }
    EXPECT_EQ(Schedule::make("cosine", 1000).beta(999), 0.999);
}

// 20 levels, as ACDM has: beta from 0.0025 to 0.5
TEST(Schedule, linearIsScaledWithTheNumberOfLevels)
{
    const Schedule schedule = Schedule::make("linear", 20);
    EXPECT_DOUBLE_EQ(schedule.beta(0), 1e-4*25);
    EXPECT_DOUBLE_EQ(schedule.beta(19), 2e-2*25);
    EXPECT_DOUBLE_EQ(Schedule::make("linear", 1000).beta(0), 1e-4);   // clipped from 0.5e-4
    EXPECT_DOUBLE_EQ(Schedule::make("linear", 5).beta(4), 0.9999);
}

// PDE-Refiner with 3 refinements: standard deviations 6.3e-4, 7.4e-3, 8.6e-2, 1
TEST(Schedule, exponentialIsPdeRefiners)
{
    const Schedule schedule = Schedule::make("exponential", 4);
    EXPECT_NEAR(schedule.sigma(0), 6.3e-4, 5e-6);
    EXPECT_NEAR(schedule.sigma(1), 7.4e-3, 5e-5);
    EXPECT_NEAR(schedule.sigma(2), 8.6e-2, 5e-4);
    EXPECT_NEAR(schedule.sigma(3), 1.0, 1e-4);
    EXPECT_NEAR(Schedule::make("exponential", 4, 1e-6).sigma(0), 1e-3, 1e-15);
}

TEST(Schedule, isMonotoneContinuousAndInvertible)
{
    for (const std::string& name : Schedule::names())
    {
        for (const int levels : {2, 4, 100, 1000})
        {
            const Schedule schedule = Schedule::make(name, levels);
            double before = std::numeric_limits<double>::infinity();
            for (int k = 0; k <= 8*levels; ++k)
            {
                const double level = -1 + 0.125*k;
                EXPECT_NEAR(schedule.alphaBar(level) + schedule.sigma(level)*schedule.sigma(level), 1, 1e-14);
                EXPECT_NEAR(schedule.rho(level)*schedule.alpha(level), schedule.sigma(level), 1e-14);
                if (k > 0)
                {
                    const double lambda = schedule.lambda(level);
                    EXPECT_LT(lambda, before) << name << ' ' << levels << " level " << level;
                    EXPECT_NEAR(schedule.levelAtLambda(lambda), level, 1e-8*levels) << name << ' ' << levels;
                    if (level < levels - 1) EXPECT_NEAR(schedule.lambda(level + 1e-13), lambda, 1e-5);
                    before = lambda;
                }
            }
            for (int k = 0; k < levels; ++k)
            {
                EXPECT_NEAR(schedule.beta(k), 1 - schedule.alphaBar(k)/schedule.alphaBar(k - 1), 1e-12);
            }
        }
    }
}

TEST(Schedule, endsInTheCleanState)
{
    const Schedule schedule = Schedule::make("cosine", 100);
    EXPECT_EQ(schedule.alphaBar(-1), 1);
    EXPECT_EQ(schedule.sigma(-1), 0);
    EXPECT_EQ(schedule.rho(-1), 0);
    EXPECT_EQ(schedule.lambda(-1), std::numeric_limits<double>::infinity());
    EXPECT_EQ(schedule.levelAtLambda(std::numeric_limits<double>::infinity()), -1);
    EXPECT_EQ(schedule.levelAtLambda(-50), 99);
    EXPECT_NEAR(std::pow(schedule.sigma(-0.75)/schedule.sigma(0), 2), 0.25, 1e-12);
}

TEST(Schedule, refusesWhatIsNone)
{
    try
    {
        Schedule::make("cubic", 10);
        FAIL() << "accepted";
    }
    catch (const Error& error)
    {
        EXPECT_EQ(error.report().found, "cubic");
        EXPECT_EQ(error.report().choices, (std::vector<std::string>{"cosine", "exponential", "linear"}));
    }
    EXPECT_THROW(Schedule::make("cosine", 0), Error);
    EXPECT_THROW(Schedule::make("exponential", 1), Error);
    EXPECT_THROW(Schedule::make("exponential", 4, 0), Error);
    EXPECT_THROW(Schedule::make("cosine", 10).beta(10), Error);
}

} // namespace
} // namespace surrogate
