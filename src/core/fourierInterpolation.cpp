#include "core/fourierInterpolation.h"
#include "core/error.h"
#include "core/fft.h"

#include <cmath>
#include <cstdlib>

namespace surrogate
{

namespace
{

using Complex = std::complex<double>;

constexpr double pi = 3.14159265358979323846;

//- Centres of a coarser and a finer grid do not coincide: position j stands for (j + 1/2)/n of the length, so wave number k is
//  turned by -pi k/n on its way to a coefficient, and by +pi k/N on its way to the other grid
std::vector<Complex> interpolateLine(std::vector<Complex> line, std::size_t newLength)
{
    const int n = int(line.size()), N = int(newLength);
    fft(line, {line.size()});
    std::vector<Complex> result(newLength);
    const auto add = [&](int k, Complex coefficient)
    {
        if (2*std::abs(k) > N) return;
        result[std::size_t((k + N)%N)] += coefficient*std::polar(double(N)/n, pi*k*(1.0/N - 1.0/n));
    };
    for (int i = 0; i < n; ++i)
    {
        if (2*i != n)
        {
            add(waveNumber(std::size_t(i), line.size()), line[i]);
            continue;
        }
        // The Nyquist wave number of an even length is half its positive and half its negative self
        add(i, 0.5*line[i]);
        add(-i, 0.5*line[i]);
    }
    fft(result, {newLength}, true);
    return result;
}

void checkBoxes(const Grid& from, const Grid& to)
{
    Grid sameCells = to;
    sameCells.cells = from.cells;
    bool periodic = true;
    for (int axis = 0; axis < from.dimensions; ++axis) periodic = periodic && from.periodic[axis];
    if (periodic && sameCells.matches(from)) return;
    throw Error({"Cannot bring a field to another grid", "Fourier interpolation", "the same box, periodic along every axis",
        from.describe() + "; to " + to.describe(), {}});
}

} // namespace

std::vector<double> fourierInterpolate(const Grid& from, const double* values, const Grid& to)
{
    if (from.matches(to)) return {values, values + from.nCells()};
    checkBoxes(from, to);

    std::vector<Complex> data(values, values + from.nCells());
    std::size_t stride = 1;   // of the axis in hand, whose predecessors have their new length already
    for (int axis = 0; axis < from.dimensions; ++axis)
    {
        const std::size_t n = std::size_t(from.cells[axis]), N = std::size_t(to.cells[axis]);
        std::vector<Complex> next(data.size()/n*N);
        for (std::size_t line = 0; line < data.size()/n; ++line)
        {
            const std::size_t inner = line%stride, outer = line/stride;
            std::vector<Complex> old(n);
            for (std::size_t i = 0; i < n; ++i) old[i] = data[inner + stride*(i + n*outer)];
            const std::vector<Complex> interpolated = interpolateLine(std::move(old), N);
            for (std::size_t i = 0; i < N; ++i) next[inner + stride*(i + N*outer)] = interpolated[i];
        }
        data = std::move(next);
        stride *= N;
    }

    std::vector<double> result(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) result[i] = data[i].real();
    return result;
}

} // namespace surrogate
