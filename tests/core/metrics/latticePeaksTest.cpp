#include "core/metrics/latticePeaks.h"
#include "core/noise.h"
#include "core/refusal.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace surrogate;

namespace
{

constexpr double pi = 3.14159265358979323846;

Grid box(int cells)
{
    Grid grid;
    grid.dimensions = 2;
    grid.cells = {{cells, cells, 1}};
    grid.upper = {{1, 1, 1}};
    grid.periodic = {{true, true, false}};
    return grid;
}

//- Power of white noise of standard deviation 1, mean of several draws, with a pattern that repeats every 8 cells along x added
std::vector<double> noisePower(const Grid& grid, double pattern)
{
    std::vector<double> power;
    for (std::uint32_t draw = 0; draw < 40; ++draw)
    {
        std::vector<double> field(grid.nCells());
        Noise(7, draw).ofMember(0).normal(0, field.data(), field.size());
        for (std::size_t i = 0; i < field.size(); ++i) field[i] += pattern*(i%8 == 0 ? 1 : 0);
        addPower(grid, field.data(), power);
    }
    return power;
}

} // namespace

TEST(LatticePeaks, powerIsThatOfWaves)
{
    const Grid grid = box(16);
    std::vector<double> field(grid.nCells()), power;
    for (std::size_t i = 0; i < field.size(); ++i) field[i] = 2*std::cos(2*pi*3*double(i%16)/16);
    addPower(grid, field.data(), power);
    EXPECT_NEAR(power[grid.index(3, 0)], 1, 1e-12);
    EXPECT_NEAR(power[grid.index(13, 0)], 1, 1e-12);
    addPower(grid, field.data(), power);
    EXPECT_NEAR(power[grid.index(3, 0)], 2, 1e-12);

    const std::vector<double> along = powerAlongAxes(grid, power);
    ASSERT_EQ(along.size(), 9u);
    EXPECT_NEAR(along[3], 1, 1e-12);     // 2 along x with both signs, none along y
    EXPECT_NEAR(along[2], 0, 1e-12);
}

TEST(LatticePeaks, noiseHasNone)
{
    const Grid grid = box(32);
    EXPECT_NEAR(latticePeakHeight(grid, noisePower(grid, 0), 8), 1, 0.1);
}

// A comb of height h every 8 cells along x has the power (h/8)^2 in each of the waves along x of its lattice; noise has 1/cells. Of the
// 63 waves of the lattice on 32 x 32 cells that count, 7 are along x
TEST(LatticePeaks, aPatternStandsOut)
{
    const Grid grid = box(32);
    const double h = 1, ratio = 1 + h*h/64*double(grid.nCells());
    EXPECT_NEAR(latticePeakHeight(grid, noisePower(grid, h), 8), std::pow(ratio, 7.0/63), 0.1*std::pow(ratio, 7.0/63));
}

TEST(LatticePeaks, refusesWhatHasNoNeighbours)
{
    const Grid grid = box(32);
    const std::vector<double> power(grid.nCells(), 1);
    expectRefusal([&] { latticePeakHeight(grid, power, 12); }, {"32 cells, patch 12"});
    expectRefusal([&] { latticePeakHeight(grid, power, 16); }, {"three times"});
}
