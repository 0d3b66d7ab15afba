#include "model/torch/networks/transformerBlock.h"

#include "model/torch/networks/layers.h"

namespace surrogate
{

using torch::Tensor;

TransformerBlockImpl::TransformerBlockImpl(const Options& options)
:
    options_(options)
{
    const int width = options.width, head = width/options.heads;
    const auto scale = [&](const char* name) { return register_parameter(name, torch::full({width}, options.layerScale)); };

    attentionNorm_ = register_module("attentionNorm", TokenLayerNorm(width));
    queryKeyValue_ = register_module("queryKeyValue", torch::nn::Linear(width, 3*width));
    queryNorm_ = register_module("queryNorm", TokenLayerNorm(head));
    keyNorm_ = register_module("keyNorm", TokenLayerNorm(head));
    attentionOutput_ = register_module("attentionOutput", torch::nn::Linear(width, width));
    attentionScale_ = scale("attentionScale");

    mlpNorm_ = register_module("mlpNorm", TokenLayerNorm(width));
    mlpInput_ = register_module("mlpInput", torch::nn::Linear(width, (options.mlp == Mlp::swiglu ? 2 : 1)*options.hidden));
    mlpOutput_ = register_module("mlpOutput", torch::nn::Linear(options.hidden, width));
    mlpScale_ = scale("mlpScale");

    if (options.frames == 1) return;
    frames_ = register_module("frames", FrameAttention(width, options.heads, options.frames));
    framesScale_ = scale("framesScale");
}

Tensor TransformerBlockImpl::attention(const Tensor& x, const RotaryPositions::Turn& turn)
{
    const std::int64_t n = x.size(0), tokens = x.size(1), heads = options_.heads;
    const Tensor all = linear(queryKeyValue_, x).view({n, tokens, 3, heads, -1}).permute({2, 0, 3, 1, 4}).contiguous();
    const Tensor q = RotaryPositions::apply(queryNorm_(all[0]), turn), k = RotaryPositions::apply(keyNorm_(all[1]), turn);
    return linear(attentionOutput_, attend(q, k, all[2]).transpose(1, 2).reshape(x.sizes()));
}

Tensor TransformerBlockImpl::mlp(const Tensor& x)
{
    const Tensor h = linear(mlpInput_, x);
    if (options_.mlp == Mlp::gelu) return linear(mlpOutput_, activateTokens(h, Activation::gelu));
    return linear(mlpOutput_, gated(h));
}

Tensor TransformerBlockImpl::add(const Tensor& x, const Tensor& scale, const Tensor& kept, const Tensor& branch)
{
    const Tensor factor = scale.to(x.scalar_type());
    return torch::addcmul(x, kept.defined() ? factor*kept : factor, branch);
}

Tensor TransformerBlockImpl::forward(const Tensor& x, const RotaryPositions::Turn& turn, const Tensor& kept, bool lastFrame)
{
    if (!frames_) return ofFrame(x, turn, kept);
    const Tensor keptOfFrames = kept.defined() ? kept.unsqueeze(1) : kept;
    const Tensor h = add(x, framesScale_, keptOfFrames, frames_(x));
    if (lastFrame) return ofFrame(h.select(1, options_.frames - 1).contiguous(), turn, kept);
    const Tensor each = kept.defined() ? kept.repeat_interleave(options_.frames, 0) : kept;
    return ofFrame(h.flatten(0, 1), turn, each).view(x.sizes());
}

Tensor TransformerBlockImpl::ofFrame(const Tensor& x, const RotaryPositions::Turn& turn, const Tensor& kept)
{
    const Tensor h = add(x, attentionScale_, kept, attention(attentionNorm_(x), turn));
    return add(h, mlpScale_, kept, mlp(mlpNorm_(h)));
}

} // namespace surrogate
