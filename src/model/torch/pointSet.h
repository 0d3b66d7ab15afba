#pragma once

#include "core/geometry.h"
#include "core/grid.h"

namespace surrogate
{

//- What a network for points knows of a mesh
struct PointSet
{
    Grid grid;          //!< of points
    CellPoints cells;
};

} // namespace surrogate
