#include "core/metrics/probabilityDensity.h"
#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

std::string range(double lower, double upper, std::size_t bins)
{
    return std::to_string(bins) + " bins from " + std::to_string(lower) + " to " + std::to_string(upper);
}

void requireSameBins(const ProbabilityDensity& p, const ProbabilityDensity& q)
{
    if (p.lower() == q.lower() && p.upper() == q.upper() && p.bins() == q.bins()) return;
    throw Error({"Probability densities over different bins", "metrics", range(p.lower(), p.upper(), p.bins()),
        range(q.lower(), q.upper(), q.bins()), {}});
}

} // namespace

ProbabilityDensity::ProbabilityDensity(double lower, double upper, std::size_t bins)
    : lower_(lower), upper_(upper), weights_(bins, 0.0)
{
    if (upper > lower && std::isfinite(upper - lower) && bins > 0) return;
    throw Error({"No range for a probability density", "metrics", "1 or more bins, upper > lower", range(lower, upper, bins), {}});
}

void ProbabilityDensity::add(const Cells& cells, const double* values)
{
    if (cells.count == 0) throw Error({"A probability density of no cells", "metrics", "1 or more cells", "0", {}});
    double volume = double(cells.count);
    if (cells.volumes)
    {
        volume = 0;
        for (std::size_t i = 0; i < cells.count; ++i) volume += cells.volumes[i];
    }
    const double perUnit = double(bins())/(upper_ - lower_);
    for (std::size_t i = 0; i < cells.count; ++i)
    {
        const double weight = (cells.volumes ? cells.volumes[i] : 1)/volume, value = values[i];
        if (std::isnan(value)) notNumbers_ += weight;
        else if (value < lower_) below_ += weight;
        else if (value > upper_) above_ += weight;
        else weights_[std::min(std::size_t((value - lower_)*perUnit), bins() - 1)] += weight;
    }
    total_ += 1;
}

std::vector<double> ProbabilityDensity::density() const
{
    std::vector<double> result = weights_;
    for (double& value : result) value = share(value)/binWidth();
    return result;
}

double totalVariation(const ProbabilityDensity& p, const ProbabilityDensity& q)
{
    requireSameBins(p, q);
    const std::vector<double> a = p.density(), b = q.density();
    double sum = 0;
    for (std::size_t bin = 0; bin < a.size(); ++bin) sum += std::abs(a[bin] - b[bin])*p.binWidth();
    sum += std::abs(p.below() - q.below()) + std::abs(p.above() - q.above()) + std::abs(p.notNumbers() - q.notNumbers());
    return 0.5*sum;
}

double wassersteinDistance(const ProbabilityDensity& p, const ProbabilityDensity& q)
{
    requireSameBins(p, q);
    const std::vector<double> a = p.density(), b = q.density();
    const double h = p.binWidth();
    double difference = p.below() - q.below(), sum = 0;
    for (std::size_t bin = 0; bin < a.size(); ++bin)
    {
        // |P - Q| is linear in a bin, and may change sign there
        const double before = difference;
        difference += (a[bin] - b[bin])*h;
        const double ends = std::abs(before) + std::abs(difference);
        if (before*difference >= 0) sum += 0.5*h*ends;
        else sum += 0.5*h*(before*before + difference*difference)/ends;
    }
    return sum;
}

} // namespace surrogate
