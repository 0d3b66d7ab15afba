#pragma once

#include "core/manifest.h"
#include "core/networkControls.h"
#include "core/noise.h"
#include "core/state.h"

#include <map>
#include <string>
#include <vector>

namespace surrogate
{

//- What a diffusion model did to one member of an ensemble. Levels count from 0, the least noise, to the schedule's last one;
//  -1: none, or not estimated.
struct Refinement
{
    double conditionLevel = -1;   //!< estimated noise level of the state one step before
    double level = -1;            //!< estimated noise level of the state as it came: how far it had drifted
    double levelAfter = -1;       //!< of the state as it went, where CorrectorOptions::measureAfter asks for it
    bool active = false;          //!< whether the state was changed
    int evaluations = 0;          //!< of the network, the estimate's included; of its encoder alone counts as one
};

//- States kept between calls, by name; each entry has one State a member
using Memory = std::map<std::string, std::vector<State>>;

//- Something that takes States one step further: an emulator, a diffusion model, an emulator with a corrector. One verb.
class Stepper
{
public:

    virtual ~Stepper() = default;

    //- Replaces each member's values by those one manifest().timeStep later and adds that to its time. Members are evaluated
    //  as one batch; member i draws its random numbers from noise.ofMember(i). Not collective: call it on the rank that holds
    //  the whole States. Throws Error, and leaves the members as they were, where a grid or the fields are not the model's, or
    //  a value in or out is not finite.
    virtual void advance(std::vector<State>& members, const Noise& noise) = 0;

    //- The same for a single state
    void advance(State& state, const Noise& noise);

    virtual const Manifest& manifest() const = 0;

    //- One line: device, precision, threads, and why each was chosen
    virtual std::string runtime() const = 0;

    //- What the last step's corrector or sampler did, one a member; empty for an emulator. Where there are both: what the
    //  corrector did, and the evaluations of both.
    virtual std::vector<Refinement> refinements() const { return {}; }

    //- Of its network, from the next step on. Throws Error on controls that the network does not have, or that do not fit it.
    virtual void setControls(const NetworkControls& controls) { controls.requireOnly({}, manifest().network); }

    //- How the network's iteration went in the last step, one a member; empty where it does not iterate
    virtual std::vector<Convergence> convergence() const { return {}; }

    //- All that a later step depends on besides its arguments: a restart with it gives the same numbers as no restart. Empty
    //  for an emulator that sees the present state alone.
    virtual Memory memory() const { return {}; }
    virtual void setMemory(const Memory&) {}
};

} // namespace surrogate
