#include "core/fourierInterpolation.h"
#include "core/noise.h"
#include "core/refusal.h"

#include <cmath>

using namespace surrogate;

namespace
{

constexpr double pi = 3.14159265358979323846;

Grid periodicBox(std::vector<int> cells)
{
    Grid grid;
    grid.dimensions = int(cells.size());
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        grid.cells[axis] = cells[axis];
        grid.lower[axis] = -1 - axis;
        grid.upper[axis] = 1 + axis;
        grid.periodic[axis] = true;
    }
    return grid;
}

//- Wave numbers up to 3 along each axis, no symmetry about any centre
std::vector<double> smoothField(const Grid& grid)
{
    std::vector<double> values(grid.nCells());
    for (int z = 0; z < grid.cells[2]; ++z)
    for (int y = 0; y < grid.cells[1]; ++y)
    for (int x = 0; x < grid.cells[0]; ++x)
    {
        const auto angle = [&](int i, int axis) { return 2*pi*(i + 0.5)/grid.cells[axis]; };
        double value = 0.3 + std::sin(3*angle(x, 0) + 0.4);
        if (grid.dimensions > 1) value += 2*std::cos(2*angle(x, 0) - 3*angle(y, 1) + 1) + std::sin(angle(y, 1));
        if (grid.dimensions > 2) value *= 1 + 0.5*std::sin(3*angle(z, 2) + 0.2);
        values[grid.index(x, y, z)] = value;
    }
    return values;
}

} // namespace

TEST(FourierInterpolation, isExactForWhatBothGridsResolve)
{
    const std::vector<std::vector<int>> sizes1{{7}, {8}, {9}, {16}, {31}, {64}};
    const std::vector<std::vector<int>> sizes2{{7, 9}, {8, 8}, {16, 16}, {32, 11}, {64, 64}};
    const std::vector<std::vector<int>> sizes3{{7, 8, 9}, {8, 7, 16}};
    for (const auto& sizes : {sizes1, sizes2, sizes3})
    {
        for (const auto& a : sizes)
        {
            for (const auto& b : sizes)
            {
                const Grid from = periodicBox(a), to = periodicBox(b);
                const std::vector<double> values = smoothField(from), expected = smoothField(to);
                const std::vector<double> found = fourierInterpolate(from, values.data(), to);
                ASSERT_EQ(found.size(), expected.size());
                for (std::size_t i = 0; i < found.size(); ++i)
                {
                    ASSERT_NEAR(found[i], expected[i], 1e-12) << from.describe() << " to " << to.describe() << ", cell " << i;
                }
            }
        }
    }
}

TEST(FourierInterpolation, toAFinerGridAndBackIsTheSame)
{
    for (const int n : {8, 9})
    {
        const Grid coarse = periodicBox({n, n}), fine = periodicBox({20, 27});
        std::vector<double> values(coarse.nCells());
        Noise(2).normal(0, values.data(), values.size());   // the Nyquist wave number too
        const std::vector<double> there = fourierInterpolate(coarse, values.data(), fine);
        const std::vector<double> back = fourierInterpolate(fine, there.data(), coarse);
        for (std::size_t i = 0; i < values.size(); ++i) ASSERT_NEAR(back[i], values[i], 1e-12) << n;
    }
}

TEST(FourierInterpolation, toACoarserGridDropsWhatItCannotHold)
{
    const Grid fine = periodicBox({32}), coarse = periodicBox({8});
    std::vector<double> values(32);
    for (int i = 0; i < 32; ++i) values[i] = 2 + std::cos(2*pi*9*(i + 0.5)/32);   // 9 would alias to 1
    for (const double value : fourierInterpolate(fine, values.data(), coarse)) EXPECT_NEAR(value, 2, 1e-13);
}

TEST(FourierInterpolation, refusesAnotherBox)
{
    const Grid from = periodicBox({8, 8});
    Grid to = periodicBox({16, 16});
    const std::vector<double> values(64);
    to.upper[0] = 7;
    expectRefusal([&] { fourierInterpolate(from, values.data(), to); }, {"the same box", "8 x 8 cells", "16 x 16 cells"});
    Grid walls = periodicBox({16, 16});
    walls.periodic[1] = false;
    expectRefusal([&] { fourierInterpolate(from, values.data(), walls); }, {"periodic along every axis"});
}
