#pragma once

#include "model/torch/networks/tokenLayers.h"

#include <torch/torch.h>

namespace surrogate
{

//- Attention of each token to itself in all frames, x: [n][frames][tokens][width], of several heads: pre-norm, queries and keys
//  normalised, with a learned bias for each head and each distance in frames. As in the networks of CKM and CSM (Mukhopadhyay et al.
//  2025, appendix B.2).
class FrameAttentionImpl : public torch::nn::Module
{
public:

    FrameAttentionImpl(int width, int heads, int frames);

    //- The branch, as x
    torch::Tensor forward(const torch::Tensor& x);

private:

    int heads_, frames_;
    TokenLayerNorm norm_{nullptr}, queryNorm_{nullptr}, keyNorm_{nullptr};
    torch::nn::Linear queryKeyValue_{nullptr}, output_{nullptr};
    torch::Tensor bias_;   //!< [heads][2 frames - 1], by the key's frame less the query's, from 1 - frames on; zero at the start
};
TORCH_MODULE(FrameAttention);

} // namespace surrogate
