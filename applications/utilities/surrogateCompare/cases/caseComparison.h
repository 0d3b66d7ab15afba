#pragma once

#include "flowRun.h"
#include "postProcessing.h"
#include "timeRanges.h"

#include "core/metrics.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- What is compared with what
struct CaseOptions
{
    std::vector<std::string> paths;       //!< the reference first
    std::vector<std::string> names;       //!< as many; empty: the last parts of the paths
    std::vector<std::string> fields;      //!< empty: all scalars and vectors that all runs have
    TimeRanges times;
    std::vector<int> gridCells;           //!< see openRun
    std::vector<std::string> patches;     //!< parts of forces' names: of function object or column; empty: all
    std::string velocity = "U";
};

//- How far one field of a run is from the reference's, one value a time in each list
struct ErrorSeries
{
    Field field;
    std::vector<std::string> metrics;                //!< names, see doc/comparison.md
    std::vector<std::vector<double>> values;         //!< one list a metric
    std::optional<double> horizon;                   //!< when the correlation falls below its limit [s]; none: not in this time

    const std::vector<double>& of(const std::string& metric) const;
};

//- A number over time, and what a run's statistics make of it
struct Quantity
{
    std::string name, unit;
    std::vector<double> times, values;
    std::optional<MeanAndError> mean;                //!< none: too few values
    std::optional<MeanAndError> drift;               //!< change over the whole time, by a straight line
    std::optional<double> amplitude;                 //!< sqrt(2) times the standard deviation: that of a sine
    std::optional<Oscillation> oscillation;          //!< of what oscillates
    std::optional<double> timeScale;                 //!< see ForceSeries
};

//- Probability density of one component of a field
struct Density
{
    std::string name;
    ProbabilityDensity of;
};

struct RunFigures
{
    std::string name, path, cells;
    std::vector<ErrorSeries> errors;                 //!< none of the reference itself
    std::vector<Quantity> quantities;
    std::vector<double> spectrum;                    //!< mean over time, by wave number, up to half its own grid's cells
    std::optional<double> spectrumDistance;          //!< to the reference's, decades
    int lastShell = 0;                               //!< up to which that counts
    std::vector<Density> densities;
    std::vector<double> densityDistances;            //!< to the reference's, total variation, one a density
    std::vector<double> autocorrelation;             //!< by lag in intervals; empty: no constant interval
    std::optional<double> autocorrelationError;
    std::optional<double> leavesFiveSigma;           //!< time at which the kinetic energy does [s]
    std::vector<double> zonalMean;                   //!< of the velocity's first component, mean over time, by second coordinate
    std::optional<double> zonalError;                //!< root mean square difference to the reference's
    std::optional<RunCost> cost;
    std::optional<StepTakers> steps;

    const Quantity* quantity(const std::string& name) const;
};

struct CaseComparison
{
    std::vector<double> times;                       //!< common to all runs [s]
    FieldList fields;                                //!< compared ones, with the vorticity where there is a velocity
    std::string velocity;                            //!< empty: none
    std::string statisticsOf;                        //!< the field of rate of change and autocorrelation
    std::optional<double> interval;                  //!< between times, where it is constant [s]
    std::optional<Grid> grid;                        //!< of what needs one
    std::vector<double> zonalCoordinate;
    std::vector<RunFigures> runs;                    //!< the reference first
    std::vector<std::string> notes;                  //!< what is absent and why, how runs were mapped
};

//- The fields of all runs at one of the times, all on the reference's cells
struct Snapshot
{
    std::size_t index = 0;
    double time = 0;
    const FieldList& fields;
    const std::vector<std::vector<std::vector<double>>>& values;   //!< [run][field][component and cell]
};

//- Who uses the snapshots as they pass: pictures, VTK files
class SnapshotUser
{
public:

    virtual ~SnapshotUser() = default;
    virtual void begin(const FlowRun& reference, const CaseComparison& comparison) = 0;
    virtual void see(const Snapshot& snapshot) = 0;
};

//- Reads all runs snapshot by snapshot; never holds more than one of each. Throws Error.
CaseComparison compareCases(const CaseOptions& options, const std::vector<SnapshotUser*>& users);

} // namespace surrogate
