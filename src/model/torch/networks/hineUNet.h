#pragma once

#include "model/torch/networks/conditioning.h"
#include "model/torch/networks/depthwiseSpectral.h"
#include "model/torch/networks/layers.h"
#include "model/torch/networks/network.h"

namespace surrogate
{

//- x -> conv(act(affine(norm(h)))) + shortcut(x) with h = conv(act(norm(x))) and then h + spectral(act(norm(h))); SiLU throughout.
//  affine: scale and shift by a linear layer of the embedding, where there is one. The last convolution starts at zero.
class HineBlockImpl : public torch::nn::Module
{
public:

    //- modes: of the spectral convolution; null: none. embedding: its size; 0: none.
    HineBlockImpl(const Axes& axes, std::shared_ptr<FourierModes> modes, int inputs, int outputs, int embedding);

    //- embedding: [n][size], or undefined
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& embedding);

private:

    Axes axes_;
    Normalisation norm1_{nullptr}, normSpectral_{nullptr}, norm2_{nullptr};
    Convolution convolution1_{nullptr}, convolution2_{nullptr}, shortcut_{nullptr};
    DepthwiseSpectral spectral_{nullptr};
    torch::nn::Linear affine_{nullptr};
};
TORCH_MODULE(HineBlock);

//- U-Net with depth-wise spectral convolutions, for hierarchical emulators (HINE, arXiv 2506.04528) and any other; in 1, 2 or
//  3 dimensions, padded at each side as Axes has it. Each hint enters the encoder, and is read from the decoder, at the coarsest
//  level whose cells are whole parts of the hint's. The number of known hints is embedded and scales and shifts all blocks.
//
//  Otherwise than published: padding as the grid has it instead of zero; spectral convolutions beside an identity, so that few
//  modes do; resolution by strided convolutions and Upsample; one head of attention; no dropout, which would draw from a hidden
//  generator; `patch` and `positions`. As published for 256 x 256 cells: width 16, multipliers (1 2 2 2 1 1), blocks 2, modes 96,
//  attention yes.
//
//  options    | meaning                                                                      | default
//  width      | channels after the first convolution                                         | 16
//  multipliers| by how much each level multiplies the channels; as many levels               | (1 2 2)
//  blocks     | residual blocks a level                                                      | 1
//  modes      | spectral convolutions act on modes below this along each axis, at most half  | 16
//             | of the level's cells; 0: no such convolutions                                |
//  attention  | self-attention at the coarsest level                                         | no
//  patch      | the network works on blocks of patch^d cells                                 | 1
//  positions  | for each axis a wave number, see UNet                                        | ()
//  embedding  | size of that of the number of known hints                                    | 64
class HineUNet : public Network
{
public:

    HineUNet(const NetworkShape& shape, const Settings& settings);

    Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override;

    std::vector<torch::Tensor> levels(const torch::Tensor&, const std::vector<torch::Tensor>&) override { return {}; }

    Settings settings() const override;

    //- Throws Error: group normalisation sees the whole grid
    Tiling tiling() const override;

    void scaleOutput(double factor) override;

private:

    struct Level
    {
        std::shared_ptr<FourierModes> modes;    //!< null: none
        int factor = 1;                         //!< cells of the grid along a side of one of the level's
        std::vector<HineBlock> down, up;
        Convolution coarsen{nullptr};
        Upsample refine{nullptr};
    };

    //- How a hint enters and leaves
    struct Hint
    {
        std::size_t level = 0;
        Convolution lift{nullptr}, project{nullptr};
        HineBlock in{nullptr}, out{nullptr};
        Normalisation normIn{nullptr}, normOut{nullptr};
    };

    void check(const std::string& where) const;

    //- Null where there are to be none
    std::shared_ptr<FourierModes> modesOf(int factor) const;

    void build();
    void buildHints();

    //- Adds the hints that belong to the level
    torch::Tensor inject(std::size_t level, torch::Tensor h, const torch::Tensor& x, const torch::Tensor& embedding);

    torch::Tensor encode(const torch::Tensor& x, const torch::Tensor& embedding, std::vector<torch::Tensor>& skips);

    //- The state's channels; `hints` gets those of the hints, on the grid
    torch::Tensor decode(torch::Tensor h, const torch::Tensor& embedding, std::vector<torch::Tensor>& skips,
        std::vector<torch::Tensor>& hints);

    //- Output channels of the state, and of each hint
    int nEach() const { return shape_.outputs/int(1 + shape_.pool.size()); }

    NetworkShape shape_;
    Axes axes_;
    int width_, blocks_, modes_, patch_, embedding_;
    bool attend_;
    std::vector<long> multipliers_, positions_;

    torch::Tensor positionChannels_;
    Convolution lift_{nullptr}, project_{nullptr};
    std::vector<Level> levels_;
    std::vector<int> inputsOf_;    //!< channels that enter each level, from which those that leave it in the decoder follow
    std::vector<Hint> hints_;
    HineBlock middle1_{nullptr}, middle2_{nullptr};
    Attention attention_{nullptr};
    Normalisation norm_{nullptr};
    ConditionMlp flagMlp_{nullptr};
};

} // namespace surrogate
