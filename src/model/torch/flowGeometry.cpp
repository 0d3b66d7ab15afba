#include "model/torch/flowGeometry.h"

#include "core/error.h"
#include "model/torch/tensorState.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- One value a cell: [1][1][(z)][y][x], float64
Tensor onGrid(const std::vector<double>& values, const Grid& grid)
{
    std::vector<std::int64_t> sizes{1, 1};
    for (const std::int64_t size : spatialSizes(grid)) sizes.push_back(size);
    return torch::from_blob(const_cast<double*>(values.data()), sizes, torch::kDouble).clone();
}

void check(const Geometry& geometry, const Grid& grid)
{
    const auto refuse = [](const std::string& entry, const std::string& expected, const std::string& found)
    {
        throw Error({"The geometry of walls and bodies is not valid", entry, expected, found, {}});
    };
    for (const auto& [entry, values] : {std::pair<const char*, const std::vector<double>&>{"fluid", geometry.fluid},
        {"distance", geometry.distance}})
    {
        if (values.size() != grid.nCells())
        {
            refuse(entry, "one value a cell: " + std::to_string(grid.nCells()), std::to_string(values.size()));
        }
        for (const double value : values)
        {
            if (!std::isfinite(value)) refuse(entry, "finite numbers", std::to_string(value));
        }
    }
    const auto [least, most] = std::minmax_element(geometry.fluid.begin(), geometry.fluid.end());
    if (*least < 0 || *most > 1 + 1e-6) refuse("fluid", "fractions from 0 to 1", std::to_string(*least < 0 ? *least : *most));
    if (*most == 0) refuse("fluid", "a cell with fluid in it", "none");
    if (grid.points != geometry.points.has_value())
    {
        refuse("points", grid.points ? "those of the grid" : "none, on a grid", grid.points ? "none" : "some");
    }
    if (grid.points) geometry.points->check(grid, "geometry of a state");
}

//- Kinds of boundary that each point touches, one channel each
Tensor boundaryChannels(const CellPoints& points, const Grid& grid)
{
    std::vector<Tensor> channels;
    for (std::size_t k = 0; k < CellPoints::kinds().size(); ++k)
    {
        std::vector<double> touches;
        for (const std::uint8_t bits : points.boundaries) touches.push_back(bits >> k & 1);
        channels.push_back(onGrid(touches, grid));
    }
    return torch::cat(channels, 1);
}

//- What the network sees under one of GeometryChannels::names()
Tensor channelOf(const std::string& name, const Geometry& geometry, const Grid& grid, double length)
{
    if (name == "fluid") return onGrid(geometry.fluid, grid);
    if (name == "boundary") return boundaryChannels(*geometry.points, grid);
    if (name == "distance") return torch::tanh(onGrid(geometry.distance, grid)/length);
    return torch::log2(onGrid(geometry.points->volumes, grid).pow(1.0/grid.dimensions)/length);
}

//- Undefined stays so
template<class Function>
Tensor ifDefined(const Tensor& x, Function&& f) { return x.defined() ? f(x) : x; }

} // namespace

Tensor FlowGeometry::masked(const Tensor& x) const { return mask.defined() ? x*mask : x; }

Tensor FlowGeometry::select(const Tensor& x, const Tensor& solid) const
{
    return mask.defined() ? torch::where(mask > 0, x, solid) : x;
}

Tensor FlowGeometry::withChannels(const Tensor& x) const
{
    if (!channels.defined()) return x;
    std::vector<std::int64_t> sizes = channels.sizes().vec();
    sizes[0] = x.size(0);
    return torch::cat({x, channels.to(x.scalar_type()).expand(sizes)}, 1);
}

Tensor FlowGeometry::mean(const Tensor& x) const
{
    return fluid.defined() ? (x*fluid).sum()/fluid.expand_as(x).sum() : x.mean();
}

Tensor FlowGeometry::cellMean(const Tensor& x) const
{
    if (!fluid.defined()) return x.flatten(2).mean(2);
    return (x*fluid).flatten(2).sum(2)/fluid.flatten(2).sum(2);
}

Tensor FlowGeometry::memberMean(const Tensor& x) const
{
    if (!fluid.defined()) return x.flatten(1).mean(1);
    return (x*fluid).flatten(1).sum(1)/fluid.expand_as(x).flatten(1).sum(1);
}

Tensor FlowGeometry::channelMean(const Tensor& x) const
{
    if (!fluid.defined()) return x.transpose(0, 1).flatten(1).mean(1);
    return (x*fluid).transpose(0, 1).flatten(1).sum(1)/fluid.expand_as(x).transpose(0, 1).flatten(1).sum(1);
}

Tensor FlowGeometry::cellVariance(const Tensor& x) const
{
    if (!fluid.defined()) return x.flatten(2).var(2, true);
    const Tensor n = fluid.flatten(2).sum(2), centred = x.flatten(2) - cellMean(x).unsqueeze(2);
    return (centred.square()*fluid.flatten(2)).sum(2)/(n - 1).clamp_min(1);
}

FlowGeometry FlowGeometry::ofMembers(const Tensor& indices) const
{
    const auto pick = [&](const Tensor& x) { return x.size(0) == 1 ? x : x.index_select(0, indices.to(x.device())); };
    return {ifDefined(channels, pick), ifDefined(fluid, pick), ifDefined(mask, pick), points};
}

FlowGeometry FlowGeometry::to(torch::Device device, torch::ScalarType type) const
{
    const auto move = [&](const Tensor& x) { return x.to(device, type); };
    return {ifDefined(channels, move), ifDefined(fluid, move), ifDefined(mask, move), points};
}

FlowGeometry makeFlowGeometry(const Geometry& geometry, const Grid& grid, const GeometryChannels* channels)
{
    check(geometry, grid);
    FlowGeometry result;
    const Tensor fluid = onGrid(geometry.fluid, grid);
    const double least = fluid.min().item<double>();
    if (least < 1 - 1e-6) result.fluid = fluid;   // not by rounding alone
    if (least == 0) result.mask = (fluid > 0).to(torch::kDouble);
    if (grid.points)
    {
        const Tensor volumes = onGrid(geometry.points->volumes, grid);
        result.fluid = volumes/volumes.mean();
        result.points = std::make_shared<PointSet>(PointSet{grid, *geometry.points});
    }

    std::vector<Tensor> seen;
    for (const std::string& name : channels ? channels->channels : std::vector<std::string>())
    {
        seen.push_back(channelOf(name, geometry, grid, channels->distanceLength));
    }
    if (!seen.empty()) result.channels = torch::cat(seen, 1);
    return result;
}

FlowGeometries::FlowGeometries(const Manifest& manifest, bool pointwise, const std::string& where)
:
    grid_(manifest.grid), channels_(manifest.geometry), pointwise_(pointwise), where_(where)
{}

const FlowGeometry& FlowGeometries::find(const State& state, torch::Device device, torch::ScalarType type)
{
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), [](const Entry& e) { return e.owner.expired(); }), entries_.end());
    for (const Entry& entry : entries_)
    {
        if (entry.geometry == state.geometry.get()) return entry.tensors;
    }
    const FlowGeometry tensors = makeFlowGeometry(*state.geometry, state.grid, channels_ ? &*channels_ : nullptr);
    requirePointwise(pointwise_, tensors, where_);
    entries_.push_back({state.geometry, state.geometry.get(), tensors.to(device, type)});
    return entries_.back().tensors;
}

FlowGeometry FlowGeometries::of(const std::vector<State>& members, torch::Device device, torch::ScalarType type)
{
    bool any = false, alike = true;
    for (const State& state : members)
    {
        any = any || state.geometry;
        alike = alike && state.geometry == members.front().geometry;
        if (state.geometry || (!channels_ && !grid_.points)) continue;
        throw Error({"The model needs the geometry of walls and bodies, and a state has none", where_ + ", entry geometry",
            "a state from a mesh or a data set that knows its geometry", "none", {}});
    }
    if (!any) return {};
    if (alike) return find(members.front(), device, type);
    if (grid_.points)
    {
        for (const State& state : members)
        {
            if (difference(members.front().geometry.get(), state.geometry.get(), members.front().grid) < 1e-6) continue;
            throw Error({"Members of one batch are on different points", where_, "the cells of one mesh", "those of two", {}});
        }
        return find(members.front(), device, type);
    }

    std::vector<Tensor> channels, fluid, mask;
    std::vector<std::int64_t> sizes{1, 1};
    for (const std::int64_t size : spatialSizes(grid_)) sizes.push_back(size);
    const Tensor ones = torch::ones(sizes, torch::TensorOptions(device).dtype(type));
    for (const State& state : members)
    {
        const FlowGeometry one = state.geometry ? find(state, device, type) : FlowGeometry();
        if (one.channels.defined()) channels.push_back(one.channels);
        fluid.push_back(one.fluid.defined() ? one.fluid : ones);
        mask.push_back(one.mask.defined() ? one.mask : ones);
    }
    return {channels.empty() ? Tensor() : torch::cat(channels), torch::cat(fluid), torch::cat(mask), nullptr};
}

void requirePointwise(bool pointwise, const FlowGeometry& geometry, const std::string& where)
{
    if (pointwise || !geometry.mask.defined()) return;
    throw Error({"The variables do not fit a geometry with cells without fluid", where + ", entry variables",
        "variables whose value in a cell is that cell's own", "variables that mix cells", {"fields"}});
}

} // namespace surrogate
