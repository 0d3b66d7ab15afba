#pragma once

#include <vector>

namespace surrogate
{

//- What a grid's cells know of walls and bodies. Fixed in time; both [z][y][x].
struct Geometry
{
    std::vector<double> fluid;      //!< fraction of the cell's volume that the mesh fills, 0 (solid, or outside the mesh) to 1
    std::vector<double> distance;   //!< from the cell's centre to the nearest wall [m]; negative inside bodies; see noWall

    //- Distance where there is no wall at all [m]
    static constexpr double noWall = 1e30;
};

} // namespace surrogate
