#pragma once

#include "model/torch/networks/latentNetwork.h"
#include "model/torch/networks/patchCoder.h"
#include "model/torch/networks/rotaryPositions.h"
#include "model/torch/networks/transformerBlock.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Vision transformer in 1, 2 or 3 dimensions: patches to tokens, blocks of attention over all tokens, tokens to patches. With
//  several patches it is one model for all of them (patchCoder.h): a training draws one at each iteration, a user names one, or a
//  cycle of them, at run time. Positions are relative, round the axis where it is periodic; the place between the sides of a bounded
//  axis is an extra input.
//  Of an emulator with a history, each frame is encoded on its own, a block's first part is the attention of each token to itself in
//  all frames, and the last frame is decoded. Its latent states are [n][frames][..tokens..][channels].
//  The published networks of 7.6 M (of three dimensions), 25 M and 100 M parameters have width 192, 384 and 768, 3, 6 and 12 heads,
//  12 blocks and six frames.
//
//  options    | meaning                                                                      | default
//  width      | channels of a token: a multiple of 4 and of heads                            | 96
//  heads      | attention heads of each block                                                | 3
//  blocks     | transformer blocks                                                           | 4
//  patches    | cells along a patch's side, each of which the model can use; one: a fixed patch | (4 8 16)
//  modulation | kernel: kernels are brought to the patch, cells are a multiple of it; stride: | kernel
//             | kernels stay, tokens overlap, any number of cells                            |
//  kernels    | cells along the sides of the two convolutions' kernels                       | the largest patch's factors
//  mlp        | swiglu or gelu                                                               | swiglu
//  mlpRatio   | channels inside the MLP for each of a token's                                | 2 with swiglu, 4 with gelu
//  layerScale | by what a block's branches are multiplied at the start                       | 0.1
//  dropPath   | probability to leave out a branch in training, in the last block; linear from 0 in the first | 0
//  positions  | for each axis a wave number m (in 2 pi over the axis' extent) whose sine and | ()
//             | cosine are extra inputs: the phase of a forcing, say; 0: none                |
class ViT : public LatentNetwork
{
public:

    ViT(const NetworkShape& shape, const Settings& settings);

    //- As LatentNetwork's; the last block does no work for frames that are not decoded
    Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override;

    torch::Tensor encode(const torch::Tensor& x) override;
    torch::Tensor process(const torch::Tensor& latent) override;
    torch::Tensor decode(const torch::Tensor& latent, const torch::Tensor& x) override;

    int nChannels() const override { return width_; }

    Settings settings() const override;

    std::vector<std::string> controls() const override { return {"patchCycle"}; }

    //- Throws Error on a patch that the model was not trained with
    void setControls(const NetworkControls& controls) override;

    //- In training draws the patch, the same one for all processes; else takes it in turn. Before the first call it is the smallest.
    void begin(const Noise& noise, int first = 0) override;

    //- Throws Error: a token attends to the whole grid
    Tiling tiling() const override;

    void scaleOutput(double factor) override { coder_->scaleOutput(factor); }

    //- Cells along the side of a patch in use
    long patch() const { return patch_; }

private:

    void check(const std::string& where) const;

    //- x: [n][inputs][(z)][y][x], places among them -> cells of each frame, [n frames][(z)][y][x][channels of one]
    torch::Tensor cellsOfFrames(const torch::Tensor& x) const;

    //- lastFrame: of that frame alone, where there are several
    torch::Tensor processed(const torch::Tensor& latent, bool lastFrame);

    //- By what the branches of each block are multiplied, [n][1][1] each; empty: 1
    std::vector<torch::Tensor> keptPaths(const torch::Tensor& tokens) const;

    NetworkShape shape_;
    int width_, heads_, blocks_;
    std::vector<long> patches_;         //!< ascending
    std::string modulation_, mlp_;
    std::vector<long> kernels_, positions_;
    double mlpRatio_, layerScale_, dropPath_;

    std::vector<long> cycle_;
    long patch_;
    Noise noise_;                       //!< of the last begin()
    int first_ = 0;                     //!< sample of the batch, likewise

    torch::Tensor places_;              //!< [1][extra inputs][(z)][y][x]; undefined: none
    PatchCoder coder_{nullptr};
    std::unique_ptr<RotaryPositions> rotary_;
    std::map<long, RotaryPositions::Turn> turns_;   //!< of each patch, in the precision and on the device of use
    std::vector<TransformerBlock> processor_;
};

} // namespace surrogate
