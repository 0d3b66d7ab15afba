#include "core/metrics/spectra.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace surrogate;

TEST(Metrics, energySpectrumEqualsTheDirectSum)
{
    for (const Grid& grid : testGrids)
    {
        const std::vector<double> u = randomField(grid.nCells(), 0), v = randomField(grid.nCells(), 1);
        double longest = 0;
        for (int axis = 0; axis < grid.dimensions; ++axis) longest = std::max(longest, grid.upper[axis]);
        std::vector<double> expected(64, 0.0);
        for (const std::vector<double>& field : {u, v})
        {
            for (const Mode& mode : modes(grid, field))
            {
                double square = 0;
                for (int axis = 0; axis < grid.dimensions; ++axis) square += std::pow(mode.k[axis]*longest/grid.upper[axis], 2);
                expected[std::size_t(std::lround(std::sqrt(square)))] += 0.5*mode.square;
            }
        }
        const std::vector<double> energy = energySpectrum(grid, {u.data(), v.data()});
        ASSERT_LE(energy.size(), expected.size());
        for (std::size_t k = 0; k < expected.size(); ++k)
        {
            EXPECT_NEAR(k < energy.size() ? energy[k] : 0, expected[k], 1e-13) << grid.describe() << " shell " << k;
        }
        double square = 0;
        for (std::size_t i = 0; i < u.size(); ++i) square += u[i]*u[i] + v[i]*v[i];
        EXPECT_NEAR(std::accumulate(energy.begin(), energy.end(), 0.0), 0.5*square/double(grid.nCells()), 1e-12);
    }
}

TEST(Metrics, bsnmseEqualsTheDirectSum)
{
    for (const Grid& grid : testGrids)
    {
        const std::vector<double> truth = randomField(grid.nCells(), 0), prediction = randomField(grid.nCells(), 1);
        std::vector<double> difference = truth;
        for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= prediction[i];
        int longest = 0;
        for (int axis = 0; axis < grid.dimensions; ++axis) longest = std::max(longest, grid.cells[axis]);
        const double from = std::log10(2*pi/longest), to = std::log10(pi*std::sqrt(double(grid.dimensions)) + 1e-6);
        const std::array<double, 4> edges{{0, std::pow(10, from + (to - from)/3), std::pow(10, from + 2*(to - from)/3),
            std::pow(10, to)}};

        std::array<double, 3> error{{0, 0, 0}}, energy{{0, 0, 0}};
        const std::vector<Mode> truthModes = modes(grid, truth), differenceModes = modes(grid, difference);
        for (std::size_t i = 0; i < truthModes.size(); ++i)
        {
            double square = 0;
            for (int axis = 0; axis < grid.dimensions; ++axis)
            {
                square += std::pow(2*pi*truthModes[i].k[axis]/grid.cells[axis], 2);
            }
            for (int band = 0; band < 3; ++band)
            {
                if (std::sqrt(square) < edges[band] || std::sqrt(square) >= edges[band + 1]) continue;
                error[band] += differenceModes[i].square;
                energy[band] += truthModes[i].square;
            }
        }
        const double least = 1e-7*std::min(1.0, energy[0] + energy[1] + energy[2]);
        const auto result = bsnmse(grid, truth.data(), prediction.data());
        for (int band = 0; band < 3; ++band)
        {
            EXPECT_NEAR(result[band], error[band]/(energy[band] + least), 1e-10) << grid.describe() << " band " << band;
        }
    }
}

TEST(Metrics, spectrumDistance)
{
    const std::vector<double> a{5, 1, 10, 100, 0}, b{1, 10, 10, 1, 0};
    EXPECT_DOUBLE_EQ(spectrumDistance(a, b, 1, 3), 1);
    EXPECT_DOUBLE_EQ(spectrumDistance(a, a, 0, 4), 0);
    EXPECT_EQ(spectrumDistance({1, 0}, {1, 1}, 1, 1), std::numeric_limits<double>::infinity());
    expectRefusal([&] { spectrumDistance(a, b, 1, 5); }, {"shells from 0 to 4", "1 to 5"});
}

TEST(Metrics, frmseOfSingleWaves)
{
    // 0.3 cos(k x + phase) has two modes of 0.15: in 1-D one is counted, in shell k
    const Grid line = box({40}, {1});
    const std::vector<double> zero(40*40, 0.0);
    const auto bands = [&](const Grid& grid, int kx, int ky)
    {
        const std::vector<double> wave = sample(grid, [&](double x, double y) { return 0.3*std::cos(2*pi*(kx*x + ky*y) + 1); });
        return frmse(grid, {zero.data()}, {wave.data()});
    };
    EXPECT_NEAR(bands(line, 3, 0)[0].value(), 0.15/4, 1e-14);
    EXPECT_NEAR(bands(line, 4, 0)[0].value(), 0, 1e-14);
    EXPECT_NEAR(bands(line, 4, 0)[1].value(), 0.15/8, 1e-14);
    EXPECT_NEAR(bands(line, 15, 0)[2].value(), 0.15/9, 1e-14);   // shells 12 to 20
    // In 2-D a wave along an axis is counted as in 1-D; one across, whichever way, with half the square (PDEBench's code: all of
    // it or none, by its direction)
    const Grid square = box({40, 40}, {1, 1});
    EXPECT_NEAR(bands(square, 0, 13)[2].value(), 0.15/8, 1e-14);   // shells 12 to 19
    EXPECT_NEAR(bands(square, 5, 7)[1].value(), 0.15/std::sqrt(2.0)/8, 1e-14);
    EXPECT_NEAR(bands(square, 5, -7)[1].value(), 0.15/std::sqrt(2.0)/8, 1e-14);
    const auto small = bands(box({20, 20}, {1, 1}), 2, 2);
    EXPECT_NEAR(small[0].value(), 0.15/std::sqrt(2.0)/4, 1e-14);
    EXPECT_FALSE(small[2]);
    expectRefusal([&] { frmse(line, {zero.data()}, {}); }, {"1 and 0 components"});
}
