#include "core/metrics/oscillation.h"
#include "core/error.h"
#include "core/metrics/statistics.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace surrogate
{

namespace
{

//- Upward passage of the mean: its time and the position of the first value after it
struct Passage { double time; std::size_t after; };

std::vector<Passage> passages(const std::vector<double>& times, const std::vector<double>& series)
{
    const MeanAndDeviation level = meanAndDeviation(series);
    const double low = level.mean - 0.5*level.stddev, high = level.mean + 0.5*level.stddev;
    std::vector<Passage> result;
    Passage last{};
    bool wasLow = false;
    for (std::size_t i = 1; i < series.size(); ++i)
    {
        wasLow = wasLow || series[i - 1] < low;
        if (series[i - 1] < level.mean && series[i] >= level.mean)
        {
            const double share = (level.mean - series[i - 1])/(series[i] - series[i - 1]);
            last = {times[i - 1] + share*(times[i] - times[i - 1]), i};
        }
        if (!wasLow || !(series[i] > high)) continue;
        result.push_back(last);
        wasLow = false;
    }
    return result;
}

//- Extreme value of the parabola through the values around position i
double peak(const std::vector<double>& times, const std::vector<double>& series, std::size_t i)
{
    if (i == 0 || i + 1 == series.size()) return series[i];
    const double before = times[i] - times[i - 1], after = times[i + 1] - times[i];
    const double slopeBefore = (series[i] - series[i - 1])/before, slopeAfter = (series[i + 1] - series[i])/after;
    const double curvature = (slopeAfter - slopeBefore)/(before + after);
    if (curvature == 0) return series[i];
    const double slope = (slopeBefore*after + slopeAfter*before)/(before + after);
    return series[i] - 0.25*slope*slope/curvature;
}

} // namespace

std::optional<Oscillation> dominantOscillation(const std::vector<double>& times, const std::vector<double>& series)
{
    if (times.size() != series.size())
    {
        throw Error({"Times and values of a series differ in number", "metrics", std::to_string(times.size()) + " values",
            std::to_string(series.size()), {}});
    }
    if (series.empty()) return {};
    const std::vector<Passage> at = passages(times, series);
    if (at.size() < 3) return {};

    std::vector<double> lengths, heights;
    for (std::size_t p = 0; p + 1 < at.size(); ++p)
    {
        lengths.push_back(at[p + 1].time - at[p].time);
        const auto [lowest, highest] = std::minmax_element(series.begin() + std::ptrdiff_t(at[p].after),
            series.begin() + std::ptrdiff_t(at[p + 1].after));
        const double top = peak(times, series, std::size_t(highest - series.begin()));
        heights.push_back(0.5*(top - peak(times, series, std::size_t(lowest - series.begin()))));
    }
    const double n = double(lengths.size());
    const MeanAndDeviation length = meanAndDeviation(lengths), height = meanAndDeviation(heights);
    Oscillation result;
    result.periods = lengths.size();
    result.frequency = 1/length.mean;
    result.frequencyError = length.stddev/std::sqrt(n)/length.mean*result.frequency;
    result.amplitude = height.mean;
    result.amplitudeError = height.stddev/std::sqrt(n);
    return result;
}

} // namespace surrogate
