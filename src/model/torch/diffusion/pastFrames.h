#pragma once

#include "model/stepper.h"
#include "model/torch/diffusion/denoiser.h"

#include <string>
#include <vector>

namespace surrogate
{

//- The states that a method's clean past frame comes from: of sns the first states that it sees, for good (a sample of the
//  invariant measure); of snsLagged anchors, the last states that were found, or made, to be on the attractor.
class PastFrames
{
public:

    PastFrames(const DenoisingMethod& method, int maxLag, const Grid& grid) : method_(method), maxLag_(maxLag), grid_(grid) {}

    //- Longest lag that is used, in model steps
    void setMaxLag(int maxLag) { maxLag_ = maxLag; }

    //- The past frame's states for these conditions; the conditions themselves where there are none yet
    const std::vector<State>& at(const std::vector<State>& conditions);

    //- Model steps from each member's past frame to the state after its condition, from 1 (the past frame is the condition) to
    //  the longest lag
    std::vector<double> lags(const std::vector<State>& conditions, double timeStep) const;

    //- The member's state, found or made good, may be its anchor from now on: is so where `refined`, or where the present one is
    //  as old as the longest lag
    void anchor(std::size_t member, const State& state, bool refined, double timeStep);

    Memory memory() const;

    //- Throws Error where a state in it is not on the grid
    void setMemory(const Memory& memory);

private:

    std::string name() const { return method_.lagged ? "anchor" : "invariantSample"; }

    const DenoisingMethod& method_;
    int maxLag_;
    Grid grid_;
    std::vector<State> states_;   //!< one a member; empty: none yet
};

} // namespace surrogate
