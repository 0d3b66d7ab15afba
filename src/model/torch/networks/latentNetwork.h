#pragma once

#include "model/torch/networks/network.h"

namespace surrogate
{

//- A network of three parts: an encoder into a latent state, a processor of latent states, a decoder. What iterates the processor
//  (see recurrentNetwork.h) is built around one. Latent states are [n][..tokens..][channels], contiguous.
class LatentNetwork : public Network
{
public:

    //- x as in evaluate()
    virtual torch::Tensor encode(const torch::Tensor& x) = 0;

    virtual torch::Tensor process(const torch::Tensor& latent) = 0;

    //- The output channels on the grid, as evaluate() returns them. x: what was encoded
    virtual torch::Tensor decode(const torch::Tensor& latent, const torch::Tensor& x) = 0;

    //- Of latent states
    virtual int nChannels() const = 0;

    Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override
    {
        TORCH_CHECK(numbers.empty(), "A network that is not conditioned by numbers was given ", numbers.size());
        return {decode(process(encode(x)), x), {}};
    }

    std::vector<torch::Tensor> levels(const torch::Tensor&, const std::vector<torch::Tensor>&) override { return {}; }
};

} // namespace surrogate
