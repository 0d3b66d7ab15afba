#pragma once

#include "core/grid.h"
#include "core/noise.h"
#include "core/state.h"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace surrogate
{

// Arrays hold one channel, grid.nCells() long, x fastest. A metric of a field that has no variance is finite:
// the denominators carry an epsilon of 1e-7 where stated.

//- sqrt(<|u-v|^2>/(var(u) + 1e-7)), var unbiased. Ohana et al. 2024 (The Well).
double vrmse(const double* truth, const double* prediction, std::size_t n);

//- sqrt(<|u-v|^2>/(<u^2> + 1e-7)). Ohana et al. 2024 (The Well).
double nrmse(const double* truth, const double* prediction, std::size_t n);

//- Pearson's correlation coefficient; 0 where either array is constant
double pearson(const double* a, const double* b, std::size_t n);

//- Spectrum summed over shells of whole-number wave number round(|k|), k in units of the smallest wave number of the longest
//  axis: E[k] = sum over the shell and over channels of 0.5 |u^_k|^2, u^ normalised by the number of points. The sum over k of
//  E is the mean of 0.5 |u|^2 (Parseval). 1-D to 3-D; `channels` lists the arrays that belong together.
std::vector<double> energySpectrum(const Grid& grid, const std::vector<const double*>& channels);

//- Binned spectral normalised mean-square error in three bands (low, mid, high), energy of the truth in the denominator
//  (+ 1e-7). Edges: logspace(2 pi/max(n), pi sqrt(d) + 1e-6, 4) in radians a cell, the first set to 0. Ohana et al. 2024.
std::array<double, 3> bsnmse(const Grid& grid, const double* truth, const double* prediction);

//- Root mean square of the central-difference divergence of U (first d components at `velocity`), [1/s]; periodic axes wrap,
//  others use the one-sided difference at the ends
double divergenceNorm(const Grid& grid, const double* velocity);

//- Mean of 0.5 |U|^2 [m2/s2]
double kineticEnergy(const Grid& grid, const double* velocity);

//- Vorticity of a 2-D velocity by spectral differentiation where both axes are periodic, else by central differences, [1/s].
//  Throws Error on a grid that is not 2-D.
std::vector<double> vorticity(const Grid& grid, const double* velocity);

//- Mean of 0.5 omega^2 [1/s2]
double enstrophy(const Grid& grid, const double* velocity);

//- True while |E - mean| <= 5 stddev for every energy of the series. Jakhar et al. 2025, section 4.
bool fiveSigmaStable(const std::vector<double>& energies, double mean, double stddev);

//- Position of the first value for which that does not hold, or that is not a number; none where it holds for all
std::optional<std::size_t> firstOutsideFiveSigma(const std::vector<double>& energies, double mean, double stddev);

//- Mean of |log10(a/b)| over shells first to last; a and b from energySpectrum. Infinite where one of them is empty in a shell.
//  Throws Error where a shell is not in both.
double spectrumDistance(const std::vector<double>& a, const std::vector<double>& b, int first, int last);

//- Mean and its standard error of a correlated series: batch means over `batches` equal parts; what the last of them leave
//  over at the start is not used. Throws Error on fewer values than batches.
struct MeanAndError { double mean = 0; double stderror = 0; };
MeanAndError batchMeans(const std::vector<double>& series, int batches = 10);

//- Mean and the square root of the unbiased variance; 0 for a single value. Throws Error on an empty series.
struct MeanAndDeviation { double mean = 0; double stddev = 0; };
MeanAndDeviation meanAndDeviation(const std::vector<double>& series);

//- Standard error of a statistic of n independent parts from its values with one part left out each, x_i:
//  sqrt((n - 1)/n sum of (x_i - mean x)^2). Tukey 1958. Throws Error on fewer than two.
double jackknifeError(const std::vector<double>& leftOut);

//- Largest difference of the two samples' distribution functions, 0 to 1: the two-sample Kolmogorov-Smirnov statistic. Throws
//  Error where one is empty.
double kolmogorovSmirnov(std::vector<double> a, std::vector<double> b);

//- C[lag] = <w(x, t) w(x, t + lag)>/<w(x, t)^2>, means over space and over all pairs of snapshots that far apart, for lags from
//  0 to `lags` intervals. Throws Error where there are not more snapshots than that, or their sizes differ.
std::vector<double> autocorrelation(const std::vector<std::vector<double>>& snapshots, std::size_t lags);

//- Mean of |c - reference| over the lags from 1 up to the reference's first one below 0.1, or over all where it stays above.
//  Throws Error where c is shorter than that.
double autocorrelationError(const std::vector<double>& c, const std::vector<double>& reference);

//- Of log10 of the mean energy spectrum of a window of snapshots, by wave number
struct SpectrumBand { std::vector<double> mean, stddev; };

//- `series` lists successive spectra. The mean is that of windows of `window` spectra drawn at random, with replacement, `draws`
//  times from all of them: independent snapshots of the same flow. The deviation is theirs or, where it is larger, that of the
//  windows of successive spectra of each series, which are correlated. Throws Error where there is no spectrum.
SpectrumBand spectrumBand(const std::vector<std::vector<std::vector<double>>>& series, std::size_t window, const Noise& noise,
    std::size_t draws = 2000);

//- Position of the last of the first `window` successive spectra whose log10 mean is not within 5 standard deviations of the
//  band in a shell from `first` to `last`; none where there is no such window. Throws Error where a shell is not in both.
std::optional<std::size_t> firstOutsideBand(const std::vector<std::vector<double>>& spectra, std::size_t window,
    const SpectrumBand& band, int first, int last);

} // namespace surrogate
