#pragma once

#include "model/torch/networks/rotaryPositions.h"
#include "model/torch/networks/tokenLayers.h"

#include <torch/torch.h>

namespace surrogate
{

//- Pre-norm block of cross attention: x + c1*attention(norm(x), norm(y)), then x + c2*mlp(norm(x)), c1 and c2 learned for each channel
//  (layer scale), the MLP gated (SwiGLU). Queries are of x, keys and values of y; queries and keys are normalised, and turned by their
//  places.
class CrossAttentionImpl : public torch::nn::Module
{
public:

    //- heads divide the width; hidden: channels inside the MLP; layerScale: c1 and c2 at the start
    CrossAttentionImpl(int width, int heads, int hidden, double layerScale);

    //- x: [n][queries][width], y: [n][keys][width]; turns in their precision, on their device, or without pairs: not turned
    torch::Tensor forward(const torch::Tensor& x, const RotaryPositions::Turn& ofX, const torch::Tensor& y,
        const RotaryPositions::Turn& ofY);

private:

    //- [n][tokens][width] -> [n][heads][tokens][width/heads]
    torch::Tensor byHeads(const torch::Tensor& x) const;

    int heads_;
    TokenLayerNorm xNorm_{nullptr}, yNorm_{nullptr}, queryNorm_{nullptr}, keyNorm_{nullptr}, mlpNorm_{nullptr};
    torch::nn::Linear query_{nullptr}, keyValue_{nullptr}, attentionOutput_{nullptr}, mlpInput_{nullptr}, mlpOutput_{nullptr};
    torch::Tensor attentionScale_, mlpScale_;
};
TORCH_MODULE(CrossAttention);

} // namespace surrogate
