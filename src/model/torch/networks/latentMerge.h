#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

namespace surrogate
{

//- How a recurrent network puts the encoded input c and its latent state z together, both [n][..tokens..][channels], before each
//  iteration. RecurrSim (Majid et al. 2026), whose best one is weights.
//
//  weights       a c + b z, a and b learned for each channel
//  sum           c + z
//  scalar        a c + b z, a and b learned
//  projection    linear map of (c, z) to the channels, freely initialised
//  projectionIdentity   the same, initialised to the sum
//  concatenation (c, z), twice the channels: the processor must read two latent states
class LatentMergeImpl : public torch::nn::Module
{
public:

    //- Throws Error, naming `where`, that lists the names
    LatentMergeImpl(const std::string& kind, int channels, const std::string& where);

    torch::Tensor forward(const torch::Tensor& c, const torch::Tensor& z);

    //- Latent states that the result is as wide as
    static int latents(const std::string& kind) { return kind == "concatenation" ? 2 : 1; }

private:

    std::string kind_;
    torch::Tensor ofInput_, ofState_;   //!< [channels] or [1]
    torch::nn::Linear project_{nullptr};
};
TORCH_MODULE(LatentMerge);

} // namespace surrogate
