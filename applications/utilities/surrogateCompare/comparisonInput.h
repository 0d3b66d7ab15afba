#pragma once

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

//- What is compared. The first run is the reference.
struct ComparisonInput
{
    std::string caseName;
    long threads = 1;
    std::string velocity = "U";
    std::vector<double> startTimes;    //!< one a start [s]
    std::vector<double> correlationTimes{1, 2, 3, 4, 6};
    double oneStep = 0;
    double statisticsFrom = 0;
    PictureInput picture;
    std::vector<RunInput> runs;

    //- Reads and checks the JSON file; file names come back relative to the working folder. Throws Error.
    static ComparisonInput read(const std::string& path);

    const RunInput& reference() const { return runs.front(); }

    std::size_t nStarts() const { return reference().starts.size(); }

    //- Position of the named run; throws Error that lists the names
    std::size_t position(const std::string& name) const;
};

} // namespace surrogate
