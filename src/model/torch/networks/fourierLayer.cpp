#include "model/torch/networks/fourierLayer.h"

#include "model/torch/networks/layers.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

SpectralConvolutionImpl::SpectralConvolutionImpl(std::shared_ptr<FourierModes> modes, int inputs, int outputs)
:
    modes_(std::move(modes))
{
    // a quarter of the variance of each mode, so that with the pointwise part the sum does not grow
    const double stddev = 0.5/std::sqrt(2.0*inputs);
    weight = register_parameter("weight", stddev*torch::randn({modes_->size(), inputs, 2, outputs}));
}

Tensor SpectralConvolutionImpl::forward(const Tensor& x)
{
    const std::int64_t n = x.size(0), modes = weight.size(0), inputs = weight.size(1), outputs = weight.size(3);
    const Tensor amplitudes = modes_->analyse(x).permute({2, 1, 0, 3}).reshape({modes, 2*n, inputs});
    const Tensor products = torch::bmm(amplitudes, weight.to(x.scalar_type()).view({modes, inputs, 2*outputs}))
        .view({modes, 2, n, 2, outputs});
    const Tensor ofReal = products.select(1, 0), ofImaginary = products.select(1, 1);   // [modes][n][2][outputs]
    const Tensor mixed = torch::stack({ofReal.select(2, 0) - ofImaginary.select(2, 1), ofReal.select(2, 1) + ofImaginary.select(2, 0)});
    return modes_->synthesise(mixed.permute({2, 0, 1, 3}));
}

FourierLayerImpl::FourierLayerImpl(std::shared_ptr<FourierModes> modes, int inputs, int outputs, Activation activation)
:
    activation_(activation)
{
    spectral_ = register_module("spectral", SpectralConvolution(std::move(modes), inputs, outputs));
    pointwise_ = register_module("pointwise", torch::nn::Linear(inputs, outputs));
}

Tensor FourierLayerImpl::forward(const Tensor& x)
{
    return pointwiseActivation(spectral_(x) + linear(pointwise_, x), activation_);
}

Tensor pointwiseActivation(const Tensor& x, Activation activation)
{
    switch (activation)
    {
        case Activation::gelu: return torch::gelu(x);
        case Activation::silu: return torch::silu(x);
        default: return x;
    }
}

} // namespace surrogate
