#pragma once

#include "model/torch/networks/conditioning.h"
#include "model/torch/networks/layers.h"
#include "model/torch/networks/network.h"

namespace surrogate
{

//- U-Net of pre-activation residual blocks, in 1, 2 or 3 dimensions, padded at each side as Axes has it: by the grid's
//  periodicity and walls.
//  With patch 1, multipliers (2 2 2) and 2 blocks a level it is the "modern" U-Net of the Thermalizer and SNS papers.
//
//  options    | meaning                                                                      | default
//  width      | channels after the first convolution                                         | 32
//  multipliers| by how much each level multiplies the channels; as many levels               | (2 2 2)
//  blocks     | residual blocks a level                                                      | 2
//  norm       | none, or group (8 groups)                                                    | none
//  activation | gelu or silu                                                                 | gelu
//  attention  | one flag a level and one for the middle, 0 or 1; empty: none                 | ()
//  patch      | the network works on blocks of patch^d cells                                 | 1
//  positions  | for each axis a wave number m (in 2 pi over the axis' extent) whose sine and | ()
//             | cosine are extra inputs: the phase of a forcing, say; 0: none                |
//  embeddings | sizes of the sinusoidal embeddings of the numbers that condition all blocks  | ()
//  heads      | heads on the bottleneck that classify noise levels: one a noised frame       | 0
//  levels     | noise levels that each head tells apart                                      | 1000
//  headFeatures | size of a head's flattened features                                        | 4096
//  headsCondition | whether the heads' softmax vectors condition the decoder's blocks         | yes
//  conditioning | separate: an activation after each conditioning vector; sum: after all     | separate
class UNet : public Network
{
public:

    UNet(const NetworkShape& shape, const Settings& settings);

    Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override;

    std::vector<torch::Tensor> levels(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override;

    Settings settings() const override;

    //- Throws Error with group normalisation, attention or heads
    Tiling tiling() const override;

    void scaleOutput(double factor) override;

private:

    void check(const std::string& where) const;
    void build(int inputs);
    void buildHeads(int channels);

    //- Conditioning vectors of the numbers, [n][size] each
    std::vector<torch::Tensor> embed(const std::vector<torch::Tensor>& numbers);

    //- The bottleneck and, on the way to it, each skip connection
    torch::Tensor encode(const torch::Tensor& x, const std::vector<torch::Tensor>& conditions,
        std::vector<torch::Tensor>& skips);
    torch::Tensor decode(torch::Tensor h, const std::vector<torch::Tensor>& conditions, std::vector<torch::Tensor>& skips);
    std::vector<torch::Tensor> classify(const torch::Tensor& bottleneck);

    struct Level
    {
        std::vector<ResidualBlock> down, up;
        std::vector<Attention> downAttention, upAttention;   //!< empty, or one a block
        Convolution coarsen{nullptr};
        Upsample refine{nullptr};
    };

    NetworkShape shape_;
    Axes axes_;
    int width_, blocks_, patch_, nHeads_, nLevels_, headFeatures_;
    bool headsCondition_;
    std::vector<long> multipliers_, attention_, positions_, embeddings_;
    std::string norm_, activation_, conditioning_;
    ResidualBlockImpl::Options blockOptions_, decoderOptions_;

    torch::Tensor positionChannels_;
    Convolution lift_{nullptr}, project_{nullptr};
    std::vector<Level> levels_;
    ResidualBlock middle1_{nullptr}, middle2_{nullptr};
    Attention middleAttention_{nullptr};
    std::vector<ConditionMlp> numberMlps_, headMlps_;
    std::vector<LevelHead> heads_;
};

} // namespace surrogate
