#pragma once

#include "accuracyOptions.h"

#include "core/conservedMeans.h"
#include "core/metrics.h"
#include "core/state.h"
#include "model/stepper.h"

#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- What forecasts start from and are compared with: snapshots of recorded trajectories, a model's time step apart
class Reference
{
public:

    //- The options' starts, of fields and time step as the manifest has them. Throws Error where a data set does not fit the
    //  model or is too short.
    Reference(const AccuracyOptions& options, const Manifest& manifest);

    std::size_t size() const { return truth_.size(); }
    const State& at(std::size_t start, int step) const { return truth_[start][std::size_t(step)]; }

    //- Variance of each field over all snapshots, as a vector's: the mean square length of what differs from the mean
    const std::vector<double>& variances() const { return variances_; }

    //- Of the fields that the options name
    const ConservedMeans& conserved() const { return conserved_; }

    //- Throws Error where a model is of another grid, other fields or another time step than the first one
    void requireSame(const Manifest& manifest, const std::string& model) const;

private:

    void readStarts(const AccuracyOptions& options, const std::string& path);
    void measureVariances();

    Manifest manifest_;
    std::string model_;
    std::vector<std::vector<State>> truth_;   //!< [start][step], the start included
    std::vector<double> variances_;
    ConservedMeans conserved_;
};

//- What one model's forecasts give with one setting. `vrmse` and `error`: [step - 1], means over starts and fields; a step that some
//  forecast does not reach is infinite.
struct ForecastErrors
{
    std::vector<double> vrmse;
    std::vector<double> error;               //!< mean-square error by the field's variance
    double trajectoryError = 0;              //!< mean of error over the steps
    std::vector<double> ofStarts;            //!< the same of each start
    double horizon = 0;                      //!< until the mean correlation of the fields is below the options', mean over the starts [s]
    std::optional<double> iterations;        //!< of the network, mean over steps and starts; or evaluations of a diffusion model
    double timePerStep = 0;                  //!< of one forecast [s]
    std::vector<double> power;               //!< of the last step's error, as addPower has it; fields by their variance
    std::string failure;                     //!< empty: all reached the end
};

//- Throws Error where the model cannot take any step at all
ForecastErrors forecast(Stepper& stepper, const Reference& reference, const AccuracyOptions& options);

} // namespace surrogate
