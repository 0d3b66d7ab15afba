#pragma once

#include "core/grid.h"

#include <vector>

namespace surrogate
{

// Of a velocity on a grid: its first d components one after the other at `velocity`, grid.nCells() values each, x fastest

//- Root mean square of the central-difference divergence of U, [1/s]; periodic axes wrap, others use the one-sided difference
//  at the ends
double divergenceNorm(const Grid& grid, const double* velocity);

//- Mean of 0.5 |U|^2 [m2/s2]
double kineticEnergy(const Grid& grid, const double* velocity);

//- Vorticity [1/s]: one component in 2-D; three, one after the other, in 3-D. By spectral differentiation where all axes are
//  periodic, else by central differences as in divergenceNorm. Throws Error on a grid in 1-D.
std::vector<double> vorticity(const Grid& grid, const double* velocity);

//- In 2-D, periodic in x and y, the velocity [m/s] without divergence and mean that has this vorticity, one value a cell: both
//  components, one after the other. Waves of two cells, which have no derivative on the grid, are left out.
std::vector<double> velocityOfVorticity(const Grid& grid, const double* vorticity);

//- Mean of 0.5 |omega|^2 [1/s2]. Throws Error on a grid in 1-D.
double enstrophy(const Grid& grid, const double* velocity);

//- Mean over x (in 3-D over x and z) of one channel for every row y: grid.cells[1] values. Jakhar et al. 2025.
std::vector<double> zonalMean(const Grid& grid, const double* values);

} // namespace surrogate
