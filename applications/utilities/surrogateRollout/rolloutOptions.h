#pragma once

#include "core/metrics/flowField.h"
#include "core/networkControls.h"
#include "core/options.h"
#include "core/settings.h"
#include "model/corrector.h"

#include <cstdint>
#include <string>
#include <vector>

namespace surrogate
{

//- A rollout, as system/surrogateRolloutDict describes it
struct RolloutOptions
{
    std::string model;
    std::string corrector;                //!< empty: none
    CorrectorOptions correctorOptions;
    CorrectorOptions samplerOptions;      //!< of a model that is a diffusion model itself
    NetworkControls networkControls;
    std::vector<std::string> starts;      //!< data sets (HDF5)
    std::vector<double> startTimes;       //!< snapshots of each data set that are starts [s]
    int members = 0;                      //!< starts spread evenly over all snapshots; 0: see startTimes
    int steps = 0;
    int statisticsEvery = 10;             //!< steps
    int snapshotEvery = 0;                //!< steps; 0: none
    int denseSteps = 0;                   //!< last steps that are recorded one by one
    std::vector<std::string> conserve;    //!< fields whose mean over the grid each step keeps, as surrogateFoam's `conserve`
    FlowField flow;                       //!< that of the statistics
    std::string output = "rollout";       //!< folder
    int seed = 1;
    bool stopOnFailure = false;
    double checkpointEvery = 180;         //!< seconds
    int stopAfter = 0;                    //!< steps of this call; 0: all that are left
    RuntimeOptions runtime;
    Settings given;                       //!< all entries as the dictionary has them

    //- Throws Error that names the entry
    static RolloutOptions read(const Settings& settings);
    void check(const std::string& where) const;

    //- What may differ between two parts of one rollout
    static std::vector<std::string> changeable();
};

} // namespace surrogate
