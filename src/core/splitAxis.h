#pragma once

#include "core/state.h"

#include <vector>

namespace surrogate
{

//- The states on the slices across an axis of the grid, one for each of its cells, on the grid of the other axes: where the
//  slices are solutions of their own, such as the lines of dispersiveWaveFoam. The geometry goes with them. Throws Error,
//  naming `where`, unless the grid has that axis and another one, and all fields are scalars.
std::vector<State> splitAxis(const State& state, int axis, const std::string& where);

//- The grid of the other axes; throws Error as above
Grid withoutAxis(const Grid& grid, int axis, const std::string& where);

} // namespace surrogate
