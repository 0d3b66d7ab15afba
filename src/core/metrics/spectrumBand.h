#pragma once

#include "core/noise.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace surrogate
{

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
