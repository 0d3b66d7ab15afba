#include "core/metrics/latticePeaks.h"

#include "core/error.h"
#include "core/metrics/cells.h"
#include "core/metrics/gridTransform.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

using Position = std::array<int, 3>;

void check(const Grid& grid, int patch)
{
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        const int cells = grid.cells[axis];
        if (patch > 1 && cells%patch == 0 && cells/patch >= 3) continue;
        throw Error({"A lattice's peaks cannot be told from what is beside them", "metrics, axis " + std::to_string(axis),
            "cells that are a multiple of the patch of 2 or more, three times or more",
            std::to_string(cells) + " cells, patch " + std::to_string(patch), {}});
    }
}

bool ofLattice(const Grid& grid, const Position& k, int patch)
{
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        if (k[axis]%(grid.cells[axis]/patch) != 0) return false;
    }
    return true;
}

//- Mean power beside k, without the lattice's
double beside(const Grid& grid, const std::vector<double>& power, const Position& k, int patch)
{
    double sum = 0;
    int n = 0;
    const auto reach = [&](int axis) { return axis < grid.dimensions ? 1 : 0; };
    for (int z = -reach(2); z <= reach(2); ++z)
    {
        for (int y = -reach(1); y <= reach(1); ++y)
        {
            for (int x = -reach(0); x <= reach(0); ++x)
            {
                const auto at = [&](int axis, int shift) { return (k[axis] + shift + grid.cells[axis])%grid.cells[axis]; };
                const Position neighbour{{at(0, x), at(1, y), at(2, z)}};
                if (ofLattice(grid, neighbour, patch)) continue;
                sum += power[grid.index(neighbour[0], neighbour[1], neighbour[2])];
                ++n;
            }
        }
    }
    return sum/n;
}

} // namespace

void addPower(const Grid& grid, const double* values, std::vector<double>& power)
{
    power.resize(grid.nCells(), 0);
    const auto hat = gridTransform(grid, values);
    for (std::size_t i = 0; i < hat.size(); ++i) power[i] += std::norm(hat[i]);
}

double latticePeakHeight(const Grid& grid, const std::vector<double>& power, int patch)
{
    check(grid, patch);
    double sum = 0;
    long n = 0;
    bool none = true;
    forAllCells(grid, [&](std::size_t i, const Position& k)
    {
        if (i == 0 || !ofLattice(grid, k, patch)) return;
        const double around = beside(grid, power, k, patch);
        if (!(power[i] > 0 && around > 0)) return;
        none = false;
        sum += std::log(power[i]/around);
        ++n;
    });
    return none ? 0 : std::exp(sum/double(n));
}

std::vector<double> powerAlongAxes(const Grid& grid, const std::vector<double>& power)
{
    int fewest = grid.cells[0];
    for (int axis = 1; axis < grid.dimensions; ++axis) fewest = std::min(fewest, grid.cells[axis]);
    std::vector<double> result(std::size_t(fewest/2 + 1), 0);
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        for (std::size_t k = 0; k < result.size(); ++k)
        {
            for (const int sign : {1, -1})
            {
                Position position{{0, 0, 0}};
                position[axis] = (sign*int(k) + grid.cells[axis])%grid.cells[axis];
                result[k] += power[grid.index(position[0], position[1], position[2])]/(2.0*grid.dimensions);
            }
        }
    }
    return result;
}

} // namespace surrogate
