#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace surrogate
{

//- C[lag] = <w(x, t) w(x, t + lag)>/<w(x, t)^2>, means over space and over all pairs of snapshots that far apart, for lags from
//  0 to `lags` intervals. Throws Error where there are not more snapshots than that, or their sizes differ.
std::vector<double> autocorrelation(const std::vector<std::vector<double>>& snapshots, std::size_t lags);

//- The same from snapshots that come one by one; holds the last `lags` + 1 of them
class Autocorrelation
{
public:
    explicit Autocorrelation(std::size_t lags) : sums_(lags + 1, 0.0) {}

    //- The next snapshot, one interval after the last. Throws Error where its size is another.
    void add(std::vector<double> snapshot);

    std::size_t count() const { return count_; }

    //- Lags 0 to `lags`. Throws Error where there are not more snapshots than that.
    std::vector<double> values() const;

private:
    std::vector<double> sums_;
    std::deque<std::vector<double>> last_;   // the newest first
    std::size_t count_ = 0;
};

//- Mean of |c - reference| over the lags from 1 up to the reference's first one below 0.1, or over all where it stays above.
//  Throws Error where c is shorter than that.
double autocorrelationError(const std::vector<double>& c, const std::vector<double>& reference);

} // namespace surrogate
