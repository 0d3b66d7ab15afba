#include "core/metrics/oscillation.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

using namespace surrogate;

namespace
{

std::vector<double> seriesOf(const std::vector<double>& times, double frequency, double amplitude, double noise = 0)
{
    std::vector<double> values;
    for (const double t : times)
    {
        values.push_back(3 + amplitude*std::sin(2*pi*frequency*t + 0.3) + noise*Noise(4).normal(0, values.size()));
    }
    return values;
}

} // namespace

// Far closer than the 1/duration = 0.1 of a spectrum's bins, also at times that are not equally spaced
TEST(Metrics, dominantOscillationOfASine)
{
    std::vector<double> even, uneven;
    for (int i = 0; i <= 500; ++i)
    {
        even.push_back(0.02*i);
        uneven.push_back(0.02*(i + 0.3*std::sin(double(i))));
    }
    for (const std::vector<double>& times : {even, uneven})
    {
        const auto result = dominantOscillation(times, seriesOf(times, 1.234, 0.7));
        ASSERT_TRUE(result);
        EXPECT_NEAR(result->frequency, 1.234, 2e-3);
        EXPECT_LT(result->frequencyError, 5e-3);
        EXPECT_GT(result->frequencyError, 0);
        EXPECT_NEAR(result->amplitude, 0.7, 1e-3);
        EXPECT_EQ(result->periods, 11u);
    }
}

TEST(Metrics, noiseMakesNoPeriodsAndAnError)
{
    std::vector<double> times;
    for (int i = 0; i <= 4000; ++i) times.push_back(0.01*i);
    const auto result = dominantOscillation(times, seriesOf(times, 1.234, 1, 0.1));
    ASSERT_TRUE(result);
    EXPECT_GE(result->periods, 48u);
    EXPECT_LE(result->periods, 49u);
    EXPECT_GT(result->frequencyError, 1e-4);
    EXPECT_NEAR(result->frequency, 1.234, 4*result->frequencyError);
}

// As of a force after each jump of a model: across the mean and back, but not from one side to the other
TEST(Metrics, shortPeaksAcrossTheMeanMakeNoPeriods)
{
    std::vector<double> times;
    for (int i = 0; i <= 4000; ++i) times.push_back(0.01*i);
    std::vector<double> series = seriesOf(times, 0.2, 1);
    for (std::size_t i = 0; i < series.size(); i += 130)
    {
        if (series[i] < 2.9) series[i] = 3.2;
    }
    const auto result = dominantOscillation(times, series);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->periods, 6u);
    EXPECT_NEAR(result->frequency, 0.2, 0.003);
}

TEST(Metrics, noOscillationInAConstantOrInASinglePeriod)
{
    const std::vector<double> times{0, 1, 2, 3, 4, 5, 6};
    EXPECT_FALSE(dominantOscillation(times, std::vector<double>(7, 2.0)));
    EXPECT_FALSE(dominantOscillation(times, {0, 1, 0, -1, 0, 1, 0}));
    EXPECT_FALSE(dominantOscillation({}, {}));
    expectRefusal([&] { dominantOscillation(times, {1}); }, {"differ in number", "7 values"});
}
