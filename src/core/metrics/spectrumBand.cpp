#include "core/metrics/spectrumBand.h"
#include "core/metrics/shells.h"
#include "core/metrics/statistics.h"
#include "core/metrics/tooShort.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

constexpr double sigmas = 5;

//- log10 of the mean spectrum
std::vector<double> logMean(const std::vector<const std::vector<double>*>& spectra)
{
    std::vector<double> result(spectra.front()->size(), 0.0);
    for (const std::vector<double>* spectrum : spectra)
    {
        for (std::size_t k = 0; k < result.size(); ++k) result[k] += (*spectrum)[k];
    }
    for (double& value : result) value = std::log10(value/double(spectra.size()));
    return result;
}

} // namespace

SpectrumBand spectrumBand(const std::vector<std::vector<std::vector<double>>>& series, std::size_t window, const Noise& noise,
    std::size_t draws)
{
    std::vector<const std::vector<double>*> all;
    std::vector<std::vector<double>> drawn, successive;
    for (const auto& spectra : series)
    {
        for (const std::vector<double>& spectrum : spectra) all.push_back(&spectrum);
        for (std::size_t end = window; end <= spectra.size(); ++end)
        {
            std::vector<const std::vector<double>*> members(all.end() - std::ptrdiff_t(spectra.size() - end + window),
                all.end() - std::ptrdiff_t(spectra.size() - end));
            successive.push_back(logMean(members));
        }
    }
    if (all.empty() || window == 0) tooShort("a band of spectra", "one or more spectra", 0);
    for (std::size_t draw = 0; draw < draws; ++draw)
    {
        std::vector<const std::vector<double>*> members;
        for (std::size_t i = 0; i < window; ++i) members.push_back(all[noise.below(all.size(), 0, draw*window + i)]);
        drawn.push_back(logMean(members));
    }

    SpectrumBand band;
    for (std::size_t k = 0; k < all.front()->size(); ++k)
    {
        const auto ofShell = [k](const std::vector<std::vector<double>>& windows)
        {
            std::vector<double> values;
            for (const std::vector<double>& spectrum : windows) values.push_back(spectrum[k]);
            return values;
        };
        const MeanAndDeviation values = meanAndDeviation(ofShell(drawn));
        band.mean.push_back(values.mean);
        band.stddev.push_back(values.stddev);
        if (successive.size() < 2) continue;
        band.stddev.back() = std::max(values.stddev, meanAndDeviation(ofShell(successive)).stddev);
    }
    return band;
}

std::optional<std::size_t> firstOutsideBand(const std::vector<std::vector<double>>& spectra, std::size_t window,
    const SpectrumBand& band, int first, int last)
{
    for (std::size_t end = window; end <= spectra.size(); ++end)
    {
        for (int k = first; k <= last; ++k)
        {
            double sum = 0;
            for (std::size_t i = end - window; i < end; ++i)
            {
                requireShells(std::min(spectra[i].size(), band.mean.size()), first, last);
                sum += spectra[i][k];
            }
            const double difference = std::log10(sum/double(window)) - band.mean[k];
            if (!(std::abs(difference) <= sigmas*band.stddev[k])) return end - 1;
        }
    }
    return {};
}

} // namespace surrogate
