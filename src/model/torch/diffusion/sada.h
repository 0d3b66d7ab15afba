#pragma once

#include "model/torch/diffusion/sampler.h"

#include <deque>

namespace surrogate
{

//- Leaves out evaluations of the network where the way to the clean state is smooth, whatever the sampler.
//  The step-wise part of SADA (Jiang et al. 2025), in the coordinates v = x/alpha, rho = sigma/alpha, in which the probability
//  flow is dv/drho = eps. At each call, with v_j, eps_j of the last three evaluations (j = 1 the newest), the evaluation is
//  left out and eps extrapolated by the parabola in lambda through the three if, for every member that is on its way,
//  - SADA's criterion holds: <v - v^, D> < 0 with v^ = v_1 + (rho - rho_1)(5/6 eps_1 + 5/6 eps_2 - 2/3 eps_3) and the second
//    difference D = eps_1 - 2 eps_2 + eps_3;
//  - such an extrapolation would have missed the last evaluation by less than 5 % of its norm (ours: the sign alone does not
//    bound the error);
//  - the call before was evaluated, and this one is not the last.
//  Methods of order 1 and Heun's meet the criterion only where the estimate changes ever more slowly, and save less.
//  SADA's extrapolation within a network (token-wise) needs a transformer and is not part of it.
class Sada
{
public:

    struct Call
    {
        const torch::Tensor& x;
        const std::vector<double>& levels;
        const std::vector<bool>& active;     //!< members that are on their way; the others do not take part in the decision
        bool last;
    };

    //- Not `enabled`: evaluates always
    Sada(const Schedule& schedule, bool enabled) : schedule_(schedule), enabled_(enabled) {}

    //- Evaluated or extrapolated
    torch::Tensor estimate(const Call& call, const NoiseEstimate& network);

    //- Those that were made
    int evaluations() const { return evaluations_; }

    //- Of these, for each member those while it was active; empty: none
    const std::vector<int>& ofMembers() const { return ofMembers_; }

private:

    struct Past
    {
        std::vector<double> levels;
        torch::Tensor v;
        torch::Tensor eps;
    };

    //- Evaluates, and checks the result's shape
    torch::Tensor ask(const Call& call, const NoiseEstimate& network);

    //- Whether there are three evaluations, each at a lower level than the one before, and the call's is lower yet
    bool haveHistory(const Call& call) const;

    bool isStable(const Call& call) const;
    torch::Tensor extrapolate(const Call& call) const;

    torch::Tensor scaled(const Call& call) const;

    const Schedule& schedule_;
    bool enabled_;
    int evaluations_ = 0;
    std::vector<int> ofMembers_;
    bool accurate_ = false;
    bool leftOut_ = false;
    std::deque<Past> past_;
};

} // namespace surrogate
