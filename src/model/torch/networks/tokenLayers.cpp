#include "model/torch/networks/tokenLayers.h"

#include "model/torch/activatePad.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace surrogate
{

using torch::Tensor;

Tensor linearTokens(const Tensor& x, const Tensor& weight, const Tensor& bias)
{
    const auto type = x.scalar_type();
    return torch::linear(x, weight.to(type).reshape({-1, x.size(-1)}), bias.defined() ? bias.to(type) : bias);
}

Tensor activateTokens(const Tensor& x, Activation activation)
{
    // as the cells of a 2-D grid in channels-last order: no copy
    static const Axes axes(2, {});
    const Tensor cells = x.reshape({1, 1, -1, x.size(-1)}).permute({0, 3, 1, 2});
    return activate(cells, activation, axes).permute({0, 2, 3, 1}).reshape(x.sizes());
}

Tensor gated(const Tensor& x)
{
    const auto halves = x.chunk(2, -1);
    return activateTokens(halves[0], Activation::silu)*halves[1];
}

int tokenGroups(int channels) { return std::gcd(12, channels); }

TokenGroupNormImpl::TokenGroupNormImpl(int channels)
:
    groups_(tokenGroups(channels))
{
    weight_ = register_parameter("weight", torch::ones({channels}));
    bias_ = register_parameter("bias", torch::zeros({channels}));
}

Tensor TokenGroupNormImpl::forward(const Tensor& x)
{
    const Tensor cells = x.reshape({x.size(0), 1, -1, x.size(-1)}).permute({0, 3, 1, 2});
    const auto type = weight_.scalar_type();
    return torch::group_norm(cells.to(type), groups_, weight_, bias_).to(x.scalar_type()).permute({0, 2, 3, 1}).reshape(x.sizes());
}

TokenLayerNormImpl::TokenLayerNormImpl(int channels)
{
    weight_ = register_parameter("weight", torch::ones({channels}));
    bias_ = register_parameter("bias", torch::zeros({channels}));
}

Tensor TokenLayerNormImpl::forward(const Tensor& x)
{
    const auto type = x.scalar_type();
    return torch::layer_norm(x, {x.size(-1)}, weight_.to(type), bias_.to(type));
}

Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& bias)
{
    const double scale = 1/std::sqrt(double(q.size(-1)));
    const Tensor keys = k.transpose(-2, -1);
    const auto of = [&](std::int64_t first, std::int64_t count)
    {
        Tensor weights = torch::matmul(q.narrow(-2, first, count)*scale, keys);
        if (bias.defined()) weights = weights + bias.narrow(-2, first, count);
        return torch::matmul(torch::softmax(weights, -1), v);
    };

    constexpr std::int64_t most = 1 << 25;   // weights at a time
    const std::int64_t aQuery = q.numel()/q.size(-1)/q.size(-2)*k.size(-2);
    const std::int64_t atATime = std::max<std::int64_t>(1, most/aQuery);
    if (torch::GradMode::is_enabled() || atATime >= q.size(-2)) return of(0, q.size(-2));

    std::vector<Tensor> parts;
    for (std::int64_t first = 0; first < q.size(-2); first += atATime)
    {
        parts.push_back(of(first, std::min(atATime, q.size(-2) - first)));
    }
    return torch::cat(parts, -2);
}

} // namespace surrogate
