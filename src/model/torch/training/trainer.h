#pragma once

#include "model/runtime.h"
#include "model/torch/training/objective.h"
#include "model/torch/training/optimiser.h"
#include "model/torch/training/trajectories.h"
#include "model/torch/training/workers.h"
#include "model/training.h"

#include <memory>

namespace surrogate
{

//- Trains by an objective: data, optimiser, and the loop over iterations, shared among the processes (see train())
class Trainer
{
public:

    Trainer(const TrainingOptions& options, const Processes& processes);

    //- Runs from the checkpoint, or from the start, to the end. Collective. Empty elsewhere than on the first process.
    Validation run();

private:

    //- The first process' run: with validation, log and files
    Validation runRecorded(int from, int to);

    Validation validate();
    double iterate(int iteration);
    void writeModel(const Validation& validation, int iteration);
    void saveCheckpoint(int iteration) const;

    //- First iteration that is still to do
    int loadCheckpoint();

    //- The same on all processes, and with it the weights and the optimiser
    int start();

    TrainingOptions options_;
    Workers workers_;
    Runtime runtime_;
    Trajectories training_, validation_;
    std::unique_ptr<Objective> objective_;
    std::unique_ptr<Optimiser> optimiser_;
};

} // namespace surrogate
