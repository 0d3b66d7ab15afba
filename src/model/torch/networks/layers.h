#pragma once

#include "model/torch/activatePad.h"
#include "model/torch/kernels/bfloat16Convolution.h"

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace surrogate
{

//- Weights in the order of kernels::Bfloat16Convolution, made at first use. For inference alone: the weights must not change.
class PackedWeights
{
public:

    //- Whether convolve() serves here: no gradient wanted, weights and input bfloat16 on a processor that it pays on
    static bool serve(const torch::Tensor& x, const torch::Tensor& weight, const Axes& axes);

    //- convolution of x, already padded, with weight and bias (+ addend where defined)
    torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias, const Axes& axes,
        int stride, const torch::Tensor& addend = {});

private:

    std::shared_ptr<kernels::Bfloat16Convolution> kernel_;
};

//- Convolution over the grid's axes with `kernel` cells along each, stride 1 or 2, padding by the kernel's half width as Axes
//  has it. forward(x) = convolution(pad(activation(x))) (+ addend), one memory pass before the
//  convolution. Weights are kept in channels-last order and cast to the input's precision.
class ConvolutionImpl : public torch::nn::Module
{
public:

    ConvolutionImpl(const Axes& axes, int inputs, int outputs, int kernel, int stride = 1);

    torch::Tensor forward(const torch::Tensor& x, Activation activation = Activation::identity,
        const torch::Tensor& addend = {});

    torch::Tensor weight;   //!< [outputs][inputs][(kz)][ky][kx]
    torch::Tensor bias;     //!< [outputs]

private:

    Axes axes_;
    int kernel_;
    int stride_;
    PackedWeights packed_;
};
TORCH_MODULE(Convolution);

//- Doubles the resolution: the transposed convolution of kernel 4, stride 2 and padding 1, computed as a convolution of kernel 3
//  followed by a shuffle of channels into cells, which also pads as Axes has it and runs in bfloat16.
class UpsampleImpl : public torch::nn::Module
{
public:

    UpsampleImpl(const Axes& axes, int inputs, int outputs);

    torch::Tensor forward(const torch::Tensor& x);

    torch::Tensor weight;   //!< [inputs][outputs][(4)][4][4], as in a transposed convolution; a 1-D grid has [1][4]
    torch::Tensor bias;     //!< [outputs]

private:

    //- The equivalent kernel-3 weight [2^d outputs][inputs][(3)][3][3]
    torch::Tensor asConvolution() const;

    Axes axes_;
    int outputs_;
    torch::Tensor cached_;   //!< asConvolution() in the precision of use, while no gradient is wanted
    PackedWeights packed_;
};
TORCH_MODULE(Upsample);

//- Moves blocks of factor^d cells into channels: [n][c][y][x] -> [n][factor^2 c][y/factor][x/factor]
torch::Tensor cellsToChannels(const torch::Tensor& x, const Axes& axes, int factor);

//- The reverse: [n][factor^2 c][y][x] -> [n][c][factor y][factor x]
torch::Tensor channelsToCells(const torch::Tensor& x, const Axes& axes, int factor);

//- The layer in the input's precision
torch::Tensor linear(const torch::nn::Linear& layer, const torch::Tensor& x);

//- Group normalisation in the input's precision, or nothing where groups = 0
class NormalisationImpl : public torch::nn::Module
{
public:

    NormalisationImpl(int groups, int channels);

    torch::Tensor forward(const torch::Tensor& x);

private:

    int groups_;
    torch::Tensor weight_, bias_;
};
TORCH_MODULE(Normalisation);

//- Single-head self-attention over all cells with a residual connection; softmax over keys
class AttentionImpl : public torch::nn::Module
{
public:

    explicit AttentionImpl(int channels);

    torch::Tensor forward(const torch::Tensor& x);

private:

    torch::nn::Linear queryKeyValue_{nullptr}, output_{nullptr};
};
TORCH_MODULE(Attention);

//- Pre-activation residual block: x -> conv(act(norm(conv(act(norm(x)))))) + shortcut(x), the shortcut a 1x1 convolution where
//  the number of channels changes. After each convolution, for each conditioning vector e in turn: h <- act(h + Linear(e)), as
//  published; or, with sumConditions, h <- h + the sum of all Linear(e).
class ResidualBlockImpl : public torch::nn::Module
{
public:

    struct Options
    {
        Activation activation = Activation::gelu;
        int groups = 0;                  //!< of the normalisation; 0: none
        std::vector<int> embeddings;     //!< sizes of the conditioning vectors
        bool sumConditions = false;
    };

    ResidualBlockImpl(const Axes& axes, int inputs, int outputs, const Options& options);

    torch::Tensor forward(const torch::Tensor& x, const std::vector<torch::Tensor>& embeddings);

private:

    torch::Tensor condition(torch::Tensor h, const std::vector<torch::Tensor>& embeddings, torch::nn::ModuleList& linears);

    Axes axes_;
    Options options_;
    Normalisation norm1_{nullptr}, norm2_{nullptr};
    Convolution convolution1_{nullptr}, convolution2_{nullptr}, shortcut_{nullptr};
    torch::nn::ModuleList linears1_, linears2_;
};
TORCH_MODULE(ResidualBlock);

} // namespace surrogate
