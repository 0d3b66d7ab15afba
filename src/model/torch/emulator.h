#pragma once

#include "core/bundle.h"
#include "model/runtime.h"
#include "model/stepper.h"
#include "model/torch/emulatorHistory.h"
#include "model/torch/flowGeometry.h"
#include "model/torch/latentMemory.h"
#include "model/torch/networks/network.h"
#include "model/torch/variables/variables.h"

#include <memory>

namespace surrogate
{

//- A network that predicts the increment of the variables over one time step, ready to be evaluated. Shared by the Stepper
//  and the training.
struct IncrementModel
{
    std::unique_ptr<Variables> variables;
    std::shared_ptr<Network> network;
    NetworkShape shape;               //!< what the network was built for
    torch::Tensor mean, stddev;       //!< of the variables, [1][variables][1][1]
    torch::Tensor incrementStddev;    //!< [1][predicted][1][1]

    //- Builds variables and network after the manifest; weights as initialised. Throws Error.
    explicit IncrementModel(const Manifest& manifest, const std::string& where);

    //- Input channels of the variables of as many states as the manifest's history, oldest first, [n][variables][..] each
    static torch::Tensor inputsOf(const std::vector<torch::Tensor>& frames)
    {
        return frames.size() == 1 ? frames.front() : torch::cat(frames, 1);
    }

    //- Normalised increment of the predicted variables, from physical input channels: both [n][..][y][x], same precision. Cells
    //  without fluid are not seen and get none. `geometry`: on the inputs' device, in their precision.
    torch::Tensor normalisedIncrement(const torch::Tensor& inputs, const FlowGeometry& geometry, torch::ScalarType precision) const;

    void to(torch::Device device, torch::ScalarType precision);
};

//- Residual emulator: variables <- variables + stddev of increments * network(normalised variables), plus noise of a fixed
//  standard deviation where the model file asks for it (the Gaussian approximation of the SNS paper, appendix B.2). The network sees
//  as many states as the manifest's history says (see EmulatorHistory).
class Emulator : public Stepper
{
public:

    Emulator(const Bundle& bundle, const std::string& where, const Runtime& runtime);

    using Stepper::advance;
    void advance(std::vector<State>& members, const Noise& noise) override;

    const Manifest& manifest() const override { return manifest_; }

    std::string runtime() const override { return runtime_.line; }

    void setControls(const NetworkControls& controls) override { model_.network->setControls(controls); }
    std::vector<Convergence> convergence() const override { return model_.network->convergence(); }

    Memory memory() const override
    {
        Memory memory = latentMemory(*model_.network);
        memory.merge(history_.memory());
        return memory;
    }
    void setMemory(const Memory& memory) override
    {
        recallLatent(*model_.network, memory);
        history_.setMemory(memory);
    }

private:

    Manifest manifest_;
    std::string where_;
    Runtime runtime_;
    IncrementModel model_;
    FlowGeometries geometries_;
    EmulatorHistory history_;
    double sigma_ = 0;   //!< of the noise that each step adds, in standard deviations of the variables
};

} // namespace surrogate
