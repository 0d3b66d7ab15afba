#include "timeRanges.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

namespace surrogate
{

namespace
{

constexpr double infinity = std::numeric_limits<double>::infinity();

double timeOf(const std::string& word, double absent, const std::string& text)
{
    if (word.empty()) return absent;
    char* end = nullptr;
    const double value = std::strtod(word.c_str(), &end);
    if (*end == '\0') return value;
    throw Error({"No such times", "option -times", "values and ranges, as in 0.5,10:20,30:", text, {}});
}

//- Position of the time nearest to one, where it is within the tolerance
std::size_t positionOf(const std::vector<double>& times, double time, double tolerance)
{
    auto it = std::lower_bound(times.begin(), times.end(), time);
    if (it == times.end() || (it != times.begin() && time - *(it - 1) < *it - time)) --it;
    return std::abs(*it - time) <= tolerance ? std::size_t(it - times.begin()) : times.size();
}

} // namespace

TimeRanges::TimeRanges(const std::string& text)
{
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, ',');)
    {
        const auto colon = part.find(':');
        if (part.empty() || part == ":") throw Error({"No such times", "option -times", "as in 0.5,10:20,30:", text, {}});
        if (colon == std::string::npos)
        {
            const double time = timeOf(part, 0, text), room = 1e-6*std::max(1.0, std::abs(time));
            ranges_.emplace_back(time - room, time + room);
            continue;
        }
        const double low = timeOf(part.substr(0, colon), -infinity, text), high = timeOf(part.substr(colon + 1), infinity, text);
        ranges_.emplace_back(low - 1e-9*std::abs(low), high + 1e-9*std::abs(high));
        if (low > high) throw Error({"A range of times is empty", "option -times", "its lower end first", part, {}});
    }
    if (ranges_.empty()) throw Error({"No such times", "option -times", "as in 0.5,10:20,30:", text, {}});
}

bool TimeRanges::contains(double time) const
{
    return ranges_.empty() || std::any_of(ranges_.begin(), ranges_.end(), [time](const auto& range)
    {
        return time >= range.first && time <= range.second;
    });
}

std::vector<std::vector<std::size_t>> commonTimes(const std::vector<std::vector<double>>& lists)
{
    std::vector<std::vector<std::size_t>> positions(lists.size());
    const std::vector<double>& first = lists.front();
    double interval = infinity;
    for (std::size_t i = 1; i < first.size(); ++i) interval = std::min(interval, first[i] - first[i - 1]);
    const double tolerance = first.size() > 1 ? 0.01*interval : 1e-6;
    for (const double time : first)
    {
        std::vector<std::size_t> at;
        for (const std::vector<double>& times : lists)
        {
            const std::size_t position = times.empty() ? 0 : positionOf(times, time, tolerance);
            if (position < times.size()) at.push_back(position);
        }
        if (at.size() < lists.size()) continue;
        for (std::size_t i = 0; i < lists.size(); ++i) positions[i].push_back(at[i]);
    }
    return positions;
}

} // namespace surrogate
