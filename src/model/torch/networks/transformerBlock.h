#pragma once

#include "model/torch/networks/rotaryPositions.h"
#include "model/torch/networks/tokenLayers.h"

#include <torch/torch.h>

namespace surrogate
{

//- Pre-norm transformer block on tokens x: [n][tokens][width]. x + c1*attention(norm(x)), then x + c2*mlp(norm(x)), c1 and c2
//  learned for each channel (layer scale). Attention of several heads over all tokens, queries and keys normalised and turned by
//  their positions (rotaryPositions.h).
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
        double layerScale = 0.1;     //!< c1 and c2 at the start
    };

    explicit TransformerBlockImpl(const Options& options);

    //- turn: in x's precision, on its device. kept: by what each sample's two branches are multiplied, [n][1][1]; undefined: 1
    torch::Tensor forward(const torch::Tensor& x, const RotaryPositions::Turn& turn, const torch::Tensor& kept = {});

private:

    torch::Tensor attention(const torch::Tensor& x, const RotaryPositions::Turn& turn);
    torch::Tensor mlp(const torch::Tensor& x);

    //- x + scale*kept*branch
    static torch::Tensor add(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& kept, const torch::Tensor& branch);

    Options options_;
    TokenLayerNorm attentionNorm_{nullptr}, queryNorm_{nullptr}, keyNorm_{nullptr}, mlpNorm_{nullptr};
    torch::nn::Linear queryKeyValue_{nullptr}, attentionOutput_{nullptr}, mlpInput_{nullptr}, mlpOutput_{nullptr};
    torch::Tensor attentionScale_, mlpScale_;
};
TORCH_MODULE(TransformerBlock);

} // namespace surrogate
