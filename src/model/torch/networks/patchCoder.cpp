#include "model/torch/networks/patchCoder.h"

#include "core/error.h"
#include "model/torch/networks/overlappingPatches.h"
#include "model/torch/networks/patchResize.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

PatchCoderImpl::PatchCoderImpl(const Grid& grid, int inputs, int outputs, const Options& options, const std::string& where)
:
    dimensions_(grid.dimensions),
    options_(options)
{
    for (const long patch : options_.patches)
    {
        const auto factors = patchFactors(int(patch));
        lattices_.emplace(patch, options_.modulation == Modulation::kernel
          ? PatchLattice::ofKernels(grid, factors, where)
          : PatchLattice::ofStrides(grid, options_.kernels, factors, where));
    }

    const int hidden = options_.width/4, d = dimensions_;
    const auto [k1, k2] = options_.kernels;
    const int cells1 = int(std::lround(std::pow(k1, d))), cells2 = int(std::lround(std::pow(k2, d)));
    const auto bias = [this](const char* name, int channels) { return register_parameter(name, torch::zeros({channels})); };

    toHidden_ = kernel("toHidden", {hidden, inputs}, 1, k1, cells1*inputs);
    hiddenBias_ = bias("hiddenBias", hidden);
    hiddenNorm_ = register_module("hiddenNorm", TokenGroupNorm(hidden));
    toToken_ = kernel("toToken", {options_.width, hidden}, 1, k2, cells2*hidden);
    tokenBias_ = bias("tokenBias", options_.width);
    tokenNorm_ = register_module("tokenNorm", TokenGroupNorm(options_.width));
    fromToken_ = kernel("fromToken", {hidden, options_.width}, 0, k2, options_.width);
    decoderNorm_ = register_module("decoderNorm", TokenGroupNorm(hidden));
    fromHidden_ = kernel("fromHidden", {outputs, hidden}, 0, k1, hidden);
    outputBias_ = bias("outputBias", outputs);

    for (int axis = 0; axis < d; ++axis)
    {
        for (int side = 0; side < 2 && !grid.periodic[axis]; ++side)
        {
            bool used = false;
            for (const auto& entry : lattices_) used = used || entry.second.padding[axis][side] > 0;
            if (used) sides_.push_back({axis, side});
        }
    }
    if (!sides_.empty()) sideValues_ = register_parameter("sideValues", torch::zeros({std::int64_t(sides_.size()), inputs}));
}

Tensor PatchCoderImpl::kernel(const std::string& name, std::vector<std::int64_t> sizes, int axis, int cells, int fanIn)
{
    sizes.insert(sizes.begin() + axis, dimensions_, cells);
    const double bound = 1/std::sqrt(double(fanIn));
    return register_parameter(name, torch::empty(sizes).uniform_(-bound, bound));
}

Tensor PatchCoderImpl::resized(const Tensor& kernel, int axis, int size, bool transposed, torch::ScalarType type) const
{
    if (kernel.size(axis) == size) return kernel.to(type);

    // in float32 at least: rounding once, at the end
    const Tensor precise = kernel.scalar_type() == torch::kBFloat16 ? kernel.to(torch::kFloat) : kernel;
    const double scale = transposed ? std::pow(double(size)/double(kernel.size(axis)), dimensions_) : 1;
    return (scale*patchResize(precise, axis, dimensions_, size)).to(type).contiguous();
}

Tensor PatchCoderImpl::averaged(const Tensor& kernel, long patch, int convolution, torch::ScalarType type) const
{
    const double overlap = double(lattice(patch).kernels[convolution])/lattice(patch).strides[convolution];
    return (kernel/std::pow(overlap, dimensions_)).to(type);
}

PatchCoderImpl::Kernels PatchCoderImpl::ofEncoder(long patch, torch::ScalarType type) const
{
    const auto [k1, k2] = lattice(patch).kernels;
    return {resized(toHidden_, 1, k1, false, type), resized(toToken_, 1, k2, false, type)};
}

PatchCoderImpl::Kernels PatchCoderImpl::ofDecoder(long patch, torch::ScalarType type) const
{
    if (options_.modulation == Modulation::stride)
    {
        return {averaged(fromToken_, patch, 1, type), averaged(fromHidden_, patch, 0, type)};
    }
    const auto [k1, k2] = lattice(patch).kernels;
    return {resized(fromToken_, 0, k2, true, type), resized(fromHidden_, 0, k1, true, type)};
}

PatchCoderImpl::Kernels PatchCoderImpl::kernels(Cache& cache, Make make, long patch, const Tensor& x) const
{
    const auto type = x.scalar_type();
    if (torch::GradMode::is_enabled())
    {
        cache.clear();
        return (this->*make)(patch, type);
    }
    Kernels& kept = cache[patch];
    if (!kept.first.defined() || kept.first.scalar_type() != type || kept.first.device() != x.device()) kept = (this->*make)(patch, type);
    return kept;
}

Tensor PatchCoderImpl::padded(const Tensor& x, long patch)
{
    const PatchLattice& to = lattice(patch);
    const auto tensorAxis = [this](int axis) { return std::int64_t(dimensions_ - axis); };

    Tensor h = x;
    std::vector<std::int64_t> zeros{0, 0};   // of channels, x, y, z
    bool bounded = false;
    for (int axis = 0; axis < dimensions_; ++axis)
    {
        const auto [before, after] = to.padding[axis];
        bool isBounded = false;
        for (const Side& side : sides_) isBounded = isBounded || side.axis == axis;
        if (!isBounded && before + after > 0)
        {
            const std::int64_t a = tensorAxis(axis), n = h.size(a);
            h = torch::cat({h.narrow(a, n - before, before), h, h.narrow(a, 0, after)}, a);
        }
        zeros.insert(zeros.end(), {isBounded ? before : 0, isBounded ? after : 0});
        bounded = bounded || (isBounded && before + after > 0);
    }
    if (!bounded) return h;
    h = torch::constant_pad_nd(h, zeros);

    Tensor& strips = strips_[patch];
    if (!strips.defined() || strips.device() != x.device())
    {
        const c10::InferenceMode ordinary(false);   // later uses may want gradients
        std::vector<std::int64_t> sizes(h.sizes().begin() + 1, h.sizes().end() - 1);
        std::vector<Tensor> masks;
        for (const Side& side : sides_)
        {
            Tensor mask = torch::zeros(sizes, torch::kFloat);
            const std::int64_t a = tensorAxis(side.axis) - 1, width = to.padding[side.axis][side.side];
            mask.narrow(a, side.side == 0 ? 0 : mask.size(a) - width, width).fill_(1);
            masks.push_back(mask);
        }
        strips = torch::stack(masks, -1).to(x.device());
    }
    const auto type = x.scalar_type();
    return h + torch::matmul(strips.to(type), sideValues_.to(type));
}

Tensor PatchCoderImpl::encode(const Tensor& x, long patch, torch::ScalarType precision)
{
    const PatchLattice& to = lattice(patch);
    const auto wraps = to.wrapsOfTensor();
    const Kernels weights = kernels(encoder_, &PatchCoderImpl::ofEncoder, patch, x);
    Tensor h = toPatches(padded(x, patch), {to.kernels[0], to.strides[0], wraps});
    h = linearTokens(h, weights.first, hiddenBias_).to(precision);
    h = activateTokens(hiddenNorm_(h), Activation::gelu);
    h = toPatches(h, {to.kernels[1], to.strides[1], wraps});
    return tokenNorm_(linearTokens(h, weights.second, tokenBias_));
}

Tensor PatchCoderImpl::decode(const Tensor& tokens, long patch)
{
    const PatchLattice& from = lattice(patch);
    const auto wraps = from.wrapsOfTensor();
    const Kernels weights = kernels(decoder_, &PatchCoderImpl::ofDecoder, patch, tokens);
    Tensor h = fromPatches(linearTokens(tokens, weights.first), {from.kernels[1], from.strides[1], wraps});
    h = activateTokens(decoderNorm_(h), Activation::gelu);
    h = fromPatches(linearTokens(h, weights.second), {from.kernels[0], from.strides[0], wraps});
    for (int axis = 0; axis < dimensions_; ++axis)
    {
        h = h.narrow(dimensions_ - axis, from.padding[axis][0], from.cells[axis]);
    }
    return h + outputBias_.to(h.scalar_type());
}

void PatchCoderImpl::scaleOutput(double factor)
{
    torch::NoGradGuard noGradient;
    fromHidden_.mul_(factor);
    outputBias_.mul_(factor);
}

} // namespace surrogate
