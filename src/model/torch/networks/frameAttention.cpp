#include "model/torch/networks/frameAttention.h"

#include "model/torch/networks/layers.h"

#include <vector>

namespace surrogate
{

using torch::Tensor;

FrameAttentionImpl::FrameAttentionImpl(int width, int heads, int frames)
:
    heads_(heads), frames_(frames)
{
    norm_ = register_module("norm", TokenLayerNorm(width));
    queryKeyValue_ = register_module("queryKeyValue", torch::nn::Linear(width, 3*width));
    queryNorm_ = register_module("queryNorm", TokenLayerNorm(width/heads));
    keyNorm_ = register_module("keyNorm", TokenLayerNorm(width/heads));
    output_ = register_module("output", torch::nn::Linear(width, width));
    bias_ = register_parameter("bias", torch::zeros({heads, 2*frames - 1}));
}

Tensor FrameAttentionImpl::forward(const Tensor& x)
{
    const std::int64_t n = x.size(0), tokens = x.size(2);
    const Tensor all = linear(queryKeyValue_, norm_(x)).view({n, frames_, tokens, 3, heads_, -1}).permute({3, 0, 2, 4, 1, 5})
        .contiguous();   // [3][n][token][head][frame][channel]
    std::vector<Tensor> ofQueries;
    for (int query = 0; query < frames_; ++query) ofQueries.push_back(bias_.narrow(1, frames_ - 1 - query, frames_));
    const Tensor bias = torch::stack(ofQueries, 1).to(x.scalar_type());
    const Tensor y = attend(queryNorm_(all[0]), keyNorm_(all[1]), all[2], bias);
    return linear(output_, y.permute({0, 3, 1, 2, 4}).reshape(x.sizes()));
}

} // namespace surrogate
