#include "model/torch/networks/crossAttention.h"

#include "model/torch/networks/layers.h"

namespace surrogate
{

using torch::Tensor;

CrossAttentionImpl::CrossAttentionImpl(int width, int heads, int hidden, double layerScale)
:
    heads_(heads)
{
    xNorm_ = register_module("xNorm", TokenLayerNorm(width));
    yNorm_ = register_module("yNorm", TokenLayerNorm(width));
    query_ = register_module("query", torch::nn::Linear(width, width));
    keyValue_ = register_module("keyValue", torch::nn::Linear(width, 2*width));
    queryNorm_ = register_module("queryNorm", TokenLayerNorm(width/heads));
    keyNorm_ = register_module("keyNorm", TokenLayerNorm(width/heads));
    attentionOutput_ = register_module("attentionOutput", torch::nn::Linear(width, width));
    attentionScale_ = register_parameter("attentionScale", torch::full({width}, layerScale));
    mlpNorm_ = register_module("mlpNorm", TokenLayerNorm(width));
    mlpInput_ = register_module("mlpInput", torch::nn::Linear(width, 2*hidden));
    mlpOutput_ = register_module("mlpOutput", torch::nn::Linear(hidden, width));
    mlpScale_ = register_parameter("mlpScale", torch::full({width}, layerScale));
}

Tensor CrossAttentionImpl::byHeads(const Tensor& x) const
{
    return x.reshape({x.size(0), x.size(1), heads_, -1}).transpose(1, 2).contiguous();
}

Tensor CrossAttentionImpl::forward(const Tensor& x, const RotaryPositions::Turn& ofX, const Tensor& y, const RotaryPositions::Turn& ofY)
{
    const auto keysValues = linear(keyValue_, yNorm_(y)).chunk(2, -1);
    const Tensor q = RotaryPositions::apply(queryNorm_(byHeads(linear(query_, xNorm_(x)))), ofX);
    const Tensor k = RotaryPositions::apply(keyNorm_(byHeads(keysValues[0])), ofY);
    const Tensor heard = linear(attentionOutput_, attend(q, k, byHeads(keysValues[1])).transpose(1, 2).reshape(x.sizes()));
    const Tensor h = torch::addcmul(x, attentionScale_.to(x.scalar_type()), heard);
    return torch::addcmul(h, mlpScale_.to(x.scalar_type()), linear(mlpOutput_, gated(linear(mlpInput_, mlpNorm_(h)))));
}

} // namespace surrogate
