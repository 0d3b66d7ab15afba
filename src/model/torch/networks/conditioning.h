#pragma once

#include "model/torch/networks/layers.h"

namespace surrogate
{

//- Two linear layers of one size, each followed by GELU: [n][size] -> [n][size]. Section 1.2 of the SNS paper's network.
class ConditionMlpImpl : public torch::nn::Module
{
public:

    explicit ConditionMlpImpl(int size);

    torch::Tensor forward(const torch::Tensor& x);

private:

    torch::nn::Linear first_{nullptr}, second_{nullptr};
};
TORCH_MODULE(ConditionMlp);

//- Sines and cosines of a number at `size`/2 frequencies from 1 to 1e-4 (Vaswani et al. 2017): [n] -> [n][size], float32
torch::Tensor sinusoidalEmbedding(const torch::Tensor& number, int size);

//- Classifies the noise level of one frame from a network's bottleneck: [n][channels][..cells..] -> logits [n][levels], float32.
//  conv 3 - conv 1 to round(features/cells) channels - flatten - linear - linear, GELU before each but the first linear.
//  Pedersen et al. 2025 (Thermalizer), whose features are 4096.
class LevelHeadImpl : public torch::nn::Module
{
public:

    LevelHeadImpl(const Axes& axes, int channels, int cells, int features, int levels);

    torch::Tensor forward(const torch::Tensor& x);

private:

    Convolution convolution_{nullptr}, project_{nullptr};
    torch::nn::Linear first_{nullptr}, second_{nullptr};
};
TORCH_MODULE(LevelHead);

} // namespace surrogate
