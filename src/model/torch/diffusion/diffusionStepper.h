#pragma once

#include "model/corrector.h"
#include "model/torch/diffusion/diffusionModel.h"
#include "model/torch/diffusion/pastFrames.h"
#include "model/torch/diffusion/sampler.h"

#include <memory>

namespace surrogate
{

//- A conditional diffusion model as a Stepper: the next state out of noise, given the present one. acdm, cleanCondition and
//  pdeRefiner as published; sns and snsLagged by direct generation, algorithm 2 of the SNS paper: the present state's level is
//  estimated, and it is refined on the way (path A: first; path C: along the diagonal, from where both have its level).
class DiffusionStepper : public Stepper
{
public:

    //- Throws Error for a thermalizer, which knows no time
    DiffusionStepper(const Bundle& bundle, const std::string& where, const Runtime& runtime, const CorrectorOptions& options);

    using Stepper::advance;
    void advance(std::vector<State>& members, const Noise& noise) override;

    const Manifest& manifest() const override { return model_.manifest; }
    std::string runtime() const override { return model_.runtime.line; }
    std::vector<Refinement> refinements() const override { return refinements_; }

    Memory memory() const override { return past_.memory(); }
    void setMemory(const Memory& memory) override { past_.setMemory(memory); }

private:

    //- `frames` has the present states as condition and gets the next ones as state; returns the evaluations
    void generate(Frames& frames, const Noise& noise);

    DiffusionModel model_;
    CorrectorOptions options_;
    std::unique_ptr<Sampler> sampler_;
    PastFrames past_;
    std::vector<Refinement> refinements_;
};

} // namespace surrogate
