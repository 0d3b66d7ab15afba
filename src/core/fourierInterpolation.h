#pragma once

#include "core/grid.h"

#include <vector>

namespace surrogate
{

//- The values of a field (one channel, x fastest) at the cell centres of another grid on the same box, periodic along every
//  axis: the trigonometric polynomial through the values at the cell centres of `from`, without the wave numbers that `to`
//  cannot hold. Exact for what both grids resolve. Throws Error where the boxes differ or an axis is not periodic.
std::vector<double> fourierInterpolate(const Grid& from, const double* values, const Grid& to);

} // namespace surrogate
