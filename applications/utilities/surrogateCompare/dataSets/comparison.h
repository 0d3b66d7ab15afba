#pragma once

#include "comparisonInput.h"

#include "core/metrics.h"
#include "core/state.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- Members of a run that stay where the reference is
struct Stability
{
    std::vector<std::optional<double>> exits;         //!< one a member: time after its start when it leaves [s]

    std::size_t stable() const;
    std::optional<double> firstExit() const;          //!< of any member [s]
};

//- Kinetic energy and enstrophy of one member over time
struct MemberSeries
{
    std::vector<double> times;                        //!< after the member's start [s]
    std::vector<double> energies, enstrophies;
};

//- How often a corrector estimated a level, of the condition and of the state
using LevelHistogram = std::map<long, std::array<double, 2>>;

//- What several long runs of one run give
struct MembersResult
{
    std::vector<MemberSeries> series;
    std::optional<double> spectrumError;              //!< of spectrumDistance: standard error over the members
    std::optional<double> spectrumFloor;              //!< of the reference: between the halves of its members
    Stability energy, spectrum;
    std::vector<double> rates;                        //!< of change, each [1/s]
    std::optional<MeanAndDeviation> rate;
    std::optional<double> rateRatio;                  //!< of the means, to the reference's
    std::optional<double> rateDistance;               //!< Kolmogorov and Smirnov's, to the reference's
    std::vector<double> autocorrelation;              //!< by lag in steps; empty: no ends
    std::optional<double> autocorrelationError;
    LevelHistogram levels;
};

//- What the short and the long runs of one run give. Absent: not given, or not reached.
struct RunResult
{
    RunInput given;

    std::vector<std::optional<double>> correlation;   //!< one a correlation time, mean over the starts
    std::vector<double> curveTimes, curve;            //!< the same over all common snapshots: time after the start [s]
    std::optional<double> vrmseOneStep;

    std::optional<MeanAndError> kineticEnergy, enstrophy;
    std::vector<double> meanSpectrum;                 //!< by wave number, up to half the cells; empty: no long run
    std::optional<double> spectrumDistance;
    int lastShell = 0;                                //!< up to which spectrumDistance counts
    std::optional<MembersResult> members;
};

struct ComparisonResult
{
    std::vector<RunResult> runs;
    MeanAndDeviation energyBand, enstrophyBand;       //!< of the reference's members
    std::vector<std::string> notes;                   //!< what is absent, and why
};

//- Compares all runs with the first. Throws Error where a data set cannot be read, lacks the velocity or a snapshot, or is not
//  of a periodic 2-D box of the reference's size.
ComparisonResult compare(const ComparisonInput& input);

//- The velocity and the vorticity of one snapshot of a short run on the grid of the reference; nothing where the run has no
//  snapshot at that time after its start [s]
std::optional<State> shortRunState(const ComparisonInput& input, std::size_t run, std::size_t start, double time);

//- Times after the start [s] of the snapshots of a short run, the start itself included where it is recorded
std::vector<double> shortRunTimes(const ComparisonInput& input, std::size_t run, std::size_t start);

} // namespace surrogate
