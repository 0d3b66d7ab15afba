#pragma once

#include "core/grid.h"
#include "core/settings.h"

#include <torch/torch.h>

#include <memory>
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
};

//- A network on a grid. Tensors are [n][channel][(z)][y][x], channels-last in memory; a 1-D grid has [n][channel][1][x].
class Network : public torch::nn::Module
{
public:

    //- x: shape.inputs channels on the grid, in the network's precision. Returns shape.outputs channels on the grid.
    //  embeddings: conditioning vectors [n][size], as many as the network was built with.
    virtual torch::Tensor forward(const torch::Tensor& x, const std::vector<torch::Tensor>& embeddings = {}) = 0;

    //- Every option with its value, defaults included: what the model file keeps
    virtual Settings settings() const = 0;

    //- Scales the last layer's weights
    virtual void scaleOutput(double factor) = 0;

    //- Number of trainable parameters
    std::int64_t nParameters() const;
};

//- Makes the named network; throws Error that lists the names, or the option that does not fit. To add a network: its own
//  file, and a line in the table of networks.cpp.
std::shared_ptr<Network> makeNetwork(const std::string& name, const NetworkShape& shape, const Settings& settings);

} // namespace surrogate
