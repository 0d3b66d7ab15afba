#pragma once

#include "model/torch/activatePad.h"
#include "model/torch/networks/fourierModes.h"

#include <torch/torch.h>

#include <memory>

namespace surrogate
{

//- Mixes channels in each of the lowest Fourier modes: [n][..cells..][inputs] -> [n][..cells..][outputs]
class SpectralConvolutionImpl : public torch::nn::Module
{
public:

    SpectralConvolutionImpl(std::shared_ptr<FourierModes> modes, int inputs, int outputs);

    torch::Tensor forward(const torch::Tensor& x);

    torch::Tensor weight;   //!< [modes][inputs][real, imaginary: 2][outputs]

private:

    std::shared_ptr<FourierModes> modes_;
};
TORCH_MODULE(SpectralConvolution);

//- Fourier layer, activation(spectral convolution(x) + W x + b): [n][..cells..][inputs] -> [n][..cells..][outputs].
//  Li et al. 2021, "Fourier neural operator for parametric partial differential equations".
class FourierLayerImpl : public torch::nn::Module
{
public:

    FourierLayerImpl(std::shared_ptr<FourierModes> modes, int inputs, int outputs, Activation activation);

    torch::Tensor forward(const torch::Tensor& x);

private:

    SpectralConvolution spectral_{nullptr};
    torch::nn::Linear pointwise_{nullptr};
    Activation activation_;
};
TORCH_MODULE(FourierLayer);

//- Without padding, for tensors in any order
torch::Tensor pointwiseActivation(const torch::Tensor& x, Activation activation);

} // namespace surrogate
