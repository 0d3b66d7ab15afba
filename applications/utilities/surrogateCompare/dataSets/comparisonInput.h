#pragma once

#include "core/metrics/flowField.h"

#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- One run as the JSON file lists it; see usage.h
struct RunInput
{
    std::string name;
    std::vector<std::string> starts;   //!< data sets of the short runs
    std::string longRun;               //!< data set for statistics; empty: none
    std::vector<std::string> members;  //!< data sets of several long runs, instead
    std::vector<std::string> end;      //!< data sets with all steps of a part of each
    std::string statistics, levels;    //!< CSV files as surrogateRollout writes them; empty: none
    double statisticsFrom = 0;         //!< of the members, after the first snapshot of each [s]
    std::optional<double> timePerStep;           //!< of one member [ms]
    std::optional<double> evaluationsPerStep;
    std::optional<double> wallTimePerTime;
    std::optional<long> stepsBySolver;
    std::optional<long> stepsByModel;
    std::optional<double> continuityError;
};

struct PictureInput
{
    std::size_t start = 0;
    double time = 0;                   //!< after the start [s]
    std::vector<std::string> runs;
    std::string error;                 //!< the run whose difference to the reference is shown
};

//- Vorticity of one member of each run at several times
struct LongPictureInput
{
    std::size_t member = 0;
    std::vector<double> times;         //!< after the member's first snapshot [s]; empty: spread over the longest member
    std::vector<std::string> runs;
};

//- Window of the running mean of spectra
struct WindowInput
{
    std::size_t snapshots = 10;
    double spacing = 5;                //!< least time between two of them [s]
};

//- What is compared. The first run is the reference.
struct ComparisonInput
{
    std::string caseName;
    long threads = 1;
    FlowField flow;
    std::vector<double> startTimes;    //!< one a start [s]
    std::vector<double> correlationTimes{1, 2, 3, 4, 6};
    double oneStep = 0;
    double statisticsFrom = 0;
    long spectrumTo = 16;              //!< highest wave number of spectrumDistance and spectrumBand
    PictureInput picture;
    LongPictureInput longPicture;
    WindowInput window;
    std::vector<RunInput> runs;

    //- Reads and checks the JSON file; file names come back relative to the working folder. Throws Error.
    static ComparisonInput read(const std::string& path);

    const RunInput& reference() const { return runs.front(); }

    bool hasMembers() const { return !reference().members.empty(); }

    std::size_t nStarts() const { return reference().starts.size(); }

    //- Position of the named run; throws Error that lists the names
    std::size_t position(const std::string& name) const;
};

} // namespace surrogate
