#pragma once

#include "model/torch/emulator.h"
#include "model/torch/training/jacobianPenalty.h"
#include "model/torch/training/objective.h"

namespace surrogate
{

//- Mean squared error of the normalised increments over unrolled model steps, mean over steps and fluid: the Gaussian
//  approximation of the transition density, with pointwise mean and fixed variance. Appendix B.2 of the SNS paper.
//  Plus the penalty, of the first step and the present state. Of an emulator with a history a window begins with the states before
//  the present one; in a part of the samples (historyDropout) only some of them are known, as where a run begins.
class EmulatorObjective : public Objective
{
public:

    EmulatorObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime);

    const Manifest& manifest() const override { return manifest_; }
    Network& network() override { return *model_.network; }
    std::vector<torch::Tensor> parameters() override;
    torch::Tensor loss(const Trajectories& data, int iteration, const BatchShare& share) override;

    //- vrmse: one step, over the fluid, mean over samples and predicted variables; with a history also vrmseOfStart: the same where
    //  no state before the present one is known; correlation: Pearson's, after validationSteps steps from one known state, mean
    //  over starts and predicted variables
    std::vector<std::string> measures() const override;
    std::vector<double> validate(const Trajectories& data) override;

private:

    //- Predicted variables one step later, of each frame's input channels
    torch::Tensor step(const std::vector<torch::Tensor>& frames) const;

    //- How many frames are known of each sample of the share, from the present one back: [n]
    torch::Tensor knownFrames(const Noise& noise, const BatchShare& share) const;

    //- Input channels of the frames that a window begins with, oldest first; in place of those that are not known the oldest one
    //  that is
    std::vector<torch::Tensor> framesOf(const torch::Tensor& window, const torch::Tensor& known) const;

    //- window: [history+steps][n][channel][(z)][y][x], known: of the first step
    torch::Tensor unrolledLoss(const torch::Tensor& window, const torch::Tensor& known, const BatchShare& share,
        at::Generator& generator);

    TrainingOptions options_;
    Runtime runtime_;
    Manifest manifest_;
    IncrementModel model_;
    FlowGeometry geometry_;
    JacobianPenalty penalty_;
};

} // namespace surrogate
