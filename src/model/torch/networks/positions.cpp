#include "model/torch/networks/positions.h"

#include "core/error.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Cells of the whole grid along the axis
int wholeCells(const NetworkShape& shape, int axis) { return shape.whole[axis] > 0 ? shape.whole[axis] : shape.grid.cells[axis]; }

//- Middles of the shape's cells along the axis in cells of the whole grid, [cells], float64
Tensor middles(const NetworkShape& shape, int axis)
{
    const Tensor cell = torch::arange(shape.grid.cells[axis], torch::kDouble) + double(shape.first[axis]);
    return cell.remainder(double(wholeCells(shape, axis))) + 0.5;
}

//- Values along one axis as a channel on the grid
Tensor onGrid(const Tensor& values, const NetworkShape& shape, int axis)
{
    const int d = shape.grid.dimensions == 3 ? 3 : 2;
    std::vector<std::int64_t> sizes(d + 2, 1), full{1, 1};
    sizes[sizes.size() - 1 - axis] = shape.grid.cells[axis];
    for (int a = d - 1; a >= 0; --a) full.push_back(shape.grid.cells[a]);
    return values.reshape(sizes).expand(full);
}

Tensor together(const std::vector<Tensor>& channels)
{
    return channels.empty() ? Tensor() : torch::cat(channels, 1).to(torch::kFloat);
}

} // namespace

Tensor positionChannels(const NetworkShape& shape, const std::vector<long>& waveNumbers, const std::string& where)
{
    if (!waveNumbers.empty() && int(waveNumbers.size()) != shape.grid.dimensions)
    {
        throw Error({"The network's options do not fit", where + ", entry positions",
            std::to_string(shape.grid.dimensions) + " wave numbers, one an axis", std::to_string(waveNumbers.size()), {}});
    }
    std::vector<Tensor> channels;
    for (int axis = 0; axis < int(waveNumbers.size()); ++axis)
    {
        if (!waveNumbers[axis]) continue;
        const Tensor phase = 2*M_PI*double(waveNumbers[axis])*middles(shape, axis)/double(wholeCells(shape, axis));
        channels.push_back(onGrid(torch::sin(phase), shape, axis));
        channels.push_back(onGrid(torch::cos(phase), shape, axis));
    }
    return together(channels);
}

Tensor placesBetweenSides(const NetworkShape& shape)
{
    std::vector<Tensor> channels;
    for (int axis = 0; axis < shape.grid.dimensions; ++axis)
    {
        if (shape.grid.periodic[axis]) continue;
        channels.push_back(onGrid(2*middles(shape, axis)/double(wholeCells(shape, axis)) - 1, shape, axis));
    }
    return together(channels);
}

Tensor withPositions(const Tensor& x, Tensor& positions)
{
    if (!positions.defined()) return x;
    positions = positions.to(x.options());
    std::vector<std::int64_t> sizes = positions.sizes().vec();
    sizes[0] = x.size(0);
    return torch::cat({x, positions.expand(sizes)}, 1);
}

} // namespace surrogate
