#pragma once

#include "core/manifest.h"
#include "model/runtime.h"
#include "model/torch/flowGeometry.h"
#include "model/torch/networks/network.h"
#include "model/torch/training/batchShare.h"
#include "model/torch/training/trajectories.h"
#include "model/training.h"

#include <memory>

namespace surrogate
{

//- What a training minimises and how it is validated: a model with its loss
class Objective
{
public:

    virtual ~Objective() = default;

    //- What the model file will say, network settings included
    virtual const Manifest& manifest() const = 0;

    virtual Network& network() = 0;

    //- All that is trained: the network, and what helps to train it
    virtual std::vector<torch::Tensor> parameters() { return network().parameters(); }

    //- Mean over the share of the batch that belongs to the iteration: a scalar with its graph
    virtual torch::Tensor loss(const Trajectories& data, int iteration, const BatchShare& share) = 0;

    //- Names of what validate() measures, in its order
    virtual std::vector<std::string> measures() const = 0;
    virtual std::vector<double> validate(const Trajectories& data) = 0;
};

//- The objective that the options name, its model with freshly initialised weights on the runtime's device; throws Error that
//  lists the names
std::unique_ptr<Objective> makeObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime);

//- Largest number of snapshots from which means and standard deviations are taken
constexpr int statisticsSamples = 512;

//- What all model files say: fields, grid, time step, variables and their statistics over the data's fluid, and whether the
//  model needs the geometry of walls and bodies. Throws Error where it is to see one that the data do not have.
Manifest describeData(const TrainingOptions& options, const Trajectories& data);

//- The data's geometry as a model of that manifest sees it, float64, on the CPU; throws Error where its variables do not fit it
FlowGeometry geometryOf(const Manifest& manifest, const Trajectories& data, bool pointwise);

} // namespace surrogate
