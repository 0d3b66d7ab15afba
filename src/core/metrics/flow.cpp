#include "core/metrics/flow.h"
#include "core/error.h"
#include "core/metrics/cells.h"
#include "core/metrics/gridTransform.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace surrogate
{

namespace
{

using Complex = std::complex<double>;

constexpr double pi = 3.14159265358979323846;

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

//- In 2-D, 0.5 sum of |omega^|^2 (Parseval), both components by one transform: of u + i v, whose part that is even under conjugation
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

//- A component of the vorticity: d(velocity[b])/d(a) - d(velocity[a])/d(b)
struct Curl { int a, b; };

std::vector<Curl> curls(const Grid& grid)
{
    if (grid.dimensions == 2) return {{0, 1}};
    if (grid.dimensions == 3) return {{1, 2}, {2, 0}, {0, 1}};
    throw Error({"Vorticity is for two or three dimensions", "metrics", "2-D or 3-D grid", grid.describe(), {}});
}

bool allPeriodic(const Grid& grid)
{
    return std::all_of(grid.periodic.begin(), grid.periodic.begin() + grid.dimensions, [](bool periodic) { return periodic; });
}

std::vector<double> spectralVorticity(const Grid& grid, const double* velocity)
{
    std::vector<std::vector<Complex>> hat;
    for (int c = 0; c < grid.dimensions; ++c) hat.push_back(gridTransform(grid, velocity + std::size_t(c)*grid.nCells()));
    std::vector<double> omega;
    for (const Curl curl : curls(grid))
    {
        std::vector<Complex> component(grid.nCells());
        forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
        {
            const Complex first = Complex(0, derivativeWaveNumber(grid, i[curl.a], curl.a))*hat[curl.b][cell];
            const Complex second = Complex(0, derivativeWaveNumber(grid, i[curl.b], curl.b))*hat[curl.a][cell];
            component[cell] = (first - second)*double(grid.nCells());
        });
        fft(component, {std::size_t(grid.cells[2]), std::size_t(grid.cells[1]), std::size_t(grid.cells[0])}, true);
        for (const Complex& value : component) omega.push_back(value.real());
    }
    return omega;
}

} // namespace

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
    const std::vector<Curl> components = curls(grid);
    if (allPeriodic(grid)) return spectralVorticity(grid, velocity);

    const std::size_t n = grid.nCells();
    std::vector<double> omega;
    for (const Curl curl : components)
    {
        forAllCells(grid, [&](std::size_t, std::array<int, 3> i)
        {
            omega.push_back(centralDifference(grid, velocity + std::size_t(curl.b)*n, i, curl.a)
                - centralDifference(grid, velocity + std::size_t(curl.a)*n, i, curl.b));
        });
    }
    return omega;
}

std::vector<double> velocityOfVorticity(const Grid& grid, const double* vorticity)
{
    // psi^ = -omega^/k^2, u = -psi_y, v = psi_x; both real, so that one transform back gives u + i v
    std::vector<Complex> both = gridTransform(grid, vorticity);
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
    {
        const double kx = derivativeWaveNumber(grid, i[0], 0), ky = derivativeWaveNumber(grid, i[1], 1);
        const bool dropped = 2*i[0] == grid.cells[0] || 2*i[1] == grid.cells[1] || (kx == 0 && ky == 0);
        both[cell] *= dropped ? 0 : Complex(kx, ky)*double(grid.nCells())/(kx*kx + ky*ky);
    });
    fft(both, {std::size_t(grid.cells[1]), std::size_t(grid.cells[0])}, true);
    std::vector<double> velocity;
    for (const Complex& value : both) velocity.push_back(value.real());
    for (const Complex& value : both) velocity.push_back(value.imag());
    return velocity;
}

double enstrophy(const Grid& grid, const double* velocity)
{
    if (grid.dimensions == 2 && allPeriodic(grid)) return spectralEnstrophy(grid, velocity);
    double sum = 0;
    for (const double omega : vorticity(grid, velocity)) sum += omega*omega;
    return 0.5*sum/double(grid.nCells());
}

std::vector<double> zonalMean(const Grid& grid, const double* values)
{
    const std::size_t rows = std::size_t(grid.cells[1]);
    std::vector<double> mean(rows, 0.0);
    forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i) { mean[std::size_t(i[1])] += values[cell]; });
    for (double& value : mean) value *= double(rows)/double(grid.nCells());
    return mean;
}

} // namespace surrogate
