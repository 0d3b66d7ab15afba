#pragma once

#include "model/torch/activatePad.h"
#include "model/torch/networks/fourierModes.h"

#include <torch/torch.h>

#include <array>
#include <vector>

namespace surrogate
{

//- Spectral convolution of each channel with itself alone: its Fourier modes up to a highest wave number an axis are each multiplied
//  by a complex weight, the others are dropped. HINE, arXiv 2506.04528.
//  The weights are kept as 2^d real ones a set of wave numbers of magnitudes (|kz|, |ky|, |kx|), which hold the same as the complex
//  ones of all its signs: with J_a the quarter of a wave length's shift along axis a, which makes a cosine of a sine, they are the
//  factors of 1, J_x, J_y, J_x J_y, and so on. Along an axis that is not periodic see FourierModes.
class DepthwiseSpectralImpl : public torch::nn::Module
{
public:

    //- cells: of the tensors along x, y, z. modes: highest wave number along each axis, as far as there are such.
    DepthwiseSpectralImpl(const Axes& axes, const std::array<int, 3>& cells, int channels, int modes);

    //- [n][channels][(z)][y][x], channels-last -> the same
    torch::Tensor forward(const torch::Tensor& x);

    torch::Tensor weight;   //!< [2^d][(kz)][ky][kx][channels]; bit a of the first index is set where J_a takes part

private:

    //- In the precision and on the device of x
    const std::vector<torch::Tensor>& matrices(const torch::Tensor& x);

    int dimensions_;
    std::vector<FourierModes> modes_;        //!< one an axis: x, y, z
    std::vector<torch::Tensor> matrices_;    //!< forward, inverse of each axis
};
TORCH_MODULE(DepthwiseSpectral);

} // namespace surrogate
