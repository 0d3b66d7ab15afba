#pragma once

#include "accuracyOptions.h"
#include "forecasts.h"

#include <cstdint>

namespace surrogate
{

//- A curve's models at one value of its knob. Means over the models; the standard errors are those over the models where there
//  are several, else over the starts (none of one start).
struct AccuracyPoint
{
    double value = 0;                     //!< of the knob
    std::vector<ForecastErrors> models;   //!< one a model
    MeanAndError error, horizon;          //!< of ForecastErrors::trajectoryError, horizon [s]
    std::vector<MeanAndError> vrmse;      //!< one an options' horizon
    double timePerStep = 0;               //!< of one forecast [s]
    std::optional<double> iterations;
    std::vector<double> overSteps;        //!< ForecastErrors::vrmse, mean over the models
    std::vector<double> squareOverSteps;  //!< ForecastErrors::error, mean over the models
    std::vector<double> power;            //!< ForecastErrors::power, mean over the models; empty where one failed
    std::optional<double> peak;           //!< latticePeakHeight of the power
    std::string failure;                  //!< of the first model that failed
};

struct AccuracyResult
{
    struct Curve
    {
        std::string name, knob;
        std::string network;              //!< of the first model
        std::int64_t parameters = 0;      //!< of its network
        std::vector<AccuracyPoint> points;
    };

    std::vector<Curve> curves;
    Grid grid;
    double timeStep = 0;
    std::size_t starts = 0;
    std::vector<std::string> fields;
    std::string runtime;
};

//- Loads every model and runs its forecasts at every value, with a progress on standard output. Throws Error.
AccuracyResult measureAccuracy(const AccuracyOptions& options);

//- Writes errors.csv, summary.json, the pictures and report.html into the options' output, and prints the table. `command`: what
//  repeats it. Throws Error.
void reportAccuracy(const AccuracyOptions& options, const AccuracyResult& result, const std::string& command);

} // namespace surrogate
