#pragma once

#include "core/grid.h"

#include <array>
#include <optional>
#include <vector>

namespace surrogate
{

// Of fields on a uniform grid in 1-D to 3-D, of any number of cells. A channel is grid.nCells() long, x fastest; the field is
// taken as periodic. u^ is the transform normalised by the number of points.

//- Spectrum summed over shells of whole-number wave number round(|k|), k in units of the smallest wave number of the longest
//  axis: E[k] = sum over the shell and over channels of 0.5 |u^_k|^2. The sum over k of E is the mean of 0.5 |u|^2 (Parseval).
//  `channels` lists the arrays that belong together.
std::vector<double> energySpectrum(const Grid& grid, const std::vector<const double*>& channels);

//- Mean of |log10(a/b)| over shells first to last; a and b from energySpectrum. Infinite where one of them is empty in a shell.
//  Throws Error where a shell is not in both.
double spectrumDistance(const std::vector<double>& a, const std::vector<double>& b, int first, int last);

//- Binned spectral normalised mean-square error in three bands (low, mid, high): sum over the band and the components of
//  |(u-v)^|^2 by that of |u^|^2 + leastDenominator(<|u|^2>), u the truth. Edges: logspace(2 pi/max(n), pi sqrt(d) + 1e-6, 4) in
//  radians a cell, the first set to 0. Ohana et al. 2024.
std::array<double, 3> bsnmse(const Grid& grid, const std::vector<const double*>& truth,
    const std::vector<const double*>& prediction);
std::array<double, 3> bsnmse(const Grid& grid, const double* truth, const double* prediction);

//- PDEBench's fRMSE in its bands of whole-number shells k = floor(|k|): low 0 to 3, mid 4 to 11, high from 12. k counts waves
//  along each axis. F_k = sqrt(sum over the shell and the components of |(u-v)^|^2); the result is the mean of F_k over the
//  band's shells. As in PDEBench's code (Takamoto et al. 2022), modes with 0 <= k_i < floor(n_i/2) enter and shells below
//  min(floor(n_i/2)), in 1-D up to floor(n/2) inclusive; each mode counts with the mean over the signs of its k_i, where that
//  code takes the positive ones alone: the value does not change when the field is mirrored. None in a band without shells.
//  The field's units.
std::array<std::optional<double>, 3> frmse(const Grid& grid, const std::vector<const double*>& truth,
    const std::vector<const double*>& prediction);

} // namespace surrogate
