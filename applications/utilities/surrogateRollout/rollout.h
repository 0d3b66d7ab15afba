#pragma once

#include "folderLock.h"
#include "rolloutOptions.h"
#include "rolloutRecord.h"

#include "core/conservedMeans.h"
#include "core/noise.h"
#include "model/stepper.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- A Stepper run from several starts as one batch, for any number of steps, with its files. A member whose values stop being
//  finite, or whose kinetic energy passes 100 times its start's, leaves the batch; the others go on.
class Rollout
{
public:

    //- `resume`: go on from the checkpoint in options.output, where there is one. Throws Error where the starts or the
    //  checkpoint do not fit the model or the options, and where there is a checkpoint that is not to be resumed.
    Rollout(Stepper& stepper, std::vector<RolloutStart> starts, const RolloutOptions& options, bool resume);

    //- To options.steps, or options.stopAfter steps further, or until no member is left. Writes a checkpoint, the level counts
    //  and the summary every options.checkpointEvery seconds and at the end. Throws Error where options.stopOnFailure forbids
    //  a failure (after writing), where a file cannot be written, and where all of several members fail to step at once.
    void run();

    const RolloutProgress& progress() const { return progress_; }

    //- Those that are left, in the order of progress().active
    const std::vector<State>& members() const { return members_; }

private:

    using Clock = std::chrono::steady_clock;

    void checkStarts() const;
    void step();
    Noise noise() const;
    void advance();
    void advance(const Noise& noise);
    void dropThoseThatFail(const Noise& noise);
    void drop(std::size_t position);
    void measure(bool due);
    std::vector<double> velocityOf(const State& state) const;
    RolloutStatistics statisticsOf(std::size_t position, double energy, bool due) const;
    void countLevels(int member, const Refinement& refinement);
    void save();
    std::string message() const;

    Stepper& stepper_;
    const RolloutOptions options_;
    const std::vector<RolloutStart> starts_;
    int flow_ = 0;                              // first channel of the velocity, or of the vorticity
    std::vector<double> startEnergies_;         // one a start
    RolloutProgress progress_;
    std::vector<State> members_, before_;       // now, and one step earlier where statistics are due
    std::vector<Refinement> refinements_;       // one a member that is left, or empty
    ConservedMeans conserved_;
    const FolderLock lock_;
    std::unique_ptr<RolloutRecord> record_;
    Clock::time_point clock_;
};

//- One member a start, as the options say. Throws Error where a data set does not fit the model or lacks a snapshot.
std::vector<RolloutStart> readStarts(const RolloutOptions& options, const Manifest& manifest);

//- Loads the models and the starts and runs
void rollout(const RolloutOptions& options, bool resume);

} // namespace surrogate
