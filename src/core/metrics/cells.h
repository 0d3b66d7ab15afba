#pragma once

#include "core/grid.h"

#include <array>
#include <cstddef>
#include <vector>

namespace surrogate
{

//- What a metric needs to know of the cells that a field lives on, of any shape. Points into arrays of the caller's.
struct Cells
{
    std::size_t count = 0;
    const double* volumes = nullptr;        //!< [m3], positive, `count` of them; null: all are equal
    const double* boundaryAreas = nullptr;  //!< area of each cell's faces on the boundary [m2], 0 inside, `count` of them. A coupled
                                            //!< patch (cyclic, processor) is no boundary. Null: there is none.
};

//- Areas of each cell's sides on those of the grid that are not periodic, as boundaryAreas; in 1-D and 2-D per unit of the
//  missing lengths. Empty where all axes are periodic.
std::vector<double> boundaryAreas(const Grid& grid);

//- Calls visit(cell, position along each axis) for all cells
template<class Visit>
void forAllCells(const Grid& grid, Visit visit)
{
    std::size_t cell = 0;
    for (int z = 0; z < grid.cells[2]; ++z)
    {
        for (int y = 0; y < grid.cells[1]; ++y)
        {
            for (int x = 0; x < grid.cells[0]; ++x) visit(cell++, std::array<int, 3>{{x, y, z}});
        }
    }
}

} // namespace surrogate
