#pragma once

#include "model/torch/diffusion/denoiser.h"
#include "model/torch/training/objective.h"

namespace surrogate
{

//- The loss of every diffusion model: mean squared error, over the fluid, of what the network predicts of the noise (or v),
//  plus, for each head, levelWeight times the cross entropy of the level. Levels are independent for each noised frame and
//  sample (equation 4 of the SNS paper; Pedersen et al. 2025), or one for both frames (acdm); uniform as published where
//  levelBias is 1.
class DenoisingObjective : public Objective
{
public:

    DenoisingObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime);

    const Manifest& manifest() const override { return manifest_; }
    Network& network() override { return denoiser_.network(); }
    torch::Tensor loss(const Trajectories& data, int iteration, const BatchShare& share) override;

    //- noiseError: the mean squared error of the noise; levelEntropy: mean cross entropy a head; levelError: mean distance of
    //  the most likely level from the true one
    std::vector<std::string> measures() const override { return {"noiseError", "levelEntropy", "levelError"}; }
    std::vector<double> validate(const Trajectories& data) override;

private:

    //- Clean frames of a batch, and the random numbers that noise them
    struct Batch { Frames clean; Noise noise; BatchShare share; };

    struct Errors { torch::Tensor noise, entropy, level; };

    Batch batch(const Trajectories& data, const BatchShare& share, const Noise& noise, bool spread) const;
    Errors errors(const Batch& batch);

    TrainingOptions options_;
    Runtime runtime_;
    Manifest manifest_;
    Denoiser denoiser_;
    FlowGeometry geometry_;
};

} // namespace surrogate
