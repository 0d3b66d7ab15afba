#pragma once

#include "core/networkControls.h"
#include "core/options.h"
#include "core/settings.h"
#include "model/corrector.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Models that were trained alike but for the seed, and the values of one control at which they are measured
struct AccuracyCurve
{
    std::string name;
    std::vector<std::string> models;
    std::string knob;                 //!< keyword of networkControls or samplerCoeffs; empty: none is turned
    std::vector<double> values;       //!< of the knob; one value that is not used where there is no knob
    Settings networkControls, samplerCoeffs;   //!< the others

    //- With the knob at `value`
    NetworkControls controlsAt(double value) const;
    CorrectorOptions samplerAt(double value) const;

    //- Whether the knob is one of the network, which is turned without loading the model again
    bool turnsNetwork() const;

private:

    Settings turned(const Settings& settings, double value) const;
};

//- Accuracy of models against their cost, as system/surrogateAccuracyDict describes it
struct AccuracyOptions
{
    std::vector<std::string> reference;   //!< data sets (HDF5) that the forecasts are compared with
    int starts = 1;                       //!< of each trajectory, spread evenly over what leaves room for the steps
    int trajectories = 0;                 //!< of each data set; 0: all
    int steps = 0;                        //!< of the models
    std::vector<long> horizons;           //!< steps whose errors are in the table; empty: the first and the last
    double correlation = 0.8;             //!< the correlation's horizon is where it falls below
    int latticePatch = 0;                 //!< cells between the points of the lattice whose peaks are looked for; 0: none
    std::vector<std::string> conserve;    //!< fields whose mean over the grid each step keeps, as surrogateFoam's `conserve`
    int batch = 0;                        //!< forecasts at a time; 0: all
    int seed = 1;
    std::string title, output = "accuracy";
    std::vector<AccuracyCurve> curves;    //!< by name
    RuntimeOptions runtime;

    //- Throws Error that names the entry
    static AccuracyOptions read(const Settings& settings);
    void check(const std::string& where) const;
};

} // namespace surrogate
