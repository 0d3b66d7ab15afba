#include "model/torch/networks/conditioning.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

ConditionMlpImpl::ConditionMlpImpl(int size)
{
    first_ = register_module("first", torch::nn::Linear(size, size));
    second_ = register_module("second", torch::nn::Linear(size, size));
}

Tensor ConditionMlpImpl::forward(const Tensor& x)
{
    return activate(linear(second_, activate(linear(first_, x), Activation::gelu)), Activation::gelu);
}

Tensor sinusoidalEmbedding(const Tensor& number, int size)
{
    const int half = size/2;
    const Tensor exponents = torch::arange(half, torch::kDouble)*(-std::log(1e4)/std::max(1, half - 1));
    const Tensor phases = number.to(torch::kDouble).unsqueeze(1)*torch::exp(exponents).to(number.device()).unsqueeze(0);
    return torch::cat({torch::sin(phases), torch::cos(phases)}, 1).to(torch::kFloat);
}

LevelHeadImpl::LevelHeadImpl(const Axes& axes, int channels, int cells, int features, int levels)
{
    const int each = std::max(1, int(std::lround(double(features)/cells)));
    convolution_ = register_module("convolution", Convolution(axes, channels, channels, 3));
    project_ = register_module("project", Convolution(axes, channels, each, 1));
    first_ = register_module("first", torch::nn::Linear(each*cells, levels));
    second_ = register_module("second", torch::nn::Linear(levels, levels));
}

Tensor LevelHeadImpl::forward(const Tensor& x)
{
    const Tensor h = project_(convolution_(x, Activation::gelu), Activation::gelu);
    // the logits in float32: bfloat16 would make neighbouring levels equal
    return linear(second_, activate(linear(first_, h.flatten(1)).to(torch::kFloat), Activation::gelu));
}

} // namespace surrogate
