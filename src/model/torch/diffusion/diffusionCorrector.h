#pragma once

#include "model/corrector.h"
#include "model/torch/diffusion/diffusionModel.h"
#include "model/torch/diffusion/pastFrames.h"
#include "model/torch/diffusion/sampler.h"

#include <memory>

namespace surrogate
{

//- A diffusion model as a corrector: estimates how noisy a state seems, adds noise to that level and takes it down to clean.
//  sns: algorithm 1 of the SNS paper. snsLagged: roll and anchor, its appendix B.4. thermalizer: Pedersen et al. 2025. acdm,
//  cleanCondition and pdeRefiner, which cannot estimate levels, always refine from CorrectorOptions::level.
//  A frame whose estimated level is 0 counts as clean: it gets no noise, so none is left in it.
class DiffusionCorrector : public Corrector
{
public:

    DiffusionCorrector(const Bundle& bundle, const std::string& where, const Runtime& runtime, const CorrectorOptions& options);

    std::vector<Refinement> correct(std::vector<State>& members, const std::vector<State>& previous, const Noise& noise) override;

    std::vector<Refinement> estimate(const std::vector<State>& members, const std::vector<State>& previous) override;

    double lag() const override;

    void setOptions(const CorrectorOptions& options) override;

    const Manifest& manifest() const override { return model_.manifest; }
    std::string runtime() const override { return model_.runtime.line; }

    Memory memory() const override { return past_.memory(); }
    void setMemory(const Memory& memory) override { past_.setMemory(memory); }

private:

    void check(const std::vector<State>& members, const std::vector<State>& previous) const;

    //- Physical fields on the device, float64
    torch::Tensor fields(const std::vector<State>& members) const;

    //- The geometry is the members'
    Frames frames(const std::vector<State>& members, const std::vector<State>& previous, const torch::Tensor& fields);

    std::vector<Refinement> levels(const Frames& frames, std::size_t nMembers);

    //- The corrected fields of the chosen members
    torch::Tensor refine(Frames frames, const torch::Tensor& fields, const std::vector<std::size_t>& chosen, const Noise& noise,
        std::vector<Refinement>& refinements);

    //- Raises the levels of members whose change over the step is beyond CorrectorOptions::maxChange
    void addExcessiveChange(std::vector<Refinement>& refinements, const Frames& frames) const;

    bool isActive(const Refinement& refinement) const;

    DiffusionModel model_;
    CorrectorOptions options_;
    std::unique_ptr<Sampler> sampler_;
    PastFrames past_;
};

} // namespace surrogate
