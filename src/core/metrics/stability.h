#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace surrogate
{

//- True while |E - mean| <= 5 stddev for every energy of the series. Jakhar et al. 2025, section 4.
bool fiveSigmaStable(const std::vector<double>& energies, double mean, double stddev);

//- Position of the first value for which that does not hold, or that is not a number; none where it holds for all
std::optional<std::size_t> firstOutsideFiveSigma(const std::vector<double>& energies, double mean, double stddev);

//- First time at which the correlation with the truth falls below alpha: by linear interpolation between the two snapshots, the
//  first time where it starts below, the snapshot's own time where that is not a number; none where it never does. Times in
//  ascending order. Throws Error where the two series differ in length.
std::optional<double> correlationHorizon(const std::vector<double>& times, const std::vector<double>& correlations, double alpha);

} // namespace surrogate
