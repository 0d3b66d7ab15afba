#pragma once

#include "model/torch/emulator.h"
#include "model/torch/training/jacobianPenalty.h"
#include "model/torch/training/objective.h"

namespace surrogate
{

//- Mean squared error of the normalised increments over unrolled model steps, mean over steps and fluid: the Gaussian
//  approximation of the transition density, with pointwise mean and fixed variance. Appendix B.2 of the SNS paper.
//  Plus the penalty, of the first step.
class EmulatorObjective : public Objective
{
public:

    EmulatorObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime);

    const Manifest& manifest() const override { return manifest_; }
    Network& network() override { return *model_.network; }
    std::vector<torch::Tensor> parameters() override;
    torch::Tensor loss(const Trajectories& data, int iteration, const BatchShare& share) override;

    //- vrmse: one step, over the fluid, mean over samples and predicted variables; correlation: Pearson's, after validationSteps
    //  steps, mean over starts and predicted variables
    std::vector<std::string> measures() const override { return {"vrmse", "correlation"}; }
    std::vector<double> validate(const Trajectories& data) override;

private:

    //- Predicted variables one step later, of input channels
    torch::Tensor step(const torch::Tensor& inputs) const;

    //- window: [steps+1][n][channel][(z)][y][x]
    torch::Tensor unrolledLoss(const torch::Tensor& window, const BatchShare& share, at::Generator& generator);

    TrainingOptions options_;
    Runtime runtime_;
    Manifest manifest_;
    IncrementModel model_;
    FlowGeometry geometry_;
    JacobianPenalty penalty_;
};

} // namespace surrogate
