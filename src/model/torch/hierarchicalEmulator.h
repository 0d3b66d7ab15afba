#pragma once

#include "model/torch/hierarchicalModel.h"

namespace surrogate
{

//- Hierarchical implicit stepping: one evaluation a step, and one for each hint where a member starts up. That is where it has no
//  hints of the times that follow its own: at first, and where somebody else took it on since the last advance(). The hints are
//  memory(): hint1, hint2, .., each of the predicted variables (dimensions not told) on its coarse grid, at its own time.
class HierarchicalEmulator : public Stepper
{
public:

    HierarchicalEmulator(const Bundle& bundle, const std::string& where, const Runtime& runtime);

    using Stepper::advance;
    void advance(std::vector<State>& members, const Noise& noise) override;

    const Manifest& manifest() const override { return manifest_; }

    std::string runtime() const override { return runtime_.line; }

    void setControls(const NetworkControls& controls) override { model_.model.network->setControls(controls); }
    std::vector<Convergence> convergence() const override { return model_.model.network->convergence(); }

    Memory memory() const override;

    //- Throws Error where a hint is not on its grid
    void setMemory(const Memory& memory) override;

private:

    //- Which of the members have no hints for their time: [n] bool
    torch::Tensor starting(const std::vector<State>& members) const;

    static std::string name(std::size_t hint) { return "hint" + std::to_string(hint + 1); }

    Manifest manifest_;
    std::string where_;
    Runtime runtime_;
    HierarchicalModel model_;
    FlowGeometries geometries_;
    std::vector<Grid> grids_;                   //!< of the hints
    FieldList predicted_;
    std::vector<std::vector<State>> hints_;     //!< [hint][member]; empty members: none yet
};

} // namespace surrogate
