#pragma once

#include "model/torch/kernels/paddedActivation.h"

#include <torch/torch.h>

namespace surrogate
{

// Operations on [..][channels], contiguous, in the input's precision whatever the parameters'

//- x weight^T + bias. weight: [outputs][inputs], or of that many numbers in this order; bias: [outputs] or undefined
torch::Tensor linearTokens(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias = {});

torch::Tensor activateTokens(const torch::Tensor& x, Activation activation);

//- SwiGLU (Shazeer 2020): SiLU of the first half of the channels times the other half
torch::Tensor gated(const torch::Tensor& x);

//- As many groups of channels as published, 12, or the largest divisor of 12 that divides the channels
int tokenGroups(int channels);

//- Group normalisation of each sample of x [n][..tokens..][channels], over its tokens and the channels of each group
class TokenGroupNormImpl : public torch::nn::Module
{
public:

    explicit TokenGroupNormImpl(int channels);

    torch::Tensor forward(const torch::Tensor& x);

private:

    int groups_;
    torch::Tensor weight_, bias_;
};
TORCH_MODULE(TokenGroupNorm);

//- Normalises each token by its channels
class TokenLayerNormImpl : public torch::nn::Module
{
public:

    explicit TokenLayerNormImpl(int channels);

    torch::Tensor forward(const torch::Tensor& x);

private:

    torch::Tensor weight_, bias_;
};
TORCH_MODULE(TokenLayerNorm);

//- Softmax attention: softmax(q k^T / sqrt(channels) + bias) v over keys; q, k, v: [..][tokens][channels], bias: [..][queries][keys]
//  or undefined, in their precision. Where no gradient is wanted, its memory is bounded whatever the number of tokens.
torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, const torch::Tensor& bias = {});

} // namespace surrogate
