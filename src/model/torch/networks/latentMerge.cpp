#include "model/torch/networks/latentMerge.h"

#include "core/error.h"
#include "model/torch/networks/layers.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;

LatentMergeImpl::LatentMergeImpl(const std::string& kind, int channels, const std::string& where)
:
    kind_(kind)
{
    const std::vector<std::string> kinds{"weights", "sum", "scalar", "projection", "projectionIdentity", "concatenation"};
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    {
        throw Error({"Unknown way to merge input and latent state", where + ", entry merge", "one of the names below", kind, kinds});
    }
    if (kind == "weights" || kind == "scalar")
    {
        const int n = kind == "scalar" ? 1 : channels;
        ofInput_ = register_parameter("ofInput", torch::ones({n}));
        ofState_ = register_parameter("ofState", torch::ones({n}));
    }
    if (kind.rfind("projection", 0) == 0)
    {
        project_ = register_module("project", torch::nn::Linear(2*channels, channels));
        if (kind == "projection") return;
        const torch::NoGradGuard noGradient;
        project_->weight.copy_(torch::eye(channels).repeat({1, 2}));
        project_->bias.zero_();
    }
}

Tensor LatentMergeImpl::forward(const Tensor& c, const Tensor& z)
{
    if (kind_ == "sum") return c + z;
    if (ofInput_.defined()) return torch::addcmul(c*ofInput_.to(c.scalar_type()), z, ofState_.to(c.scalar_type()));
    const Tensor both = torch::cat({c, z}, -1);
    return project_ ? linear(project_, both) : both;
}

} // namespace surrogate
