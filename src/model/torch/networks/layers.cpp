#include "model/torch/networks/layers.h"

#include "model/torch/networks/tokenLayers.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Uniform on +-1/sqrt(fan-in), the usual start of a convolution or linear layer
void initialise(Tensor& weight, Tensor& bias, std::int64_t fanIn)
{
    const double bound = 1/std::sqrt(double(fanIn));
    torch::NoGradGuard noGradient;
    weight.uniform_(-bound, bound);
    bias.uniform_(-bound, bound);
}

std::vector<std::int64_t> kernelShape(const Axes& axes, std::int64_t first, std::int64_t second, int kernel)
{
    switch (axes.dimensions)
    {
        case 1: return {first, second, 1, kernel};
        case 2: return {first, second, kernel, kernel};
        default: return {first, second, kernel, kernel, kernel};
    }
}

Tensor convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, const Axes& axes, int stride)
{
    if (axes.dimensions == 3) return torch::conv3d(x, weight, bias, stride);
    return torch::conv2d(x, weight, bias, std::vector<std::int64_t>{axes.dimensions == 1 ? 1 : stride, stride});
}

std::array<int, 2> strides(const Axes& axes, int stride) { return {{axes.dimensions == 1 ? 1 : stride, stride}}; }

} // namespace

Tensor linear(const torch::nn::Linear& layer, const Tensor& x)
{
    return torch::nn::functional::linear(x, layer->weight.to(x.scalar_type()), layer->bias.to(x.scalar_type()));
}

// --- PackedWeights ---------------------------------------------------------------------------------------------------------

bool PackedWeights::serve(const Tensor& x, const Tensor& weight, const Axes& axes)
{
    return !torch::GradMode::is_enabled() && x.device().is_cpu()
        && x.scalar_type() == torch::kBFloat16 && weight.scalar_type() == torch::kBFloat16
        && kernels::Bfloat16Convolution::supports(x.size(1)) && kernels::Bfloat16Convolution::pays();
}

Tensor PackedWeights::convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, const Axes& axes, int stride,
    const Tensor& addend)
{
    const auto data = [](const Tensor& t) { return static_cast<kernels::Bfloat16*>(t.data_ptr()); };
    const Tensor in = x.contiguous(axes.memoryFormat());
    const auto [strideY, strideX] = strides(axes, stride);
    kernels::ConvolutionShape shape
    {
        in.size(0), in.size(-2), in.size(-1), in.size(1), weight.size(0), weight.size(-2), weight.size(-1), strideY, strideX
    };
    if (axes.dimensions == 3)
    {
        shape.nz = in.size(2);
        shape.kz = weight.size(2);
        shape.strideZ = stride;
    }
    if (!kernel_)
    {
        const Tensor ordered = weight.contiguous(axes.memoryFormat());
        kernel_ = std::make_shared<kernels::Bfloat16Convolution>(shape, data(ordered), data(bias.contiguous()));
    }
    std::vector<std::int64_t> sizes{shape.n, shape.outputs, shape.oy(), shape.ox()};
    if (axes.dimensions == 3) sizes.insert(sizes.begin() + 2, shape.oz());
    const Tensor out = torch::empty(sizes, in.options(), axes.memoryFormat());
    const Tensor sum = addend.defined() ? addend.contiguous(axes.memoryFormat()) : addend;
    kernel_->run(shape, data(in), sum.defined() ? data(sum) : nullptr, data(out));
    return out;
}

// --- Convolution -----------------------------------------------------------------------------------------------------------

ConvolutionImpl::ConvolutionImpl(const Axes& axes, int inputs, int outputs, int kernel, int stride)
:
    axes_(axes), kernel_(kernel), stride_(stride)
{
    weight = register_parameter("weight",
        torch::empty(kernelShape(axes, outputs, inputs, kernel), torch::kFloat).contiguous(axes.memoryFormat()));
    bias = register_parameter("bias", torch::empty({outputs}));
    initialise(weight, bias, weight[0].numel());
}

Tensor ConvolutionImpl::forward(const Tensor& x, Activation activation, const Tensor& addend)
{
    const bool nothingToDo = kernel_ == 1 && activation == Activation::identity;
    const Tensor in = nothingToDo ? x : activatePad(x, activation, axes_, kernel_/2);
    if (PackedWeights::serve(in, weight, axes_)) return packed_.convolve(in, weight, bias, axes_, stride_, addend);
    const Tensor out = convolve(in, weight.to(x.scalar_type()), bias.to(x.scalar_type()), axes_, stride_);
    return addend.defined() ? out.add_(addend) : out;
}

// --- Upsample --------------------------------------------------------------------------------------------------------------

UpsampleImpl::UpsampleImpl(const Axes& axes, int inputs, int outputs)
:
    axes_(axes), outputs_(outputs)
{
    weight = register_parameter("weight", torch::empty(kernelShape(axes, inputs, outputs, 4)));
    bias = register_parameter("bias", torch::empty({outputs}));
    initialise(weight, bias, weight[0].numel());
}

Tensor UpsampleImpl::asConvolution() const
{
    // Along one axis, fine cell 2i+p takes coarse cells i-1, i, i+1 with taps t: fine = 2 coarse - 1 + t. So parity 0 has
    // taps 3 (from i-1) and 1 (from i), parity 1 has taps 2 (from i) and 0 (from i+1).
    const auto spread = [](const Tensor& w, std::int64_t axis)
    {
        // [.., 4, ..] at axis -> [2 (parity), .., 3, ..]
        const auto tap = [&](std::int64_t t) { return w.select(axis, t); };
        const Tensor none = torch::zeros_like(tap(0));
        return torch::stack({torch::stack({tap(3), tap(1), none}, axis), torch::stack({none, tap(2), tap(0)}, axis)}, 0);
    };

    // weight [in][out][(z)][y][x], expanded from the last axis on: after d steps [pz][py][px][in][out][3][3][3]
    Tensor w = weight;
    for (int d = 0; d < axes_.dimensions; ++d) w = spread(w, w.dim() - 1 - d);
    const int n = axes_.dimensions;
    std::vector<std::int64_t> order;
    for (int d = 0; d < n; ++d) order.push_back(d);              // parities, z first
    order.push_back(n + 1);                                      // out
    order.push_back(n);                                          // in
    for (std::int64_t d = n + 2; d < w.dim(); ++d) order.push_back(d);
    w = w.permute(order);
    return w.flatten(0, n);   // channel = parity*outputs + out
}

Tensor UpsampleImpl::forward(const Tensor& x)
{
    Tensor w;
    if (torch::GradMode::is_enabled())
    {
        cached_ = Tensor();
        w = asConvolution().to(x.scalar_type()).contiguous(axes_.memoryFormat());
    }
    else
    {
        if (!cached_.defined() || cached_.scalar_type() != x.scalar_type() || cached_.device() != x.device())
        {
            cached_ = asConvolution().to(x.scalar_type()).contiguous(axes_.memoryFormat());
        }
        w = cached_;
    }
    const Tensor b = bias.to(x.scalar_type()).repeat({1 << axes_.dimensions});
    const Tensor in = activatePad(x, Activation::identity, axes_, 1);
    const Tensor blocks = PackedWeights::serve(in, weight, axes_)
      ? packed_.convolve(in, w, b, axes_, 1)
      : convolve(in, w, b, axes_, 1);
    return channelsToCells(blocks, axes_, 2);
}

// --- cells and channels ------------------------------------------------------------------------------------------------------

namespace
{

//- Permutes x viewed in channels-last order [n][z][y][x][c], which costs one copy and keeps channels-last
Tensor channelsLast(const Tensor& x) { return x.dim() == 5 ? x.permute({0, 2, 3, 4, 1}) : x.permute({0, 2, 3, 1}).unsqueeze(1); }

Tensor channelsFirst(const Tensor& x, const Axes& axes)
{
    return axes.dimensions == 3 ? x.permute({0, 4, 1, 2, 3}) : x.squeeze(1).permute({0, 3, 1, 2});
}

std::array<std::int64_t, 3> factors(const Axes& axes, int factor)
{
    return {{factor, axes.dimensions > 1 ? factor : 1, axes.dimensions > 2 ? factor : 1}};
}

} // namespace

Tensor cellsToChannels(const Tensor& x, const Axes& axes, int factor)
{
    if (factor == 1) return x;
    const auto [fx, fy, fz] = factors(axes, factor);
    const Tensor in = channelsLast(x);
    const std::int64_t n = in.size(0), nz = in.size(1)/fz, ny = in.size(2)/fy, nx = in.size(3)/fx, c = in.size(4);
    return channelsFirst
    (
        in.reshape({n, nz, fz, ny, fy, nx, fx, c}).permute({0, 1, 3, 5, 2, 4, 6, 7}).reshape({n, nz, ny, nx, fz*fy*fx*c}),
        axes
    );
}

Tensor channelsToCells(const Tensor& x, const Axes& axes, int factor)
{
    if (factor == 1) return x;
    const auto [fx, fy, fz] = factors(axes, factor);
    const Tensor in = channelsLast(x);
    const std::int64_t n = in.size(0), nz = in.size(1), ny = in.size(2), nx = in.size(3), c = in.size(4)/(fx*fy*fz);
    return channelsFirst
    (
        in.reshape({n, nz, ny, nx, fz, fy, fx, c}).permute({0, 1, 4, 2, 5, 3, 6, 7}).reshape({n, nz*fz, ny*fy, nx*fx, c}),
        axes
    );
}

// --- Normalisation -----------------------------------------------------------------------------------------------------------

NormalisationImpl::NormalisationImpl(int groups, int channels)
:
    groups_(groups)
{
    if (!groups_) return;
    weight_ = register_parameter("weight", torch::ones({channels}));
    bias_ = register_parameter("bias", torch::zeros({channels}));
}

Tensor NormalisationImpl::forward(const Tensor& x)
{
    if (!groups_) return x;
    return torch::group_norm(x.to(weight_.scalar_type()), groups_, weight_, bias_).to(x.scalar_type());
}

// --- Attention ---------------------------------------------------------------------------------------------------------------

AttentionImpl::AttentionImpl(int channels)
{
    queryKeyValue_ = register_module("queryKeyValue", torch::nn::Linear(channels, 3*channels));
    output_ = register_module("output", torch::nn::Linear(channels, channels));
}

Tensor AttentionImpl::forward(const Tensor& x)
{
    const Tensor tokens = x.flatten(2).transpose(1, 2);   // [n][cells][channel]
    const auto parts = linear(queryKeyValue_, tokens).chunk(3, -1);
    const Tensor result = linear(output_, attend(parts[0], parts[1], parts[2]));
    return x + result.transpose(1, 2).reshape(x.sizes());
}

// --- ResidualBlock -----------------------------------------------------------------------------------------------------------

ResidualBlockImpl::ResidualBlockImpl(const Axes& axes, int inputs, int outputs, const Options& options)
:
    axes_(axes), options_(options)
{
    norm1_ = register_module("norm1", Normalisation(options.groups, inputs));
    norm2_ = register_module("norm2", Normalisation(options.groups, outputs));
    convolution1_ = register_module("convolution1", Convolution(axes, inputs, outputs, 3));
    convolution2_ = register_module("convolution2", Convolution(axes, outputs, outputs, 3));
    if (inputs != outputs) shortcut_ = register_module("shortcut", Convolution(axes, inputs, outputs, 1));
    register_module("linears1", linears1_);
    register_module("linears2", linears2_);
    for (int size : options.embeddings)
    {
        linears1_->push_back(torch::nn::Linear(size, outputs));
        linears2_->push_back(torch::nn::Linear(size, outputs));
    }

    // starts as its shortcut: without a norm, deep stacks train from there (Zhang et al. 2019, Fixup)
    torch::NoGradGuard noGradient;
    convolution2_->weight.zero_();
    convolution2_->bias.zero_();
}

Tensor ResidualBlockImpl::condition(Tensor h, const std::vector<Tensor>& embeddings, torch::nn::ModuleList& linears)
{
    Tensor sum;
    for (std::size_t j = 0; j < linears->size(); ++j)
    {
        Tensor shift = linear(torch::nn::Linear(linears->ptr<torch::nn::LinearImpl>(j)), embeddings[j].to(h.scalar_type()));
        while (shift.dim() < h.dim()) shift = shift.unsqueeze(-1);
        if (options_.sumConditions) sum = sum.defined() ? sum + shift : shift;
        else h = activate(h + shift, options_.activation, axes_);
    }
    return sum.defined() ? h + sum : h;
}

Tensor ResidualBlockImpl::forward(const Tensor& x, const std::vector<Tensor>& embeddings)
{
    Tensor h = convolution1_(norm1_(x), options_.activation);
    h = condition(h, embeddings, linears1_);
    const Tensor past = shortcut_ ? shortcut_(x) : x;
    if (options_.embeddings.empty()) return convolution2_(norm2_(h), options_.activation, past);
    return condition(convolution2_(norm2_(h), options_.activation), embeddings, linears2_).add_(past);
}

} // namespace surrogate
