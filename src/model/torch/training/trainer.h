#pragma once

#include "model/runtime.h"
#include "model/torch/training/objective.h"
#include "model/torch/training/optimiser.h"
#include "model/torch/training/trajectories.h"
#include "model/training.h"

#include <memory>

namespace surrogate
{

//- Trains by an objective: data, optimiser, and the loop over iterations
class Trainer
{
public:

    explicit Trainer(const TrainingOptions& options);

    //- Runs from the checkpoint, or from the start, to the end
    Validation run();

private:

    Validation validate();
    double iterate(int iteration);
    void writeModel(const Validation& validation, int iteration);
    void saveCheckpoint(int iteration) const;

    //- First iteration that is still to do
    int loadCheckpoint();

    TrainingOptions options_;
    Runtime runtime_;
    Trajectories training_, validation_;
    std::unique_ptr<Objective> objective_;
    std::unique_ptr<Optimiser> optimiser_;
};

} // namespace surrogate
