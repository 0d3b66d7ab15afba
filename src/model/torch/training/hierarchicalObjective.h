#pragma once

#include "model/torch/hierarchicalModel.h"
#include "model/torch/training/objective.h"

namespace surrogate
{

//- Error of the normalised changes of all levels, hints being the truth's (HINE, arXiv 2506.04528, and its published code):
//  sum over levels of weight times (mean square + mean magnitude). L-1 of the L cases are those of starting up, in which only the
//  first k hints are known and only hint k+1 is learnt; in the last one, all are. From there a sample goes on as a run does, with the
//  state and the hints that were predicted, for `unroll` evaluations of the network in all, of which the mean counts: beyond the
//  paper, whose hints in training are the truth's, while a run's have errors. Each sample's case, and all else, is a function of seed
//  and iteration.
class HierarchicalObjective : public Objective
{
public:

    HierarchicalObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime);

    const Manifest& manifest() const override { return manifest_; }
    Network& network() override { return *model_.model.network; }
    torch::Tensor loss(const Trajectories& data, int iteration, const BatchShare& share) override;

    //- vrmse: one step, starting up from the state alone, over the fluid, mean over samples and predicted variables; vrmseOfHints:
    //  the same, given the true hints; correlation: Pearson's, after validationSteps steps, mean over starts and predicted variables
    std::vector<std::string> measures() const override { return {"vrmse", "vrmseOfHints", "correlation"}; }
    std::vector<double> validate(const Trajectories& data) override;

private:

    //- Numbers of known hints, one a sample of the share
    torch::Tensor cases(const Noise& noise, const BatchShare& share) const;

    //- Mean over samples and evaluations; window: [hints + evaluations + 1][n][channel][(z)][y][x]
    torch::Tensor loss(const torch::Tensor& window, torch::Tensor known, int evaluations) const;

    //- Of one evaluation from the samples' times, [n], mean over samples
    torch::Tensor distance(const HierarchicalModel::Prediction& prediction, const torch::Tensor& window, const torch::Tensor& time,
        const torch::Tensor& known) const;

    //- Predicted variables
    torch::Tensor predicted(const torch::Tensor& fields) const;

    //- The truth's, of the times that follow the first of a window
    std::vector<torch::Tensor> hints(const torch::Tensor& window) const;

    TrainingOptions options_;
    Runtime runtime_;
    Manifest manifest_;
    HierarchicalModel model_;
    std::vector<FlowGeometry> geometries_;
};

} // namespace surrogate
