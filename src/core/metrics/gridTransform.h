#pragma once

#include "core/fft.h"
#include "core/grid.h"

namespace surrogate
{

//- Transform of one channel of a grid, x fastest, normalised by the number of points
inline std::vector<std::complex<double>> gridTransform(const Grid& grid, const double* values)
{
    std::vector<std::complex<double>> data(values, values + grid.nCells());
    fft(data, {std::size_t(grid.cells[2]), std::size_t(grid.cells[1]), std::size_t(grid.cells[0])});
    for (std::complex<double>& value : data) value /= double(data.size());
    return data;
}

} // namespace surrogate
