#pragma once

#include "model/torch/networks/frameAttention.h"
#include "model/torch/networks/rotaryPositions.h"
#include "model/torch/networks/tokenLayers.h"

#include <torch/torch.h>

namespace surrogate
{

//- Pre-norm transformer block on tokens x: [n][tokens][width]. x + c1*attention(norm(x)), then x + c2*mlp(norm(x)), c1 and c2
//  learned for each channel (layer scale). Attention of several heads over all tokens, queries and keys normalised and turned by
//  their positions (rotaryPositions.h).
//  Of several frames, x + c0*frameAttention(x) comes first (frameAttention.h), and the rest is of each frame on its own.
class TransformerBlockImpl : public torch::nn::Module
{
public:

    enum class Mlp { gelu, swiglu };

    struct Options
    {
        int width = 96;
        int heads = 3;
        Mlp mlp = Mlp::swiglu;
        int hidden = 192;            //!< channels inside the MLP
        double layerScale = 0.1;     //!< c0, c1 and c2 at the start
        int frames = 1;
    };

    explicit TransformerBlockImpl(const Options& options);

    //- x: [n][tokens][width], of several frames [n][frames][tokens][width]. turn: in x's precision, on its device. kept: by what
    //  each sample's branches are multiplied, [n][1][1]; undefined: 1. lastFrame: the result is that frame's alone, [n][tokens][width].
    torch::Tensor forward(const torch::Tensor& x, const RotaryPositions::Turn& turn, const torch::Tensor& kept = {},
        bool lastFrame = false);

private:

    //- Of one frame: [n][tokens][width]
    torch::Tensor ofFrame(const torch::Tensor& x, const RotaryPositions::Turn& turn, const torch::Tensor& kept);

    torch::Tensor attention(const torch::Tensor& x, const RotaryPositions::Turn& turn);
    torch::Tensor mlp(const torch::Tensor& x);

    //- x + scale*kept*branch
    static torch::Tensor add(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& kept, const torch::Tensor& branch);

    Options options_;
    TokenLayerNorm attentionNorm_{nullptr}, queryNorm_{nullptr}, keyNorm_{nullptr}, mlpNorm_{nullptr};
    torch::nn::Linear queryKeyValue_{nullptr}, attentionOutput_{nullptr}, mlpInput_{nullptr}, mlpOutput_{nullptr};
    FrameAttention frames_{nullptr};    //!< of several frames alone
    torch::Tensor attentionScale_, mlpScale_, framesScale_;
};
TORCH_MODULE(TransformerBlock);

} // namespace surrogate
