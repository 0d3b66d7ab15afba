#pragma once

#include "core/grid.h"
#include "core/networkControls.h"
#include "core/noise.h"
#include "core/settings.h"
#include "model/torch/pointSet.h"

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- What a network is built for
struct NetworkShape
{
    Grid grid;
    int inputs = 1;    //!< channels in
    int outputs = 1;   //!< channels out

    //- Where `grid` is a tile: its first cell in the whole grid (may be negative, along periodic axes), and the cells of that; 0:
    //  the grid is whole
    std::array<int, 3> first{{0, 0, 0}};
    std::array<int, 3> whole{{0, 0, 0}};

    //- Of a hierarchical emulator with hints (see Hierarchy in core/manifest.h), else empty: its inputs are `variables` channels,
    //  the channels of hint 1, of hint 2, ..., one that holds the number of hints that are known, then any others; its outputs are
    //  the channels of the state, of hint 1, of hint 2, ..., as many each. A value of a hint stands in all cells of its block; of
    //  the outputs, the mean over the block counts. A network may use them as any other channels.
    std::vector<int> pool;
    int variables = 0;

    int latents = 1;   //!< latent states that a LatentNetwork's processor reads, one behind the other
};

//- How a network can be evaluated on a part of its grid
struct Tiling
{
    int alignment = 1;   //!< tiles begin and end at multiples of so many cells
    int halo = 0;        //!< cells beyond a tile's sides that it sees, a multiple of the alignment
};

//- A network on a grid. Tensors are [n][channel][(z)][y][x], channels-last in memory; a 1-D grid, and points, have [n][channel][1][x].
class Network : public torch::nn::Module
{
public:

    //- The field and, of a network with heads for noise levels, each head's logits [n][levels], float32
    struct Output
    {
        torch::Tensor values;
        std::vector<torch::Tensor> levels;
    };

    //- Of operations after the first layer; not set: x's. The parameters may be kept in another one.
    std::optional<torch::ScalarType> precision;

    //- x: shape.inputs channels on the grid; values: shape.outputs channels on the grid.
    //  numbers: what conditions the network beside x (a noise level, a lag), [n] float32 each, as many as it was built with.
    virtual Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) = 0;

    torch::Tensor forward(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {})
    {
        return evaluate(x, numbers).values;
    }

    //- The heads' logits alone, for less than a whole evaluation; empty where there are no heads
    virtual std::vector<torch::Tensor> levels(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) = 0;

    //- Every option with its value, defaults included: what the model file keeps
    virtual Settings settings() const = 0;

    //- Of a network for points: where they are, for the next evaluations; others are given null
    virtual void setPoints(const std::shared_ptr<const PointSet>& points);

    //- Those of NetworkControls::keywords() that it has
    virtual std::vector<std::string> controls() const { return {}; }

    //- From the next begin() on. Throws Error on controls that it does not have, or that do not fit it.
    virtual void setControls(const NetworkControls& controls);

    //- Called before the evaluations of each time step, and of each iteration of a training: what the network draws at random
    //  (a number of iterations, a patch) is a pure function of noise, and what it does in turn, of noise.timeIndex().
    //  In a training (is_training()) the batch is samples first, first+1, ... of one that all processes share.
    virtual void begin(const Noise& noise, int first = 0);

    //- How the last evaluation's iteration went, one a member; empty where there is none
    virtual std::vector<Convergence> convergence() const { return {}; }

    //- Throws Error where a cell of the output depends on all of the input
    virtual Tiling tiling() const = 0;

    //- Scales the last layer's weights
    virtual void scaleOutput(double factor) = 0;

    //- Number of trainable parameters
    std::int64_t nParameters() const;
};

//- For tiling(): throws the Error of a network whose `part` makes each cell of its output depend on the whole grid
[[noreturn]] void refuseTiling(const std::string& part);

//- Makes the named network; throws Error that lists the names, or those for the kind of grid, or the option that does not fit. To
//  add a network: its own file, and a line in the table of networks.cpp.
std::shared_ptr<Network> makeNetwork(const std::string& name, const NetworkShape& shape, const Settings& settings);

} // namespace surrogate
