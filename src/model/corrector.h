#pragma once

#include "core/options.h"
#include "core/team.h"
#include "model/stepper.h"

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- How a corrector refines. May be changed between two calls.
struct CorrectorOptions
{
    double activation = 0;        //!< states whose levels are all at or below it are left alone; below 0: none is
    double minLevel = 0;          //!< lower estimates count as this level: for drift that the heads do not see as noise
    int every = 1;                //!< corrects at the time indices that it divides, and rests at the others
    double maxChange = 0;         //!< a change over one model step above this many times the data's counts as noise, of its own
                                  //!<   size, at any time index: for drift that breaks the dynamics first; 0: any change goes
    std::string path = "A";       //!< A: the condition down to clean, then the state; B: the reverse; C: both at once, along the
                                  //!<   diagonal; currentOnly: the state alone, the condition stays at its level
    bool renoise = true;          //!< adds noise of the estimated level first; no: the state is taken for the noised sample
    double level = -1;            //!< level from which models without a level head refine; -1: a fifth of the levels
    double stopLevel = -1;        //!< thermalizer: level at which denoising ends (s_stop), and up to which states are left
                                  //!<   alone; -1: clean
    double safeguard = -1;        //!< a higher estimated level is an error (thermalizer: abort); -1: any level goes
    int maxLag = 100;             //!< snsLagged: largest lag of the anchor, in model steps
    bool measureAfter = false;    //!< estimates the level once more afterwards
    Settings sampler;             //!< sampler, variant, order, evaluations, spacing, sada

    //- Throws Error that names the entry; keywords() of both are the valid ones
    static CorrectorOptions read(const Settings& settings);
    static std::vector<std::string> keywords();
    void check(const std::string& where) const;
};

//- Moves states that have drifted back to the states that its model was trained on, with as little change as that takes.
class Corrector
{
public:

    virtual ~Corrector() = default;

    //- Corrects each member in place; time stays. `previous`: the members lag() earlier, not changed; empty where lag() is 0.
    //  Member i draws from noise.ofMember(i). Not collective. Throws Error and leaves the members as they were, as
    //  Stepper::advance does, and where a level is above CorrectorOptions::safeguard.
    virtual std::vector<Refinement> correct(std::vector<State>& members, const std::vector<State>& previous, const Noise& noise) = 0;

    //- Estimates the levels alone: how far the members have drifted
    virtual std::vector<Refinement> estimate(const std::vector<State>& members, const std::vector<State>& previous) = 0;

    //- How much earlier the states are that it reads beside those that it corrects [s]: its model's time step, or 0: none
    virtual double lag() const = 0;

    //- Throws Error where an option does not fit the model
    virtual void setOptions(const CorrectorOptions& options) = 0;

    virtual const Manifest& manifest() const = 0;

    //- One line: device, precision, threads, and why each was chosen
    virtual std::string runtime() const = 0;

    //- As Stepper's: the sample of the invariant measure, anchors
    virtual Memory memory() const = 0;
    virtual void setMemory(const Memory& memory) = 0;
};

//- Reads a model file of method sns, snsLagged, thermalizer, acdm, cleanCondition or pdeRefiner as a corrector. Throws Error
//  where it is not one, and as loadSurrogate does.
std::unique_ptr<Corrector> loadCorrector(const std::string& path, const RuntimeOptions& runtime, const CorrectorOptions& options,
    std::shared_ptr<Team> team = nullptr);

//- A Stepper whose every step is stepper's, then corrected with the state before the step as `previous`. Throws Error where the
//  two models differ in grid, fields (units included) or time step.
std::unique_ptr<Stepper> withCorrector(std::unique_ptr<Stepper> stepper, std::unique_ptr<Corrector> corrector);

} // namespace surrogate
