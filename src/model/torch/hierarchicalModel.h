#pragma once

#include "model/torch/coarseLevels.h"
#include "model/torch/emulator.h"

#include <vector>

namespace surrogate
{

//- A hierarchical implicit emulator's network with what is around it (HINE, arXiv 2506.04528). From the state of time n and the
//  hints of times n+1, n+2, .., the coarser the further ahead, it predicts the state of n+1 and the hints of n+2, n+3, ..: the coarse
//  future is known before the fine one, as in an implicit scheme. Level 0 is the state, level l hint l, in physical predicted
//  variables, [n][predicted][(z)][y][x] on the level's grid (see CoarseLevels).
//  Each level is predicted as its change since the present, time n: over l + 1 steps, normalised by l + 1 standard deviations of its
//  change over one: the change that the next coarser hint says, which is of the same time, plus what the network makes of it. Hints
//  enter the network likewise, over l steps. So the errors of hints do not add up from step to step, as they
//  would where each hint is the one before plus an increment, and a state and its hints cannot drift apart. Hints stand on the whole
//  grid, beside a channel with the number of hints that are known: plain channels, so that any network may be used, tiled ones too.
//  Shared by the Stepper and the training.
class HierarchicalModel
{
public:

    //- Throws Error
    HierarchicalModel(const Manifest& manifest, const std::string& where);

    //- The network predicts the levels' increments side by side
    IncrementModel model;

    const CoarseLevels levels;

    int nHints() const { return levels.nHints(); }

    //- One entry a level
    struct Prediction
    {
        std::vector<torch::Tensor> present;    //!< the state of time n on the level's grid
        std::vector<torch::Tensor> changes;    //!< from there, normalised
    };

    //- inputs: the variables of time n, physical, [n][variables][..], of which the first are level 0. hints: one a level from 1 on;
    //  those not known may hold anything finite. known: [n], how many are, from the first on, in inputs' type; where that is all, the
    //  prediction is of all levels, one step later than what was known; where it is k, of level k + 1 alone, k + 1 steps after n.
    Prediction predict(const torch::Tensor& inputs, const std::vector<torch::Tensor>& hints, const torch::Tensor& known,
        const std::vector<FlowGeometry>& geometries, torch::ScalarType precision) const;

    //- The level as predicted, physical
    torch::Tensor predicted(const Prediction& prediction, int level) const;

    //- The reverse: the normalised change that would have led to it
    torch::Tensor change(const Prediction& prediction, int level, const torch::Tensor& truth) const;

    //- Predicts the hints of the members that `starting`, [n] bool, marks, one after another: nHints() evaluations of all members
    void startUp(const torch::Tensor& inputs, std::vector<torch::Tensor>& hints, const torch::Tensor& starting,
        const std::vector<FlowGeometry>& geometries, torch::ScalarType precision) const;

    //- The predicted variables one step later, one evaluation; replaces the hints by those of a step later
    torch::Tensor advance(const torch::Tensor& inputs, std::vector<torch::Tensor>& hints,
        const std::vector<FlowGeometry>& geometries, torch::ScalarType precision) const;

    //- Hints that are not known, on the inputs' device and in their type
    std::vector<torch::Tensor> noHints(const torch::Tensor& inputs) const;

    void to(torch::Device device, torch::ScalarType precision);

private:

    torch::Tensor normalised(const torch::Tensor& inputs, const std::vector<torch::Tensor>& present,
        const std::vector<torch::Tensor>& hints, const torch::Tensor& known, const FlowGeometry& geometry) const;

    std::vector<torch::Tensor> stddevs_;    //!< of each level's change over a step, [1][predicted][1][1]
};

} // namespace surrogate
