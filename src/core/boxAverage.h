#pragma once

#include "core/state.h"

#include <string>

namespace surrogate
{

//- The grid with `factor` cells in one along each axis. Throws Error, naming `where`, unless factor is 1 or more and divides the
//  cells of every axis.
Grid coarsened(const Grid& grid, int factor, const std::string& where);

//- The state on coarsened(state.grid, factor): the mean over the cells that lie in each coarse one, which a finite-volume
//  method on the coarse mesh would take for its own values. With a geometry it is the mean over their fluid, 0 where there is
//  none, and the result has the coarsened geometry. Throws Error as coarsened() does.
State boxAverage(const State& state, int factor, const std::string& where);

//- The geometry of a grid on coarsened(grid, factor): means, so that distances are exact for plane walls. Null for null.
std::shared_ptr<const Geometry> coarsened(const std::shared_ptr<const Geometry>& geometry, const Grid& grid, int factor,
    const std::string& where);

} // namespace surrogate
