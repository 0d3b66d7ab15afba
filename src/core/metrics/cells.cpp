#include "core/metrics/cells.h"

#include <algorithm>

namespace surrogate
{

std::vector<double> boundaryAreas(const Grid& grid)
{
    if (std::all_of(grid.periodic.begin(), grid.periodic.begin() + grid.dimensions, [](bool p) { return p; })) return {};
    std::array<double, 3> area{{1, 1, 1}};
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        for (int other = 0; other < grid.dimensions; ++other) area[axis] *= other == axis ? 1 : grid.spacing(other);
    }
    std::vector<double> areas(grid.nCells(), 0.0);
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
    {
        for (int axis = 0; axis < grid.dimensions; ++axis)
        {
            if (grid.periodic[axis]) continue;
            areas[cell] += area[axis]*((i[axis] == 0) + (i[axis] == grid.cells[axis] - 1));
        }
    });
    return areas;
}

} // namespace surrogate
