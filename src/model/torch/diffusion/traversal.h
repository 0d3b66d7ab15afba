#pragma once

#include "model/torch/diffusion/denoiser.h"
#include "model/torch/diffusion/memberNoise.h"
#include "model/torch/diffusion/sampler.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Brings the noised frames of a denoiser to the clean level, each along its own axis of the plane of levels: section 4 and
//  figure 8 of the SNS paper. Levels are one a member; frames at level 0 or below count as clean.
class Traversal
{
public:

    //- The references must outlive this
    Traversal(Denoiser& denoiser, const Sampler& sampler, MemberNoise& noise);

    //- x with noise to `levels`: alpha x + sigma z; members at level 0 or below stay as they are
    torch::Tensor noised(const torch::Tensor& x, const std::vector<double>& levels);

    //- `state` down to `stop` (-1: clean), the other frames held as they are: a clean condition, or one at its level. A
    //  condition that is noised alike follows the state's level, with one and the same noise all the way.
    void lowerState(Frames& frames, const std::vector<double>& levels, double stop = -1);

    //- `condition` down to clean, the state held at its levels
    void lowerCondition(Frames& frames, const std::vector<double>& levels, const std::vector<double>& stateLevels);

    //- Both: first the noisier to the other's level, then side by side along the diagonal
    void lowerBoth(Frames& frames, const std::vector<double>& conditionLevels, const std::vector<double>& stateLevels);

    //- The noise of a state, given the other frames as lowerState() holds them
    NoiseEstimate noiseOfState(const Frames& frames);

    //- Along the named path, from the levels given: "A" condition first, "B" state first, "C" both, "currentOnly" state alone
    void follow(const std::string& path, Frames& frames, const std::vector<double>& conditionLevels,
        const std::vector<double>& stateLevels);

    //- Of the network, made so far for the member at this place in the frames
    int evaluations(std::size_t member) const { return member < evaluations_.size() ? evaluations_[member] : 0; }

private:

    torch::Tensor sample(const torch::Tensor& x, const std::vector<double>& from, double to, const NoiseEstimate& estimate);

    Denoiser& denoiser_;
    const Sampler& sampler_;
    MemberNoise& noise_;
    std::vector<int> evaluations_;   //!< one a member; empty: none yet
};

//- The members `chosen` of the frames
Frames select(const Frames& frames, const torch::Tensor& chosen);

} // namespace surrogate
