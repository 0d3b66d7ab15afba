#pragma once

#include "core/grid.h"
#include "core/noise.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <vector>

namespace surrogate
{


constexpr double pi = 3.14159265358979323846;

inline Grid box(std::vector<int> cells, std::vector<double> lengths, bool periodic = true)
{
    Grid grid;
    grid.dimensions = int(cells.size());
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        grid.cells[axis] = cells[axis];
        grid.upper[axis] = lengths[axis];
        grid.periodic[axis] = periodic;
    }
    return grid;
}

inline std::vector<double> randomField(std::size_t n, std::uint32_t stream)
{
    std::vector<double> values(n);
    Noise(3).normal(stream, values.data(), n);
    return values;
}

//- f(x, y) at the cell centres
template<class Function>
std::vector<double> sample(const Grid& grid, Function f)
{
    std::vector<double> values(grid.nCells());
    for (int y = 0; y < grid.cells[1]; ++y)
    {
        for (int x = 0; x < grid.cells[0]; ++x)
        {
            values[grid.index(x, y)] = f(grid.lower[0] + (x + 0.5)*grid.spacing(0), grid.lower[1] + (y + 0.5)*grid.spacing(1));
        }
    }
    return values;
}

//- Signed wave numbers along each axis and |u^|^2 of each mode, by the definition's sum
struct Mode { std::array<int, 3> k; double square; };
inline std::vector<Mode> modes(const Grid& g, const std::vector<double>& u)
{
    std::vector<Mode> result;
    const auto& n = g.cells;
    const auto first = [](int length) { return -(length/2); };
    for (int kz = first(n[2]); kz < first(n[2]) + n[2]; ++kz)
    for (int ky = first(n[1]); ky < first(n[1]) + n[1]; ++ky)
    for (int kx = first(n[0]); kx < first(n[0]) + n[0]; ++kx)
    {
        std::complex<double> sum = 0;
        for (int z = 0; z < n[2]; ++z)
        for (int y = 0; y < n[1]; ++y)
        for (int x = 0; x < n[0]; ++x)
        {
            const double phase = -2*pi*(double(kx*x)/n[0] + double(ky*y)/n[1] + double(kz*z)/n[2]);
            sum += u[g.index(x, y, z)]*std::exp(std::complex<double>(0, phase));
        }
        result.push_back({{{kx, ky, kz}}, std::norm(sum/double(g.nCells()))});
    }
    return result;
}

inline const std::vector<Grid> testGrids{box({9}, {3}), box({6, 5}, {2, 2}), box({8, 4}, {4, 1}), box({4, 3, 6}, {1, 1, 2})};

} // namespace surrogate
