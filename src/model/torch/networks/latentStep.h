#pragma once

#include "model/torch/networks/latentMerge.h"
#include "model/torch/networks/latentNetwork.h"

#include <functional>
#include <memory>

namespace surrogate
{

//- What a network that iterates is built around: a LatentNetwork of the shape, with the options
using LatentMaker = std::function<std::shared_ptr<LatentNetwork>(const NetworkShape&, const Settings&)>;

//- One iteration of a latent state, z <- norm(processor(merge(c, z))): what recurrent and equilibrium networks have in common.
//  Without a norm, which RecurrSim does not have, z grows without bounds in the first iterations of many a training.
//
//  option of the section | meaning                                                                    | default
//  merge                 | see LatentMerge                                                            | weights
//  norm                  | rms: at each token, the channels' root mean square becomes 1; none         | rms
class LatentStepImpl : public torch::nn::Module
{
public:

    //- all: the options of the network, and in their section `section` those above and the iterating network's own
    LatentStepImpl(const NetworkShape& shape, const Settings& all, const std::string& section, const LatentMaker& make);

    torch::Tensor forward(const torch::Tensor& c, const torch::Tensor& z);

    LatentNetwork& network() const { return *network_; }

    //- Of the network, with merge, norm and `more` in the section
    Settings settings(const Settings& more) const;

private:

    std::string section_, mergeKind_, norm_;
    std::shared_ptr<LatentNetwork> network_;
    LatentMerge merge_{nullptr};
};
TORCH_MODULE(LatentStep);

} // namespace surrogate
