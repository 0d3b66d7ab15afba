#include "core/metrics/statistics.h"
#include "core/error.h"
#include "core/metrics/tooShort.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace surrogate
{

namespace
{

double mean(const double* a, std::size_t n)
{
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i];
    return sum/double(n);
}

} // namespace

MeanAndError batchMeans(const std::vector<double>& series, int batches)
{
    if (batches < 2 || series.size() < std::size_t(batches))
    {
        throw Error
        ({
            "Too short a series for batch means", "metrics", "2 or more batches of 1 or more values",
            std::to_string(series.size()) + " values in " + std::to_string(batches) + " batches", {}
        });
    }
    const std::size_t length = series.size()/std::size_t(batches);
    const double* start = series.data() + (series.size() - length*std::size_t(batches));
    const double average = mean(start, length*std::size_t(batches));
    double variance = 0;
    for (int batch = 0; batch < batches; ++batch)
    {
        variance += std::pow(mean(start + std::size_t(batch)*length, length) - average, 2);
    }
    variance /= batches - 1;
    return {average, std::sqrt(variance/batches)};
}

bool differ(const MeanAndError& a, const MeanAndError& b)
{
    return std::abs(a.mean - b.mean) > 2*std::hypot(a.stderror, b.stderror);
}

Drift drift(const std::vector<double>& times, const std::vector<double>& series, int batches)
{
    if (batches < 3 || times.size() != series.size() || series.size() < std::size_t(batches))
    {
        throw Error
        ({
            "Not a series for a drift", "metrics", "3 or more parts of 1 or more values, as many times",
            std::to_string(series.size()) + " values, " + std::to_string(times.size()) + " times, "
            + std::to_string(batches) + " parts", {}
        });
    }
    const std::size_t parts = std::size_t(batches), length = series.size()/parts, n = parts*length;
    const double* t = times.data() + (series.size() - n);
    const double* y = series.data() + (series.size() - n);
    const double meanT = mean(t, n), meanY = mean(y, n);
    double tt = 0, ty = 0;
    for (std::size_t i = 0; i < n; ++i)
    {
        tt += (t[i] - meanT)*(t[i] - meanT);
        ty += (t[i] - meanT)*(y[i] - meanY);
    }
    const double slope = ty/tt;
    double residuals = 0, spread = 0;
    for (std::size_t part = 0; part < parts; ++part)
    {
        const double dt = mean(t + part*length, length) - meanT, dy = mean(y + part*length, length) - meanY;
        residuals += (dy - slope*dt)*(dy - slope*dt);
        spread += dt*dt;
    }
    return {slope, std::sqrt(residuals/double(parts - 2)/spread)};
}

MeanAndDeviation meanAndDeviation(const std::vector<double>& series)
{
    if (series.empty()) tooShort("a mean", "one or more values", 0);
    const double average = mean(series.data(), series.size());
    double square = 0;
    for (const double value : series) square += (value - average)*(value - average);
    return {average, series.size() > 1 ? std::sqrt(square/double(series.size() - 1)) : 0};
}

double jackknifeError(const std::vector<double>& leftOut)
{
    if (leftOut.size() < 2) tooShort("a standard error", "two or more parts", leftOut.size());
    const double n = double(leftOut.size());
    return (n - 1)/std::sqrt(n)*meanAndDeviation(leftOut).stddev;
}

double kolmogorovSmirnov(std::vector<double> a, std::vector<double> b)
{
    if (a.empty() || b.empty()) tooShort("a comparison of distributions", "one or more values in both", 0);
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double largest = 0;
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size())
    {
        const double value = std::min(a[i], b[j]);
        while (i < a.size() && a[i] <= value) ++i;
        while (j < b.size() && b[j] <= value) ++j;
        largest = std::max(largest, std::abs(double(i)/double(a.size()) - double(j)/double(b.size())));
    }
    return largest;
}

} // namespace surrogate
