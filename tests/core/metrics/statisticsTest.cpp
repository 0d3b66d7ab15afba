#include "core/metrics/statistics.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

using namespace surrogate;

TEST(Metrics, batchMeansOfACorrelatedSeries)
{
    // x_i = 0.9 x_(i-1) + noise: the standard error of its mean is (1/(1 - 0.9))/sqrt(n) for large n
    const std::size_t n = 100000;
    std::vector<double> series(n);
    double x = 0;
    for (std::size_t i = 0; i < n; ++i) series[i] = 2 + (x = 0.9*x + Noise(1).normal(0, i));
    const MeanAndError result = batchMeans(series, 50);
    const double expected = 10/std::sqrt(double(n));
    EXPECT_NEAR(result.mean, 2, 4*expected);
    EXPECT_NEAR(result.stderror, expected, 0.4*expected);

    const MeanAndError small = batchMeans({9, 1, 3, 5, 7}, 2);   // the first value is left over
    EXPECT_DOUBLE_EQ(small.mean, 4);
    EXPECT_DOUBLE_EQ(small.stderror, 2);
    expectRefusal([] { batchMeans({1, 2, 3}, 10); }, {"Too short", "3 values in 10 batches"});
}

TEST(Metrics, meanAndDeviation)
{
    const MeanAndDeviation result = meanAndDeviation({1, 2, 6});
    EXPECT_DOUBLE_EQ(result.mean, 3);
    EXPECT_DOUBLE_EQ(result.stddev, std::sqrt(14/2.0));
    EXPECT_EQ(meanAndDeviation({4}).stddev, 0);
    expectRefusal([] { meanAndDeviation({}); }, {"Too short", "one or more", "0 values"});
}

// Of the mean the jackknife gives the usual standard error
TEST(Metrics, jackknifeErrorOfAMean)
{
    const std::vector<double> x{1, 2, 6, 3};
    std::vector<double> leftOut;
    for (const double value : x) leftOut.push_back((12 - value)/3);
    EXPECT_NEAR(jackknifeError(leftOut), meanAndDeviation(x).stddev/2, 1e-14);
    expectRefusal([] { jackknifeError({1}); }, {"two or more parts", "1 values"});
}

TEST(Metrics, kolmogorovSmirnov)
{
    EXPECT_EQ(kolmogorovSmirnov({1, 2, 3}, {3, 1, 2}), 0);
    EXPECT_EQ(kolmogorovSmirnov({1, 2, 3}, {4, 5}), 1);
    EXPECT_DOUBLE_EQ(kolmogorovSmirnov({1, 2, 3, 4}, {2.5, 3.5}), 0.5);
    EXPECT_DOUBLE_EQ(kolmogorovSmirnov({1, 1, 1, 2}, {1, 2}), 0.25);   // ties
    // Uniform on 0..1 and on 0..2: the distribution functions differ most at 1, by a half
    std::vector<double> a, b;
    for (std::uint64_t i = 0; i < 20000; ++i)
    {
        a.push_back(Noise(1).uniform(0, i));
        b.push_back(2*Noise(1).uniform(1, i));
    }
    EXPECT_NEAR(kolmogorovSmirnov(a, b), 0.5, 0.02);
    expectRefusal([] { kolmogorovSmirnov({}, {1}); }, {"distributions", "0 values"});
}

TEST(Metrics, differOnlyBeyondTwoCombinedErrors)
{
    EXPECT_FALSE(differ({1, 0.3}, {2, 0.4}));     // combined 0.5
    EXPECT_TRUE(differ({1, 0.3}, {2.01, 0.4}));
    EXPECT_TRUE(differ({2.01, 0.3}, {1, 0.4}));
    EXPECT_FALSE(differ({1, 0}, {1, 0}));
}

TEST(Metrics, driftOfALine)
{
    std::vector<double> times, series;
    for (int i = 0; i < 25; ++i)
    {
        times.push_back(3 + 0.2*i);
        series.push_back(7 - 1.5*times.back());
    }
    const Drift line = drift(times, series);
    EXPECT_NEAR(line.slope, -1.5, 1e-13);
    EXPECT_NEAR(line.stderror, 0, 1e-13);
    expectRefusal([&] { drift({1, 2}, {1, 2}); }, {"drift", "2 values", "10 parts"});
    expectRefusal([&] { drift(times, series, 2); }, {"3 or more parts"});
}

// The standard error is the scatter of the slope of many series with correlated noise: a white-noise formula would give a quarter
TEST(Metrics, driftsErrorIsTheScatterOfSlopes)
{
    const std::size_t n = 2000, series = 200;
    std::vector<double> times(n), slopes, errors;
    for (std::size_t i = 0; i < n; ++i) times[i] = double(i)/double(n);
    for (std::size_t s = 0; s < series; ++s)
    {
        std::vector<double> values(n);
        double x = 0;
        for (std::size_t i = 0; i < n; ++i) values[i] = 2*times[i] + (x = 0.9*x + Noise(5).normal(std::uint32_t(s), i));
        const Drift result = drift(times, values, 20);
        slopes.push_back(result.slope);
        errors.push_back(result.stderror);
    }
    const MeanAndDeviation slope = meanAndDeviation(slopes);
    EXPECT_NEAR(slope.mean, 2, 4*slope.stddev/std::sqrt(double(series)));
    EXPECT_NEAR(meanAndDeviation(errors).mean, slope.stddev, 0.2*slope.stddev);
}
