#pragma once

#include "core/settings.h"

#include <string>
#include <vector>

namespace surrogate
{

//- What a user may turn of a network while it is used, at any time step. Each network has some of them and refuses the others.
struct NetworkControls
{
    //- Of a network that iterates: how often, on its latent state; 0: as often as it was trained with in the mean, or, with one of
    //  the three below, as often as they ask
    int iterations = 0;

    double tolerance = 0;    //!< iterates until the latent state's relative change is below
    double relTol = 0;       //!< or until it is below so much of the first one's
    int maxIter = 0;         //!< but not more often; 0: four times as often as the network was trained with
    double timeBudget = 0;   //!< and begins no iteration later than this after the step's beginning [s]; 0: any time

    //- Iterations start from the last step's latent state, as a linear solver does from the last solution, and not from a random one
    bool warmStart = false;

    std::vector<long> patchCycle;   //!< cells along a patch's side, in turn from one time step to the next; empty: the network's

    //- Throws Error that names the entry. `patch N` is a cycle of one.
    static NetworkControls read(const Settings& settings);
    static std::vector<std::string> keywords()
    {
        return {"iterations", "tolerance", "relTol", "maxIter", "timeBudget", "warmStart", "patch", "patchCycle"};
    }

    //- Whether iterations end by what has been reached
    bool adaptive() const { return tolerance > 0 || relTol > 0 || timeBudget > 0; }

    //- Throws Error where a control is set that is not among those that the network has
    void requireOnly(const std::vector<std::string>& has, const std::string& network) const;
};

//- How a network's iteration went, as OpenFOAM's linear solvers report theirs
struct Convergence
{
    std::string solver;            //!< such as RecurrFNO
    double initialResidual = 0;    //!< relative change of the latent state in the first iteration
    double finalResidual = 0;      //!< in the last one
    int iterations = 0;
};

} // namespace surrogate
