#include "core/metrics/autocorrelation.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

using namespace surrogate;

// A wave that travels keeps its shape: C = cos(omega lag)
TEST(Metrics, autocorrelationOfATravellingWave)
{
    const Grid grid = box({16, 4}, {2*pi, 1});
    std::vector<std::vector<double>> snapshots;
    for (int t = 0; t < 30; ++t)
    {
        snapshots.push_back(sample(grid, [t](double x, double) { return 3*std::sin(x - 0.2*t); }));
    }
    const std::vector<double> c = autocorrelation(snapshots, 12);
    ASSERT_EQ(c.size(), 13u);
    for (int lag = 0; lag <= 12; ++lag) EXPECT_NEAR(c[lag], std::cos(0.2*lag), 1e-13) << lag;
    expectRefusal([&] { autocorrelation(snapshots, 30); }, {"autocorrelation", "more than 30", "30 values"});
    snapshots.back().pop_back();
    expectRefusal([&] { autocorrelation(snapshots, 3); }, {"different size", "64 values", "63"});
}

TEST(Metrics, autocorrelationErrorCountsUntilTheReferenceIsLow)
{
    const std::vector<double> reference{1, 0.5, 0.3, 0.05, 0.9};
    EXPECT_NEAR(autocorrelationError({1, 0.6, 0.1, 0.05, 7}, reference), 0.1, 1e-14);
    EXPECT_NEAR(autocorrelationError({1, 0.6}, {1, 0.5}), 0.1, 1e-14);
    expectRefusal([&] { autocorrelationError({1, 0.5}, reference); }, {"Too short", "more than 3", "2 values"});
}

TEST(Metrics, autocorrelationOfSnapshotsOneByOne)
{
    std::vector<std::vector<double>> snapshots;
    for (std::uint32_t t = 0; t < 9; ++t) snapshots.push_back(randomField(7, t));
    Autocorrelation stream(3);
    for (std::size_t t = 0; t < 3; ++t) stream.add(snapshots[t]);
    expectRefusal([&] { stream.values(); }, {"autocorrelation", "more than 3", "3 values"});
    for (std::size_t t = 3; t < 9; ++t) stream.add(snapshots[t]);
    EXPECT_EQ(stream.count(), 9u);
    const std::vector<double> c = stream.values();
    ASSERT_EQ(c.size(), 4u);
    for (std::size_t lag = 0; lag < 4; ++lag)
    {
        double sum = 0, square = 0;
        for (std::size_t t = 0; t < 9; ++t)
        {
            for (std::size_t i = 0; i < 7; ++i)
            {
                square += snapshots[t][i]*snapshots[t][i]/9;
                if (t + lag < 9) sum += snapshots[t][i]*snapshots[t + lag][i]/double(9 - lag);
            }
        }
        EXPECT_NEAR(c[lag], sum/square, 1e-13);
    }
}
