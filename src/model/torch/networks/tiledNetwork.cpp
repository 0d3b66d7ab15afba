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
    const std::vector<long>& tiles, std::shared_ptr<Team> team)
:
    shape_(shape), network_(register_module("whole", std::move(network)))
{
    const int dimensions = shape_.grid.dimensions;
    if (int(tiles.size()) != dimensions)
    {
        throw Error({"Tiles do not fit the model's grid", "entry tiles", std::to_string(dimensions) + " numbers, one an axis",
            std::to_string(tiles.size()), {}});
    }
    tiles_.emplace_back();
    for (int axis = 0; axis < dimensions; ++axis)
    {
        std::vector<Tile> longer;
        for (const Interval& interval : divide(axis, tiles[axis]))
        {
            for (Tile tile : tiles_)
            {
                tile.push_back(interval);
                longer.push_back(tile);
            }
        }
        tiles_ = longer;
    }
    std::vector<std::shared_ptr<Network>> networks;
    for (const Tile& tile : tiles_) networks.push_back(tiles_.size() == 1 ? network_ : networkOf(name, tile));
    evaluation_ = std::make_unique<SharedEvaluation>(std::move(networks), std::move(team));
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

std::shared_ptr<Network> TiledNetwork::networkOf(const std::string& name, const Tile& tile) const
{
    NetworkShape shape = shape_;
    for (std::size_t axis = 0; axis < tile.size(); ++axis)
    {
        const Interval& t = tile[axis];
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
    const auto network = makeNetwork(name, shape, network_->settings());
    const auto weights = network_->named_parameters();
    for (auto& item : network->named_parameters()) item.value().set_data(weights[item.key()].detach());
    network->precision = network_->precision;
    network->eval();
    return network;
}

Network::Output TiledNetwork::evaluate(const Tensor& x, const std::vector<Tensor>& numbers)
{
    const std::int64_t n = x.size(0), tiles = std::int64_t(tiles_.size()), processes = evaluation_->nProcesses();
    const std::int64_t shares = std::min(n, (processes + tiles - 1)/tiles);
    const auto share = [&](const Tensor& all, std::int64_t i) { return all.narrow(0, i*n/shares, (i + 1)*n/shares - i*n/shares); };

    std::vector<SharedEvaluation::Task> tasks;
    for (std::int64_t i = 0; i < shares; ++i)
    {
        for (std::size_t t = 0; t < tiles_.size(); ++t)
        {
            SharedEvaluation::Task task{t, share(x, i), {}};
            for (std::size_t axis = 0; axis < tiles_[t].size(); ++axis)
            {
                task.x = part(task.x, x.dim() - 1 - std::int64_t(axis), tiles_[t][axis].first, tiles_[t][axis].last);
            }
            for (const Tensor& number : numbers) task.numbers.push_back(share(number, i));
            tasks.push_back(std::move(task));
        }
    }
    const std::vector<Output> outputs = evaluation_->evaluate(tasks);
    if (outputs.size() == 1) return outputs.front();

    const Tensor& first = outputs.front().values;
    std::vector<std::int64_t> sizes = x.sizes().vec();
    sizes[1] = first.size(1);
    Output result{torch::empty(sizes, first.options().memory_format(first.suggest_memory_format())), {}};
    for (std::size_t i = 0; i < tasks.size(); ++i)
    {
        const Tile& tile = tiles_[tasks[i].network];
        Tensor out = outputs[i].values, place = share(result.values, std::int64_t(i)/tiles);
        for (std::size_t axis = 0; axis < tile.size(); ++axis)
        {
            const Interval& t = tile[axis];
            const std::int64_t dimension = x.dim() - 1 - std::int64_t(axis);
            out = out.narrow(dimension, t.begin - t.first, t.end - t.begin);
            place = place.narrow(dimension, t.begin, t.end - t.begin);
        }
        place.copy_(out);
    }
    for (std::size_t head = 0; head < outputs.front().levels.size(); ++head)
    {
        std::vector<Tensor> parts;
        for (const Output& output : outputs) parts.push_back(output.levels[head]);
        result.levels.push_back(torch::cat(parts));
    }
    return result;
}

std::shared_ptr<Network> tiled(const std::string& name, const NetworkShape& shape, std::shared_ptr<Network> network,
    const std::vector<long>& tiles, std::shared_ptr<Team> team)
{
    if (!team && std::all_of(tiles.begin(), tiles.end(), [](long n) { return n == 1; })) return network;
    shape.grid.requireLattice("A division of the network's work", "entries tiles and ranksPerDevice");
    if (!network->controls().empty())
    {
        throw Error({"The network's work cannot be shared or divided: what it does in a step is decided on the way",
            "entries tiles and ranksPerDevice", "none of them with network " + name, "one", {}});
    }
    const std::vector<long> whole(std::size_t(shape.grid.dimensions), 1);
    return std::make_shared<TiledNetwork>(name, shape, std::move(network), tiles.empty() ? whole : tiles, std::move(team));
}

} // namespace surrogate
