#pragma once

#include "core/manifest.h"
#include "core/state.h"
#include "model/torch/pointSet.h"

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- What is known of walls and bodies around a batch, in tensors with one member for all or one for each. By default nothing:
//  all cells are fluid and the network sees no more than the variables.
struct FlowGeometry
{
    torch::Tensor channels;   //!< what the network sees, [1 or n][channel][(z)][y][x]; undefined: nothing
    torch::Tensor fluid;      //!< fraction of fluid, of points their volumes over the mean one, [1 or n][1][(z)][y][x]: the weights
                              //!< of all means; undefined: 1 everywhere
    torch::Tensor mask;       //!< 1 where there is fluid, else 0, as `fluid`; undefined: 1 everywhere

    std::shared_ptr<const PointSet> points;   //!< of a grid of points, the same for all; else null

    //- x, and 0 in cells without fluid
    torch::Tensor masked(const torch::Tensor& x) const;

    //- x in cells with fluid, `solid` elsewhere
    torch::Tensor select(const torch::Tensor& x, const torch::Tensor& solid) const;

    //- x with the channels behind its own, in its type
    torch::Tensor withChannels(const torch::Tensor& x) const;

    //- Mean over all axes, each cell weighted by its fraction of fluid: a scalar
    torch::Tensor mean(const torch::Tensor& x) const;

    //- Mean over cells, weighted: [n][channel]
    torch::Tensor cellMean(const torch::Tensor& x) const;

    //- Mean over channels and cells, weighted: [n]
    torch::Tensor memberMean(const torch::Tensor& x) const;

    //- Mean over members and cells, weighted: [channel]
    torch::Tensor channelMean(const torch::Tensor& x) const;

    //- Unbiased variance over cells, weighted: [n][channel]
    torch::Tensor cellVariance(const torch::Tensor& x) const;

    //- Those of some members
    FlowGeometry ofMembers(const torch::Tensor& indices) const;

    FlowGeometry to(torch::Device device, torch::ScalarType type) const;
};

//- The tensors of one geometry, float64, on the CPU. `channels`: null for a model that sees none. Throws Error where its arrays do
//  not fit the grid, a value is not finite or no fraction, or a grid of points has no points.
FlowGeometry makeFlowGeometry(const Geometry& geometry, const Grid& grid, const GeometryChannels* channels);

//- Makes the tensors of the states' geometries: once for each, however often they come
class FlowGeometries
{
public:

    //- `pointwise`: whether the model's variables are (see Variables); where they are not, cells without fluid are refused
    FlowGeometries(const Manifest& manifest, bool pointwise, const std::string& where);

    //- Of the members, on the device. Throws Error where one has none and the model needs it, and where members are on different
    //  points.
    FlowGeometry of(const std::vector<State>& members, torch::Device device, torch::ScalarType type);

private:

    const FlowGeometry& find(const State& state, torch::Device device, torch::ScalarType type);

    struct Entry { std::weak_ptr<const Geometry> owner; const Geometry* geometry; FlowGeometry tensors; };

    Grid grid_;
    std::optional<GeometryChannels> channels_;
    bool pointwise_;
    std::string where_;
    std::vector<Entry> entries_;   //!< all for the same device and type
};

//- Throws Error where variables that are not pointwise meet cells without fluid
void requirePointwise(bool pointwise, const FlowGeometry& geometry, const std::string& where);

} // namespace surrogate
