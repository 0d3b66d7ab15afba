#pragma once

#include "core/grid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- The cells of a mesh as points, for a Grid of points; fixed in time. In the directions of the grid's axes alone.
struct CellPoints
{
    std::vector<double> centres;             //!< [cell][axis], [m]
    std::vector<double> volumes;             //!< [m^dimensions]: of a 2-D mesh areas, so that its thickness does not matter
    std::vector<std::uint8_t> boundaries;    //!< what each cell touches: bit k is set where it is kinds()[k]

    //- Kinds of boundary
    static const std::vector<std::string>& kinds();

    //- The middle one of the cells' sizes, volume^(1/dimensions) [m]
    double medianSize(const Grid& grid) const;

    //- Throws Error, naming `where`, unless there is one of each a point of the grid, centres are finite and volumes above 0
    void check(const Grid& grid, const std::string& where) const;
};

//- What a grid's cells know of walls and bodies. Fixed in time; all [z][y][x].
struct Geometry
{
    std::vector<double> fluid;      //!< fraction of the cell's volume that the mesh fills, 0 (solid, or outside the mesh) to 1
    std::vector<double> distance;   //!< from the cell's centre to the nearest wall [m]; negative inside bodies; see noWall

    std::optional<CellPoints> points{};   //!< of a grid of points, and of no other

    //- Distance where there is no wall at all [m]
    static constexpr double noWall = 1e30;
};

//- How far two geometries of one grid are apart: the largest difference of fractions, of distances in cells (those of points: of
//  the median size) and of the places of points, in cells, of their volumes, relative; infinite where one alone is there, or points
//  touch other boundaries
double difference(const Geometry* a, const Geometry* b, const Grid& grid);

} // namespace surrogate
