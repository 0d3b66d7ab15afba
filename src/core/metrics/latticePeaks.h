#pragma once

#include "core/grid.h"

#include <vector>

namespace surrogate
{

// The trace of a lattice, such as that of a network's patches, in the power of a field (an error, say) on a periodic grid in 1-D to
// 3-D. The lattice's points are `patch` cells apart along each axis, so that its wave vectors are the multiples of cells/patch
// waves along each axis. The functions throw Error where an axis' cells are not a multiple of the patch, or fewer than three times
// as many: peaks need neighbours.

//- |u^|^2 of each wave vector, u^ normalised by the number of points; ordered as fft.h does, x fastest. Adds to `power`, which is empty
//  or grid.nCells() long.
void addPower(const Grid& grid, const double* values, std::vector<double>& power);

//- How far the lattice's wave vectors stand out: geometric mean, over those but 0, of their power by the mean power of the wave
//  vectors beside them (along each axis one wave more, less or none) that are not the lattice's. 1: there are no peaks; 0 where there
//  is no power at all.
double latticePeakHeight(const Grid& grid, const std::vector<double>& power, int patch);

//- Power along the axes: of waves along one axis alone, k = 0, 1, .. of the fewest cells' half, the mean over the axes and over both
//  signs
std::vector<double> powerAlongAxes(const Grid& grid, const std::vector<double>& power);

} // namespace surrogate
