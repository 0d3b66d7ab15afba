#include "core/metrics/autocorrelation.h"
#include "core/metrics/tooShort.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace surrogate
{

void Autocorrelation::add(std::vector<double> snapshot)
{
    if (!last_.empty() && snapshot.size() != last_.front().size())
    {
        throw Error({"Snapshots of different size", "autocorrelation", std::to_string(last_.front().size()) + " values",
            std::to_string(snapshot.size()), {}});
    }
    last_.push_front(std::move(snapshot));
    if (last_.size() > sums_.size()) last_.pop_back();
    const std::vector<double>& newest = last_.front();
    for (std::size_t lag = 0; lag < last_.size(); ++lag)
    {
        sums_[lag] += std::inner_product(newest.begin(), newest.end(), last_[lag].begin(), 0.0);
    }
    ++count_;
}

std::vector<double> Autocorrelation::values() const
{
    if (count_ < sums_.size()) tooShort("an autocorrelation", "more than " + std::to_string(sums_.size() - 1), count_);
    const double square = sums_[0]/double(count_);
    std::vector<double> c = sums_;
    for (std::size_t lag = 0; lag < c.size(); ++lag) c[lag] = square > 0 ? c[lag]/double(count_ - lag)/square : 0;
    return c;
}

std::vector<double> autocorrelation(const std::vector<std::vector<double>>& snapshots, std::size_t lags)
{
    if (snapshots.size() <= lags) tooShort("an autocorrelation", "more than " + std::to_string(lags), snapshots.size());
    Autocorrelation result(lags);
    for (const std::vector<double>& snapshot : snapshots) result.add(snapshot);
    return result.values();
}

double autocorrelationError(const std::vector<double>& c, const std::vector<double>& reference)
{
    const auto low = std::find_if(reference.begin(), reference.end(), [](double value) { return value < 0.1; });
    const std::size_t last = std::size_t(low - reference.begin()) - (low == reference.end() ? 1 : 0);
    if (reference.size() < 2 || last < 1 || c.size() <= last)
    {
        tooShort("the error of an autocorrelation", "more than " + std::to_string(last), c.size());
    }
    double sum = 0;
    for (std::size_t lag = 1; lag <= last; ++lag) sum += std::abs(c[lag] - reference[lag]);
    return sum/double(last);
}

} // namespace surrogate
