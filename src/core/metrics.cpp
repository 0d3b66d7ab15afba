#include "core/metrics.h"
#include "core/error.h"
#include "core/fft.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace surrogate
{

namespace
{

using Complex = std::complex<double>;

constexpr double pi = 3.14159265358979323846;
constexpr double epsilon = 1e-7;
constexpr double sigmas = 5;

[[noreturn]] void tooShort(const std::string& what, const std::string& expected, std::size_t found)
{
    throw Error({"Too short a series for " + what, "metrics", expected, std::to_string(found) + " values", {}});
}

double mean(const double* a, std::size_t n)
{
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i];
    return sum/double(n);
}

double meanSquareDifference(const double* a, const double* b, std::size_t n)
{
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += (a[i] - b[i])*(a[i] - b[i]);
    return sum/double(n);
}

//- Transform of one channel, normalised by the number of points, x fastest
std::vector<Complex> transform(const Grid& grid, const double* values)
{
    std::vector<Complex> data(values, values + grid.nCells());
    fft(data, {std::size_t(grid.cells[2]), std::size_t(grid.cells[1]), std::size_t(grid.cells[0])});
    for (Complex& value : data) value /= double(data.size());
    return data;
}

void requireShells(std::size_t n, int first, int last)
{
    if (first >= 0 && last >= first && last < int(n)) return;
    throw Error
    ({
        "The shells are not in both spectra", "metrics", "shells from 0 to " + std::to_string(int(n) - 1),
        std::to_string(first) + " to " + std::to_string(last), {}
    });
}

//- Calls visit(cell, position along each axis) for all cells
template<class Visit>
void forAllCells(const Grid& grid, Visit visit)
{
    std::size_t cell = 0;
    for (int z = 0; z < grid.cells[2]; ++z)
    {
        for (int y = 0; y < grid.cells[1]; ++y)
        {
            for (int x = 0; x < grid.cells[0]; ++x) visit(cell++, std::array<int, 3>{{x, y, z}});
        }
    }
}

double longestExtent(const Grid& grid)
{
    double length = 0;
    for (int axis = 0; axis < grid.dimensions; ++axis) length = std::max(length, grid.upper[axis] - grid.lower[axis]);
    return length;
}

//- d/d(axis) by central differences; one-sided at the ends of an axis that is not periodic
double centralDifference(const Grid& grid, const double* values, std::array<int, 3> position, int axis)
{
    const int n = grid.cells[axis];
    if (n == 1) return 0;
    const auto at = [&](int i)
    {
        std::array<int, 3> p = position;
        p[axis] = grid.periodic[axis] ? (i + n)%n : std::clamp(i, 0, n - 1);
        return values[grid.index(p[0], p[1], p[2])];
    };
    const int i = position[axis];
    const int steps = grid.periodic[axis] ? 2 : std::min(i + 1, n - 1) - std::max(i - 1, 0);
    return (at(i + 1) - at(i - 1))/(steps*grid.spacing(axis));
}

//- Angular wave number for a first derivative [rad/m]: the Nyquist one of an even length has no derivative on the grid
double derivativeWaveNumber(const Grid& grid, int i, int axis)
{
    const int n = grid.cells[axis];
    if (2*i == n) return 0;
    return 2*pi*waveNumber(std::size_t(i), std::size_t(n))/(grid.upper[axis] - grid.lower[axis]);
}

//- 0.5 sum of |omega^|^2 (Parseval), both components by one transform: of u + i v, whose part that is even under conjugation
//  and k -> -k is u^, and the odd one i v^
double spectralEnstrophy(const Grid& grid, const double* velocity)
{
    const std::size_t n = grid.nCells();
    std::vector<Complex> both(n);
    for (std::size_t cell = 0; cell < n; ++cell) both[cell] = {velocity[cell], velocity[n + cell]};
    fft(both, {std::size_t(grid.cells[1]), std::size_t(grid.cells[0])});
    double sum = 0;
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
    {
        const int x = (grid.cells[0] - i[0])%grid.cells[0], y = (grid.cells[1] - i[1])%grid.cells[1];
        const Complex opposite = std::conj(both[grid.index(x, y)]);
        const Complex twiceU = both[cell] + opposite, twiceIV = both[cell] - opposite;
        // i kx v^ - i ky u^
        sum += std::norm(derivativeWaveNumber(grid, i[0], 0)*twiceIV - Complex(0, derivativeWaveNumber(grid, i[1], 1))*twiceU);
    });
    return 0.125*sum/(double(n)*double(n));
}

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

std::vector<double> spectralVorticity(const Grid& grid, const double* velocity)
{
    std::vector<Complex> u = transform(grid, velocity);
    const std::vector<Complex> v = transform(grid, velocity + grid.nCells());
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
    {
        const Complex dvdx = Complex(0, derivativeWaveNumber(grid, i[0], 0))*v[cell];
        const Complex dudy = Complex(0, derivativeWaveNumber(grid, i[1], 1))*u[cell];
        u[cell] = (dvdx - dudy)*double(grid.nCells());
    });
    fft(u, {std::size_t(grid.cells[1]), std::size_t(grid.cells[0])}, true);
    std::vector<double> omega(u.size());
    std::transform(u.begin(), u.end(), omega.begin(), [](Complex c) { return c.real(); });
    return omega;
}

} // namespace

double vrmse(const double* truth, const double* prediction, std::size_t n)
{
    const double average = mean(truth, n);
    double variance = 0;
    for (std::size_t i = 0; i < n; ++i) variance += (truth[i] - average)*(truth[i] - average);
    variance /= double(std::max<std::size_t>(n, 2) - 1);
    return std::sqrt(meanSquareDifference(truth, prediction, n)/(variance + epsilon));
}

double nrmse(const double* truth, const double* prediction, std::size_t n)
{
    double square = 0;
    for (std::size_t i = 0; i < n; ++i) square += truth[i]*truth[i];
    return std::sqrt(meanSquareDifference(truth, prediction, n)/(square/double(n) + epsilon));
}

double pearson(const double* a, const double* b, std::size_t n)
{
    const double meanA = mean(a, n), meanB = mean(b, n);
    double aa = 0, bb = 0, ab = 0;
    for (std::size_t i = 0; i < n; ++i)
    {
        aa += (a[i] - meanA)*(a[i] - meanA);
        bb += (b[i] - meanB)*(b[i] - meanB);
        ab += (a[i] - meanA)*(b[i] - meanB);
    }
    // Rounding of the mean alone makes the variance of a constant about n (eps mean)^2
    const double eps = std::numeric_limits<double>::epsilon();
    const auto constant = [&](double sum, double average) { return sum <= 16*double(n)*eps*eps*average*average; };
    if (constant(aa, meanA) || constant(bb, meanB)) return 0;
    return ab/std::sqrt(aa*bb);
}

std::vector<double> energySpectrum(const Grid& grid, const std::vector<const double*>& channels)
{
    const double longest = longestExtent(grid);
    std::array<double, 3> unit{{0, 0, 0}};
    double corner = 0;
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        unit[axis] = longest/(grid.upper[axis] - grid.lower[axis]);
        corner += std::pow(grid.cells[axis]/2*unit[axis], 2);
    }
    std::vector<double> energy(std::size_t(std::lround(std::sqrt(corner))) + 1, 0.0);
    for (const double* channel : channels)
    {
        const std::vector<Complex> hat = transform(grid, channel);
        forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
        {
            double square = 0;
            for (int axis = 0; axis < grid.dimensions; ++axis)
            {
                square += std::pow(unit[axis]*waveNumber(std::size_t(i[axis]), std::size_t(grid.cells[axis])), 2);
            }
            energy[std::size_t(std::lround(std::sqrt(square)))] += 0.5*std::norm(hat[cell]);
        });
    }
    return energy;
}

std::array<double, 3> bsnmse(const Grid& grid, const double* truth, const double* prediction)
{
    const int longest = *std::max_element(grid.cells.begin(), grid.cells.end());
    const double first = 2*pi/longest, last = pi*std::sqrt(double(grid.dimensions)) + 1e-6;
    const double ratio = std::cbrt(last/first);

    std::vector<double> difference(truth, truth + grid.nCells());
    for (std::size_t cell = 0; cell < difference.size(); ++cell) difference[cell] -= prediction[cell];
    const std::vector<Complex> truthHat = transform(grid, truth);
    const std::vector<Complex> differenceHat = transform(grid, difference.data());

    std::array<double, 3> error{{0, 0, 0}}, energy{{0, 0, 0}};
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
    {
        double square = 0;
        for (int axis = 0; axis < grid.dimensions; ++axis)
        {
            const int n = grid.cells[axis];
            square += std::pow(2*pi*waveNumber(std::size_t(i[axis]), std::size_t(n))/n, 2);
        }
        const double k = std::sqrt(square);
        const int band = k < first*ratio ? 0 : k < first*ratio*ratio ? 1 : 2;
        error[band] += std::norm(differenceHat[cell]);
        energy[band] += std::norm(truthHat[cell]);
    });
    for (int band = 0; band < 3; ++band) error[band] /= energy[band] + epsilon;
    return error;
}

double divergenceNorm(const Grid& grid, const double* velocity)
{
    double sum = 0;
    forAllCells(grid, [&](std::size_t, std::array<int, 3> i)
    {
        double divergence = 0;
        for (int axis = 0; axis < grid.dimensions; ++axis)
        {
            divergence += centralDifference(grid, velocity + axis*grid.nCells(), i, axis);
        }
        sum += divergence*divergence;
    });
    return std::sqrt(sum/double(grid.nCells()));
}

double kineticEnergy(const Grid& grid, const double* velocity)
{
    double sum = 0;
    for (std::size_t i = 0; i < std::size_t(grid.dimensions)*grid.nCells(); ++i) sum += velocity[i]*velocity[i];
    return 0.5*sum/double(grid.nCells());
}

std::vector<double> vorticity(const Grid& grid, const double* velocity)
{
    if (grid.dimensions != 2) throw Error({"Vorticity is for two dimensions", "metrics", "2-D grid", grid.describe(), {}});
    if (grid.periodic[0] && grid.periodic[1]) return spectralVorticity(grid, velocity);

    std::vector<double> omega(grid.nCells());
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
    {
        omega[cell] = centralDifference(grid, velocity + grid.nCells(), i, 0) - centralDifference(grid, velocity, i, 1);
    });
    return omega;
}

double enstrophy(const Grid& grid, const double* velocity)
{
    if (grid.dimensions == 2 && grid.periodic[0] && grid.periodic[1]) return spectralEnstrophy(grid, velocity);
    double sum = 0;
    for (const double omega : vorticity(grid, velocity)) sum += omega*omega;
    return 0.5*sum/double(grid.nCells());
}

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

double spectrumDistance(const std::vector<double>& a, const std::vector<double>& b, int first, int last)
{
    requireShells(std::min(a.size(), b.size()), first, last);
    double sum = 0;
    for (int k = first; k <= last; ++k)
    {
        if (a[k] != b[k]) sum += std::abs(std::log10(a[k]/b[k]));
    }
    return sum/(last - first + 1);
}

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

std::vector<double> autocorrelation(const std::vector<std::vector<double>>& snapshots, std::size_t lags)
{
    if (snapshots.size() <= lags) tooShort("an autocorrelation", "more than " + std::to_string(lags), snapshots.size());
    for (const std::vector<double>& w : snapshots)
    {
        if (w.size() != snapshots.front().size())
        {
            throw Error({"Snapshots of different size", "autocorrelation", std::to_string(snapshots.front().size()) + " values",
                std::to_string(w.size()), {}});
        }
    }
    std::vector<double> c(lags + 1, 0.0);
    for (std::size_t lag = 0; lag <= lags; ++lag)
    {
        for (std::size_t t = 0; t + lag < snapshots.size(); ++t)
        {
            const std::vector<double>& a = snapshots[t];
            c[lag] += std::inner_product(a.begin(), a.end(), snapshots[t + lag].begin(), 0.0);
        }
        c[lag] /= double(snapshots.size() - lag);
    }
    const double square = c[0];
    for (double& value : c) value = square > 0 ? value/square : 0;
    return c;
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
