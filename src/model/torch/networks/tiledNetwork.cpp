#include "model/torch/networks/tiledNetwork.h"

#include "core/error.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Cells first to last-1 along a tensor's dimension, beyond its ends those of the other end
Tensor part(const Tensor& x, std::int64_t dimension, std::int64_t first, std::int64_t last)
{
    const std::int64_t cells = x.size(dimension);
    if (first >= 0 && last <= cells) return x.narrow(dimension, first, last - first);
    const Tensor index = torch::arange(first, last, torch::dtype(torch::kLong).device(x.device())).remainder(cells);
    return x.index_select(dimension, index);
}

} // namespace

TiledNetwork::TiledNetwork(const std::string& name, const NetworkShape& shape, std::shared_ptr<Network> network,
    const std::vector<long>& tiles)
:
    shape_(shape), network_(register_module("whole", std::move(network)))
{
    const int dimensions = shape_.grid.dimensions;
    if (int(tiles.size()) != dimensions)
    {
        throw Error({"Tiles do not fit the model's grid", "entry tiles", std::to_string(dimensions) + " numbers, one an axis",
            std::to_string(tiles.size()), {}});
    }
    std::vector<std::vector<Interval>> combinations{{}};
    for (int axis = 0; axis < dimensions; ++axis)
    {
        std::vector<std::vector<Interval>> longer;
        for (const Interval& interval : divide(axis, tiles[axis]))
        {
            for (std::vector<Interval> axes : combinations)
            {
                axes.push_back(interval);
                longer.push_back(axes);
            }
        }
        combinations = longer;
    }
    for (std::vector<Interval>& axes : combinations) tiles_.push_back(makeTile(name, std::move(axes)));
}

std::vector<TiledNetwork::Interval> TiledNetwork::divide(int axis, long tiles) const
{
    const int cells = shape_.grid.cells[axis];
    if (tiles == 1) return {{0, cells, 0, cells}};

    const Tiling tiling = network_->tiling();
    const std::string where = "entry tiles, along " + std::string(1, "xyz"[axis]);
    const int blocks = cells/tiling.alignment;
    if (tiles > blocks)
    {
        throw Error({"More tiles than the grid has blocks of cells that belong together", where, "at most " + std::to_string(blocks)
            + " (" + std::to_string(cells) + " cells, " + std::to_string(tiling.alignment) + " a block)", std::to_string(tiles), {}});
    }

    const bool wraps = shape_.grid.periodic[axis];
    std::vector<Interval> intervals;
    int largest = 0;
    for (long i = 0; i < tiles; ++i)
    {
        Interval t;
        t.begin = int(i*blocks/tiles)*tiling.alignment;
        t.end = int((i + 1)*blocks/tiles)*tiling.alignment;
        t.first = wraps ? t.begin - tiling.halo : std::max(0, t.begin - tiling.halo);
        t.last = wraps ? t.end + tiling.halo : std::min(cells, t.end + tiling.halo);
        largest = std::max(largest, t.last - t.first);
        intervals.push_back(t);
    }
    if (largest >= cells)
    {
        const long sides = !wraps && tiles == 2 ? 1 : 2, least = sides*tiling.halo*tiles/(tiles - 1);
        throw Error({"Tiles bring nothing here: with what the network sees around it, a tile is as large as the grid", where,
            "1, or a grid of more than " + std::to_string(least) + " cells (the network sees " + std::to_string(tiling.halo)
            + " cells around a tile)", std::to_string(tiles) + " tiles of " + std::to_string(cells) + " cells", {}});
    }
    return intervals;
}

TiledNetwork::Tile TiledNetwork::makeTile(const std::string& name, std::vector<Interval> axes) const
{
    NetworkShape shape = shape_;
    for (std::size_t axis = 0; axis < axes.size(); ++axis)
    {
        const Interval& t = axes[axis];
        const int cells = shape_.grid.cells[axis];
        const double lower = shape_.grid.lower[axis], spacing = shape_.grid.spacing(int(axis));
        shape.first[axis] = t.first;
        shape.whole[axis] = cells;
        shape.grid.cells[axis] = t.last - t.first;
        shape.grid.lower[axis] = lower + t.first*spacing;
        shape.grid.upper[axis] = lower + t.last*spacing;
        if (t.last - t.first == cells && t.first == 0) continue;
        shape.grid.periodic[axis] = false;
        if (t.first != 0) shape.grid.walls[axis][0] = false;
        if (t.last != cells) shape.grid.walls[axis][1] = false;
    }
    Tile tile{std::move(axes), makeNetwork(name, shape, network_->settings())};
    const auto weights = network_->named_parameters();
    for (auto& item : tile.network->named_parameters()) item.value().set_data(weights[item.key()].detach());
    tile.network->precision = network_->precision;
    tile.network->eval();
    return tile;
}

Network::Output TiledNetwork::evaluate(const Tensor& x, const std::vector<Tensor>& numbers)
{
    Tensor result;
    for (const Tile& tile : tiles_)
    {
        Tensor in = x;
        for (std::size_t axis = 0; axis < tile.axes.size(); ++axis)
        {
            in = part(in, x.dim() - 1 - std::int64_t(axis), tile.axes[axis].first, tile.axes[axis].last);
        }
        Tensor out = tile.network->forward(in, numbers);
        if (!result.defined())
        {
            std::vector<std::int64_t> sizes = x.sizes().vec();
            sizes[1] = out.size(1);
            result = torch::empty(sizes, out.options());
        }
        Tensor place = result;
        for (std::size_t axis = 0; axis < tile.axes.size(); ++axis)
        {
            const Interval& t = tile.axes[axis];
            const std::int64_t dimension = x.dim() - 1 - std::int64_t(axis);
            out = out.narrow(dimension, t.begin - t.first, t.end - t.begin);
            place = place.narrow(dimension, t.begin, t.end - t.begin);
        }
        place.copy_(out);
    }
    return {result, {}};
}

std::shared_ptr<Network> tiled(const std::string& name, const NetworkShape& shape, std::shared_ptr<Network> network,
    const std::vector<long>& tiles)
{
    if (std::all_of(tiles.begin(), tiles.end(), [](long n) { return n == 1; })) return network;
    return std::make_shared<TiledNetwork>(name, shape, std::move(network), tiles);
}

} // namespace surrogate
