#include "rollout.h"

#include "rolloutCheckpoint.h"

#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "core/metrics.h"
#include "core/progress.h"
#include "model/surrogate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

namespace surrogate
{

namespace
{

constexpr double largestEnergyRatio = 100;
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

template<class T>
void erase(std::vector<T>& values, std::size_t position)
{
    if (position < values.size()) values.erase(values.begin() + std::ptrdiff_t(position));
}

//- The memory of a batch of `n` members that are all the one at `position`
Memory repeated(Memory memory, std::size_t position, std::size_t n)
{
    for (auto& [name, states] : memory)
    {
        if (position < states.size()) states = std::vector<State>(n, State(states[position]));
    }
    return memory;
}

double seconds(std::chrono::steady_clock::duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

} // namespace

Rollout::Rollout(Stepper& stepper, std::vector<RolloutStart> starts, const RolloutOptions& options, bool resume)
:
    stepper_(stepper), options_(options), starts_(std::move(starts)),
    conserved_(options.conserve, stepper.manifest(), options.model), lock_(options.output), clock_(Clock::now())
{
    checkStarts();
    flow_ = stepper_.manifest().fields.channelOf(options_.flow.name);
    for (const RolloutStart& start : starts_)
    {
        startEnergies_.push_back(kineticEnergy(start.state.grid, velocityOf(start.state).data()));
    }

    const RolloutCheckpoint checkpoint(options_);
    if (checkpoint.exists() && !resume)
    {
        throw Error({"The output folder holds a rollout already", checkpoint.path(),
            "-resume, or another or an empty folder", "a checkpoint", {}});
    }
    if (checkpoint.exists())
    {
        checkpoint.read(progress_, members_, stepper_);
        for (std::size_t i = 0; i < members_.size(); ++i)
        {
            members_[i].geometry = starts_[std::size_t(progress_.active[i])].state.geometry;   // files of states have none
        }
    }
    else
    {
        for (const RolloutStart& start : starts_) members_.push_back(start.state);
        progress_.active.resize(starts_.size());
        std::iota(progress_.active.begin(), progress_.active.end(), 0);
        progress_.levels.resize(starts_.size());
    }
    record_ = std::make_unique<RolloutRecord>(options_, stepper_.manifest(), starts_, progress_);
}

void Rollout::checkStarts() const
{
    const Manifest& manifest = stepper_.manifest();
    manifest.grid.requireLattice("surrogateRollout", options_.model);
    options_.flow.check(manifest.fields, manifest.grid, options_.model);
    for (const RolloutStart& start : starts_)
    {
        if (start.state.grid.matches(manifest.grid)) continue;
        throw Error({"A start is not on the model's grid", start.file, manifest.grid.describe(),
            start.state.grid.describe(), {}});
    }
}

void Rollout::run()
{
    std::int64_t last = options_.steps;
    if (options_.stopAfter > 0) last = std::min<std::int64_t>(last, progress_.step + options_.stopAfter);
    Progress bar("surrogateRollout", options_.steps, progress_.step);
    clock_ = Clock::now();
    auto saved = clock_;
    if (progress_.step == 0)
    {
        for (std::size_t i = 0; i < members_.size(); ++i) record_->snapshot(0, progress_.active[i], members_[i]);
    }
    while (progress_.step < last && !members_.empty())
    {
        step();
        bar.update(progress_.step, message());
        if (options_.stopOnFailure && !progress_.failures.empty()) break;
        if (seconds(Clock::now() - saved) < options_.checkpointEvery) continue;
        save();
        saved = Clock::now();
    }
    save();
    if (options_.stopOnFailure && !progress_.failures.empty())
    {
        const RolloutFailure& failure = progress_.failures.front();
        throw Error({"A member of the rollout failed", "member " + std::to_string(failure.member) + ", step "
            + std::to_string(failure.step), "a finite state of bounded energy", failure.reason, {}});
    }
}

void Rollout::step()
{
    const bool due = (progress_.step + 1)%options_.statisticsEvery == 0;
    if (due) before_ = members_;
    const auto from = Clock::now();
    advance();
    progress_.modelTime += seconds(Clock::now() - from);

    ++progress_.step;
    progress_.memberSteps += std::int64_t(members_.size());
    for (std::size_t i = 0; i < members_.size(); ++i)
    {
        // Not the sum of the steps, whose rounding grows
        const State& start = starts_[std::size_t(progress_.active[i])].state;
        members_[i].time = start.time + double(progress_.step)*stepper_.manifest().timeStep;
    }
    measure(due);
    for (std::size_t i = 0; i < members_.size(); ++i) record_->snapshot(progress_.step, progress_.active[i], members_[i]);
}

// Members keep their numbers, and with them their random numbers, when others have left the batch
Noise Rollout::noise() const
{
    return Noise(std::uint64_t(options_.seed), std::uint32_t(progress_.step))
        .ofBatch({progress_.active.begin(), progress_.active.end()});
}

void Rollout::advance()
{
    while (!members_.empty())
    {
        const Noise noise = this->noise();
        try
        {
            advance(noise);
            refinements_ = stepper_.refinements();
            if (refinements_.empty())
            {
                for (const Convergence& c : stepper_.convergence()) refinements_.push_back({-1, -1, -1, false, c.iterations});
            }
            return;
        }
        catch (const Error&)
        {
            dropThoseThatFail(noise);
        }
    }
}

void Rollout::advance(const Noise& noise)
{
    const std::vector<double> means = conserved_.of(members_);
    stepper_.advance(members_, noise);
    conserved_.restore(members_, means);
}

// Called where a step of the batch has thrown. A batch of copies of one member draws, at that member's place, the same random
// numbers as the whole batch: it throws where the member was at fault.
void Rollout::dropThoseThatFail(const Noise& noise)
{
    const Memory memory = stepper_.memory();
    std::vector<std::pair<std::size_t, std::string>> failed;
    for (std::size_t i = 0; i < members_.size(); ++i)
    {
        try
        {
            std::vector<State> copies(members_.size(), members_[i]);
            stepper_.setMemory(repeated(memory, i, copies.size()));
            stepper_.advance(copies, noise);
        }
        catch (const Error& error)
        {
            failed.emplace_back(i, error.what());
        }
    }
    stepper_.setMemory(memory);
    if (failed.empty() || (failed.size() == members_.size() && (failed.size() > 1 || progress_.step == 0)))
    {
        advance(noise);
        return;
    }
    for (auto failure = failed.rbegin(); failure != failed.rend(); ++failure)
    {
        const int member = progress_.active[failure->first];
        const double time = members_[failure->first].time + stepper_.manifest().timeStep;
        record_->statistics(progress_.step + 1, time, member, {notANumber, notANumber, notANumber, {}});
        progress_.failures.push_back({member, progress_.step + 1, time, failure->second});
        drop(failure->first);
    }
}

void Rollout::drop(std::size_t position)
{
    erase(members_, position);
    erase(before_, position);
    erase(progress_.active, position);
    erase(refinements_, position);
    Memory memory = stepper_.memory();
    for (auto& [name, states] : memory) erase(states, position);
    stepper_.setMemory(memory);
}

void Rollout::measure(bool due)
{
    for (std::size_t i = 0; i < members_.size();)
    {
        const int member = progress_.active[i];
        const State& state = members_[i];
        const double energy = kineticEnergy(state.grid, velocityOf(state).data());
        const bool fails = !(energy <= largestEnergyRatio*startEnergies_[std::size_t(member)]);
        if (!refinements_.empty()) countLevels(member, refinements_[i]);
        if (due || fails)
        {
            record_->statistics(progress_.step, state.time, member, statisticsOf(i, energy, due));
        }
        if (!fails)
        {
            ++i;
            continue;
        }
        progress_.failures.push_back({member, progress_.step, state.time, "kinetic energy above 100 times the start's"});
        drop(i);
    }
}

std::vector<double> Rollout::velocityOf(const State& state) const
{
    return options_.flow.velocity(state.grid, state.channel(flow_));
}

RolloutStatistics Rollout::statisticsOf(std::size_t position, double energy, bool due) const
{
    const State& state = members_[position];
    RolloutStatistics s{energy, notANumber, notANumber, {}};
    if (!refinements_.empty()) s.refinement = refinements_[position];
    const std::vector<double> velocity = velocityOf(state);
    const bool plane = state.grid.dimensions == 2;
    if (plane) s.enstrophy = enstrophy(state.grid, velocity.data());
    if (!due) return s;

    std::vector<double> change = velocityOf(before_[position]);
    for (std::size_t i = 0; i < change.size(); ++i) change[i] = velocity[i] - change[i];
    // The mean of 0.5 |change|^2 of the vorticity, or of the velocity
    s.rateOfChange = std::sqrt(2*(plane ? enstrophy(state.grid, change.data()) : kineticEnergy(state.grid, change.data())));
    return s;
}

void Rollout::countLevels(int member, const Refinement& refinement)
{
    progress_.evaluations += refinement.evaluations;
    LevelCounts& counts = progress_.levels[std::size_t(member)];
    if (refinement.conditionLevel >= 0) ++counts[std::lround(refinement.conditionLevel)][0];
    if (refinement.level >= 0) ++counts[std::lround(refinement.level)][1];
}

void Rollout::save()
{
    const auto now = Clock::now();
    progress_.wallTime += seconds(now - clock_);
    clock_ = now;
    progress_.statisticsBytes = record_->flush();
    record_->levels(progress_);
    RolloutCheckpoint(options_).write(progress_, members_, stepper_.memory());
    record_->summary(progress_, stepper_.runtime());
}

std::string Rollout::message() const
{
    std::string text = std::to_string(members_.size()) + " members";
    if (!progress_.failures.empty()) text += ", " + std::to_string(progress_.failures.size()) + " failed";
    if (refinements_.empty()) return text;
    double level = 0;
    for (const Refinement& r : refinements_) level += r.level/double(refinements_.size());
    char numbers[64];
    if (level >= 0) std::snprintf(numbers, sizeof numbers, ", level %.2f", level), text += numbers;
    std::snprintf(numbers, sizeof numbers, ", %.2f evaluations",
        double(progress_.evaluations)/double(std::max<std::int64_t>(progress_.memberSteps, 1)));
    return text + numbers;
}

void rollout(const RolloutOptions& options, bool resume)
{
    const FloatingPointGuard guard;
    std::unique_ptr<Stepper> stepper = loadSurrogate(options.model, options.runtime, options.samplerOptions);
    stepper->setControls(options.networkControls);
    if (!options.corrector.empty())
    {
        auto corrector = loadCorrector(options.corrector, options.runtime, options.correctorOptions);
        stepper = withCorrector(std::move(stepper), std::move(corrector));
    }
    std::printf("surrogateRollout: %s\n", stepper->runtime().c_str());
    Rollout run(*stepper, readStarts(options, stepper->manifest()), options, resume);
    run.run();
    for (const RolloutFailure& failure : run.progress().failures)
    {
        std::printf("member %d failed at step %ld: %s\n", failure.member, long(failure.step), failure.reason.c_str());
    }
}

} // namespace surrogate
