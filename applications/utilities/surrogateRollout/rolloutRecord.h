#pragma once

#include "rolloutOptions.h"

#include "core/manifest.h"
#include "dataset/datasetWriter.h"
#include "model/stepper.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Where a member of the rollout starts
struct RolloutStart
{
    std::string file;
    State state;                                      //!< the model's fields
    std::map<std::string, double> parameters;         //!< of the simulation
};

//- A member that left the batch
struct RolloutFailure
{
    int member = 0;
    std::int64_t step = 0;
    double time = 0;                                  //!< [s]
    std::string reason;
};

//- Steps by estimated level: of the condition, of the state
using LevelCounts = std::map<long, std::array<std::int64_t, 2>>;

//- How far a rollout is; what a checkpoint keeps beside states and memory
struct RolloutProgress
{
    std::int64_t step = 0;
    std::vector<int> active;                          //!< numbers of the members that go on, in the batch's order
    std::vector<RolloutFailure> failures;
    std::vector<LevelCounts> levels;                  //!< one a member
    std::int64_t memberSteps = 0, evaluations = 0;    //!< sums over the members; evaluations are Refinement's
    double wallTime = 0, modelTime = 0;               //!< seconds
    std::int64_t statisticsBytes = 0;                 //!< length of statistics.csv
};

//- One line of statistics.csv
struct RolloutStatistics
{
    double kineticEnergy = 0, enstrophy = 0, rateOfChange = 0;
    Refinement refinement;
};

//- The files of a rollout but for its checkpoint. Throws Error where one cannot be written.
class RolloutRecord
{
public:

    //- Makes the folder and begins statistics.csv, or goes on with files that are cut back to where `progress` is
    RolloutRecord(const RolloutOptions& options, const Manifest& manifest, const std::vector<RolloutStart>& starts,
        const RolloutProgress& progress);

    ~RolloutRecord();

    void statistics(std::int64_t step, double time, int member, const RolloutStatistics& values);

    //- Records the state where snapshots or the dense tail are due at that step
    void snapshot(std::int64_t step, int member, const State& state);

    //- Length of statistics.csv, all written to the disk
    std::int64_t flush();

    void levels(const RolloutProgress& progress) const;

    void summary(const RolloutProgress& progress, const std::string& runtime) const;

private:

    std::string file(const std::string& name) const { return options_.output + "/" + name; }
    bool inTail(std::int64_t step) const { return step > options_.steps - options_.denseSteps; }
    double timeOf(int member, std::int64_t step) const;

    void openStatistics(std::int64_t length);
    std::unique_ptr<DatasetWriter> open(int member, bool tail) const;
    void cutBack(std::int64_t step);

    const RolloutOptions options_;
    const Manifest manifest_;
    const std::vector<RolloutStart>& starts_;
    std::ofstream statistics_;
    std::vector<std::unique_ptr<DatasetWriter>> snapshots_, tails_;   // opened when first due
};

} // namespace surrogate
