#pragma once

#include "model/torch/networks/fourierModes.h"

#include <torch/torch.h>

#include <memory>

namespace surrogate
{

//- Spectral convolution of each channel with itself alone: each of its lowest Fourier modes is multiplied by a complex weight, the
//  others are dropped. HINE, arXiv 2506.04528.
class DepthwiseSpectralImpl : public torch::nn::Module
{
public:

    DepthwiseSpectralImpl(std::shared_ptr<FourierModes> modes, int channels);

    //- [n][channels][(z)][y][x], in one dimension [n][channels][1][x], on the grid of the modes -> the same
    torch::Tensor forward(const torch::Tensor& x);

    torch::Tensor weight;   //!< [2][modes][channels]: real and imaginary parts

private:

    std::shared_ptr<FourierModes> modes_;
};
TORCH_MODULE(DepthwiseSpectral);

} // namespace surrogate
