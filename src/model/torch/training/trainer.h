#pragma once

#include "core/bundle.h"
#include "model/runtime.h"
#include "model/torch/emulator.h"
#include "model/torch/training/optimiser.h"
#include "model/torch/training/trajectories.h"
#include "model/training.h"

#include <memory>

namespace surrogate
{

//- Trains an emulator: data, model, optimiser, and the loop over iterations
class Trainer
{
public:

    explicit Trainer(const TrainingOptions& options);

    //- Runs from the checkpoint, or from the start, to the end
    Validation run();

private:

    Manifest makeManifest() const;

    //- Mean squared error of the normalised increments over `steps` unrolled model steps, mean over steps.
    //  window: [steps+1][n][channel][(z)][y][x]. methods: Gaussian surrogate, appendix B.2 of the SNS paper.
    torch::Tensor loss(const torch::Tensor& window, int iteration) const;

    Validation validate();
    double iterate(int iteration);
    void writeModel(const Validation& validation, int iteration);
    void saveCheckpoint(int iteration) const;

    //- First iteration that is still to do
    int loadCheckpoint();

    TrainingOptions options_;
    Runtime runtime_;
    Trajectories training_, validation_;
    Manifest manifest_;
    IncrementModel model_;
    std::unique_ptr<Optimiser> optimiser_;
};

} // namespace surrogate
