#include "core/metrics/spectra.h"
#include "core/error.h"
#include "core/metrics/cells.h"
#include "core/metrics/gridTransform.h"
#include "core/metrics/leastDenominator.h"
#include "core/metrics/shells.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace surrogate
{

namespace
{

using Complex = std::complex<double>;

constexpr double pi = 3.14159265358979323846;

//- Square magnitudes of the transform, summed over the channels truth - prediction, or truth where there is no prediction
std::vector<double> squares(const Grid& grid, const std::vector<const double*>& truth,
    const std::vector<const double*>& prediction = {})
{
    std::vector<double> sum(grid.nCells(), 0.0), values(grid.nCells());
    for (std::size_t c = 0; c < truth.size(); ++c)
    {
        std::copy_n(truth[c], values.size(), values.begin());
        for (std::size_t cell = 0; cell < values.size() && !prediction.empty(); ++cell) values[cell] -= prediction[c][cell];
        const std::vector<Complex> hat = gridTransform(grid, values.data());
        for (std::size_t cell = 0; cell < hat.size(); ++cell) sum[cell] += std::norm(hat[cell]);
    }
    return sum;
}

void requireSameComponents(const std::vector<const double*>& truth, const std::vector<const double*>& prediction)
{
    if (truth.size() == prediction.size() && !truth.empty()) return;
    throw Error({"Fields that cannot be compared", "metrics", "as many components of the prediction as of the truth",
        std::to_string(truth.size()) + " and " + std::to_string(prediction.size()) + " components", {}});
}

double longestExtent(const Grid& grid)
{
    double length = 0;
    for (int axis = 0; axis < grid.dimensions; ++axis) length = std::max(length, grid.upper[axis] - grid.lower[axis]);
    return length;
}

} // namespace

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
        const std::vector<Complex> hat = gridTransform(grid, channel);
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

std::array<double, 3> bsnmse(const Grid& grid, const std::vector<const double*>& truth,
    const std::vector<const double*>& prediction)
{
    requireSameComponents(truth, prediction);
    const int longest = *std::max_element(grid.cells.begin(), grid.cells.end());
    const double first = 2*pi/longest, last = pi*std::sqrt(double(grid.dimensions)) + 1e-6;
    const double ratio = std::cbrt(last/first);
    const std::vector<double> ofTruth = squares(grid, truth), ofDifference = squares(grid, truth, prediction);

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
        error[band] += ofDifference[cell];
        energy[band] += ofTruth[cell];
    });
    const double least = leastDenominator(energy[0] + energy[1] + energy[2]);
    for (int band = 0; band < 3; ++band) error[band] /= energy[band] + least;
    return error;
}

std::array<double, 3> bsnmse(const Grid& grid, const double* truth, const double* prediction)
{
    return bsnmse(grid, std::vector<const double*>{truth}, std::vector<const double*>{prediction});
}

std::array<std::optional<double>, 3> frmse(const Grid& grid, const std::vector<const double*>& truth,
    const std::vector<const double*>& prediction)
{
    requireSameComponents(truth, prediction);
    const std::vector<double> square = squares(grid, truth, prediction);
    const bool single = grid.dimensions == 1;
    int shells = grid.cells[0]/2;
    for (int axis = 1; axis < grid.dimensions; ++axis) shells = std::min(shells, grid.cells[axis]/2);
    std::vector<double> ofShell(std::size_t(shells + (single ? 1 : 0)), 0.0);
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
    {
        // The mean over a mode's mirror images, 2^(number of axes that have one), as a sum over all cells
        double sum = 0, share = 1;
        for (int axis = 0; axis < grid.dimensions; ++axis)
        {
            const int n = grid.cells[axis], k = std::abs(waveNumber(std::size_t(i[axis]), std::size_t(n)));
            if (!single && k >= n/2) return;
            if (k != 0 && 2*k != n) share *= 0.5;
            sum += double(k)*k;
        }
        const std::size_t shell = std::size_t(std::sqrt(sum));
        if (shell < ofShell.size()) ofShell[shell] += share*square[cell];
    });

    const std::array<std::size_t, 4> edges{{0, 4, 12, std::max<std::size_t>(ofShell.size(), 12)}};
    std::array<std::optional<double>, 3> result;
    for (std::size_t band = 0; band < 3; ++band)
    {
        const std::size_t end = std::min(edges[band + 1], ofShell.size());
        if (edges[band] >= end) continue;
        double sum = 0;
        for (std::size_t k = edges[band]; k < end; ++k) sum += std::sqrt(ofShell[k]);
        result[band] = sum/double(end - edges[band]);
    }
    return result;
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

} // namespace surrogate
