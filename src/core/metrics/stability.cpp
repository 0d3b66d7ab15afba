#include "core/metrics/stability.h"
#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace surrogate
{

namespace
{

constexpr double sigmas = 5;

} // namespace

bool fiveSigmaStable(const std::vector<double>& energies, double mean, double stddev)
{
    return !firstOutsideFiveSigma(energies, mean, stddev);
}

std::optional<std::size_t> firstOutsideFiveSigma(const std::vector<double>& energies, double mean, double stddev)
{
    const auto first = std::find_if(energies.begin(), energies.end(), [&](double e)
    {
        return !(std::abs(e - mean) <= sigmas*stddev);
    });
    if (first == energies.end()) return {};
    return std::size_t(first - energies.begin());
}

std::optional<double> correlationHorizon(const std::vector<double>& times, const std::vector<double>& correlations, double alpha)
{
    if (times.size() != correlations.size())
    {
        throw Error({"Times and correlations differ in number", "metrics", std::to_string(times.size()) + " values",
            std::to_string(correlations.size()), {}});
    }
    for (std::size_t i = 0; i < times.size(); ++i)
    {
        if (correlations[i] >= alpha) continue;
        if (i == 0 || std::isnan(correlations[i])) return times[i];
        const double share = (correlations[i - 1] - alpha)/(correlations[i - 1] - correlations[i]);
        return times[i - 1] + share*(times[i] - times[i - 1]);
    }
    return {};
}

} // namespace surrogate
