#include "model/torch/networks/positions.h"

#include "core/error.h"
#include "model/torch/activatePad.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

Tensor positionChannels(const NetworkShape& shape, const std::vector<long>& waveNumbers, const std::string& where)
{
    const Axes axes(shape.grid);
    const Grid& grid = shape.grid;
    if (!waveNumbers.empty() && int(waveNumbers.size()) != axes.dimensions)
    {
        throw Error({"The network's options do not fit", where + ", entry positions",
            std::to_string(axes.dimensions) + " wave numbers, one an axis", std::to_string(waveNumbers.size()), {}});
    }
    std::vector<Tensor> channels;
    for (std::size_t axis = 0; axis < waveNumbers.size(); ++axis)
    {
        if (!waveNumbers[axis]) continue;
        std::vector<std::int64_t> sizes(axes.tensorDimensions() + 2, 1);
        sizes[sizes.size() - 1 - axis] = grid.cells[axis];
        const int whole = shape.whole[axis] > 0 ? shape.whole[axis] : grid.cells[axis];
        const Tensor cell = (torch::arange(grid.cells[axis], torch::kDouble) + double(shape.first[axis])).remainder(double(whole));
        const Tensor phase = 2*M_PI*double(waveNumbers[axis])*(cell + 0.5)/double(whole);
        std::vector<std::int64_t> full{1, 1};
        for (int d = axes.tensorDimensions() - 1; d >= 0; --d) full.push_back(grid.cells[d]);
        channels.push_back(torch::sin(phase).reshape(sizes).expand(full));
        channels.push_back(torch::cos(phase).reshape(sizes).expand(full));
    }
    return channels.empty() ? Tensor() : torch::cat(channels, 1).to(torch::kFloat);
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
