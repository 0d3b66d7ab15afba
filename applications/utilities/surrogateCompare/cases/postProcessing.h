#pragma once

#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- One column that a function object forces or forceCoeffs wrote
struct ForceSeries
{
    std::string name;                    //!< "forces/Cl": function object and column
    std::vector<double> times, values;   //!< ascending [s]
    std::optional<double> timeScale;     //!< lRef/magUInf of coefficients [s]: a frequency times it is a Strouhal number
};

//- All of coefficient.dat, forceCoeffs.dat, force.dat and forces.dat below CASE/postProcessing. Where a run was restarted the
//  later folder counts from its first time on. Throws Error where a file cannot be understood.
std::vector<ForceSeries> readForces(const std::string& caseFolder);

//- What a run cost
struct RunCost
{
    std::string log;                         //!< the file it was read from
    std::string application;                 //!< that wrote it
    long steps = 0;
    int rounds = 1;                          //!< logs of the same run
    double processorTime = 0;                //!< of the time loop, over simulated time; the median of the rounds
    std::optional<double> wallTime;          //!< the same; none below 10 s, as logs have whole seconds
    double from = 0, to = 0;                 //!< simulated time that they are of [s]
};

//- From the file log.* or log of the case with the most time steps, and from what repeated it (LOG.2, LOG.3, ... as
//  surrogatePareto writes them); none where no log tells. Times are those between the first and the last step in the log: the
//  start is not in them. Where the log's time jumps over steps of a model, from before the first jump to before the last one:
//  whole cycles.
std::optional<RunCost> readCost(const std::string& caseFolder);

//- What surrogateStep, surrogatePimpleFoam or surrogateFoam tell of a run, see hybridSteps.H; the sum over restarts
struct StepTakers
{
    long bySolver = 0, byModel = 0, rejected = 0;
    double simulatedBySolver = 0, simulatedByModel = 0;   //!< [s]
    std::optional<double> speedUp;                        //!< against the solver's own steps of the same run
};
std::optional<StepTakers> readStepTakers(const std::string& caseFolder);

} // namespace surrogate
