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
//  All that is predicted are increments: of level l relative to the last coarse state that is known, one step before, in standard
//  deviations of its change over a step. Hints enter the network relative to the state of n, in l such. They stand on the whole grid,
//  beside a channel with the number of hints that are known: a plain channel, so that any network may be used, tiled ones too.
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
        std::vector<torch::Tensor> last;          //!< what is known of the time before
        std::vector<torch::Tensor> increments;    //!< from there, normalised
    };

    //- inputs: the variables of time n, physical, [n][variables][..], of which the first are level 0. hints: one a level from 1 on;
    //  those not known may hold anything finite. known: [n], how many are, from the first on, in inputs' type; where that is all, the
    //  prediction is of all levels, where it is k, of level k + 1 alone.
    Prediction predict(const torch::Tensor& inputs, const std::vector<torch::Tensor>& hints, const torch::Tensor& known,
        const std::vector<FlowGeometry>& geometries, torch::ScalarType precision) const;

    //- The level one step later than `last`
    torch::Tensor next(const Prediction& prediction, int level) const;

    //- The reverse: the increments that would have led to it
    torch::Tensor increment(const Prediction& prediction, int level, const torch::Tensor& truth) const;

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

    torch::Tensor normalised(const torch::Tensor& inputs, const std::vector<torch::Tensor>& last, const torch::Tensor& known,
        const std::vector<FlowGeometry>& geometries) const;

    std::vector<torch::Tensor> stddevs_;    //!< of each level's increments, [1][predicted][1][1]
};

} // namespace surrogate
