#include "rolloutRecord.h"

#include "core/error.h"
#include "dataset/datasetReader.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

namespace surrogate
{

namespace
{

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

[[noreturn]] void cannotWrite(const std::string& path)
{
    throw Error({"Cannot write a rollout's file", path, "a folder that can be written", "", {}});
}

void closeWritten(std::ofstream& out, const std::string& path)
{
    out.close();
    if (!out) cannotWrite(path);
}

Json toJson(const Settings& settings)
{
    Json json = Json::object();
    for (const auto& [keyword, value] : settings.all()) std::visit([&](const auto& v) { json[keyword] = v; }, value);
    return json;
}

double perStep(double value, std::int64_t steps)
{
    return steps > 0 ? value/double(steps) : 0;
}

} // namespace

RolloutRecord::RolloutRecord(const RolloutOptions& options, const Manifest& manifest, const std::vector<RolloutStart>& starts,
    const RolloutProgress& progress)
:
    options_(options), manifest_(manifest), starts_(starts), snapshots_(starts.size()), tails_(starts.size())
{
    std::error_code failure;
    fs::create_directories(options_.output, failure);
    if (failure) throw Error({"Cannot make the output folder", options_.output, "", failure.message(), {}});
    openStatistics(progress.statisticsBytes);
    cutBack(progress.step);
}

RolloutRecord::~RolloutRecord() = default;

double RolloutRecord::timeOf(int member, std::int64_t step) const
{
    return starts_[std::size_t(member)].state.time + double(step)*manifest_.timeStep;
}

void RolloutRecord::openStatistics(std::int64_t length)
{
    const std::string path = file("statistics.csv");
    if (length > 0)
    {
        std::error_code failure;
        if (fs::file_size(path, failure) < std::uintmax_t(length) || failure)
        {
            throw Error({"The statistics do not reach the checkpoint", path, std::to_string(length) + " bytes or more",
                failure ? failure.message() : "fewer", {}});
        }
        fs::resize_file(path, std::uintmax_t(length));
    }
    statistics_.open(path, length > 0 ? std::ios::app : std::ios::trunc);
    statistics_.precision(10);
    if (length == 0)
    {
        statistics_ << "step,time,member,kineticEnergy,enstrophy,rateOfChange,conditionLevel,level,levelAfter,evaluations\n";
    }
    if (!statistics_) cannotWrite(path);
}

void RolloutRecord::cutBack(std::int64_t step)
{
    const std::int64_t tailStart = options_.steps - options_.denseSteps + 1;
    for (std::size_t i = 0; i < starts_.size(); ++i)
    {
        const int member = int(i);
        const std::string name = file("member" + std::to_string(member)), tail = name + "-end.h5";
        const double now = timeOf(member, step);
        if (step == 0) fs::remove(name + ".h5");
        else if (fs::exists(name + ".h5")) (snapshots_[i] = open(member, false))->truncateAfter(now);

        // The tail of an earlier part that was meant to end sooner is no part of this one
        if (!fs::exists(tail)) continue;
        const bool same = step >= tailStart
            && std::abs(DatasetReader(tail).times().front() - timeOf(member, tailStart)) < 0.5*manifest_.timeStep;
        if (same) (tails_[i] = open(member, true))->truncateAfter(now);
        else fs::remove(tail);
    }
}

std::unique_ptr<DatasetWriter> RolloutRecord::open(int member, bool tail) const
{
    DatasetWriter::Info info;
    info.name = fs::path(options_.model).stem().string();
    info.simulationParameters = starts_[std::size_t(member)].parameters;
    info.solver = "surrogateRollout";
    info.interval = (tail ? 1 : options_.snapshotEvery)*manifest_.timeStep;
    info.geometry = starts_[std::size_t(member)].state.geometry;
    const std::string path = file("member" + std::to_string(member) + (tail ? "-end.h5" : ".h5"));
    return std::make_unique<DatasetWriter>(path, manifest_.grid, manifest_.fields, info);
}

void RolloutRecord::statistics(std::int64_t step, double time, int member, const RolloutStatistics& values)
{
    const Refinement& r = values.refinement;
    statistics_ << step << ',' << time << ',' << member << ',' << values.kineticEnergy << ',' << values.enstrophy << ','
        << values.rateOfChange << ',' << r.conditionLevel << ',' << r.level << ',' << r.levelAfter << ',' << r.evaluations
        << '\n';
}

void RolloutRecord::snapshot(std::int64_t step, int member, const State& state)
{
    const auto append = [&](std::vector<std::unique_ptr<DatasetWriter>>& writers, bool tail)
    {
        std::unique_ptr<DatasetWriter>& writer = writers[std::size_t(member)];
        if (!writer) writer = open(member, tail);
        writer->append(state);
    };
    if (options_.snapshotEvery > 0 && step%options_.snapshotEvery == 0) append(snapshots_, false);
    if (options_.denseSteps > 0 && inTail(step)) append(tails_, true);
}

std::int64_t RolloutRecord::flush()
{
    statistics_.flush();
    if (!statistics_) cannotWrite(file("statistics.csv"));
    return std::int64_t(fs::file_size(file("statistics.csv")));
}

void RolloutRecord::levels(const RolloutProgress& progress) const
{
    std::ofstream out(file("levels.csv"));
    out << "member,level,condition,state\n";
    for (std::size_t member = 0; member < progress.levels.size(); ++member)
    {
        for (const auto& [level, counts] : progress.levels[member])
        {
            out << member << ',' << level << ',' << counts[0] << ',' << counts[1] << '\n';
        }
    }
    closeWritten(out, file("levels.csv"));
}

void RolloutRecord::summary(const RolloutProgress& progress, const std::string& runtime) const
{
    Json starts = Json::array(), failures = Json::array();
    for (const RolloutStart& start : starts_) starts.push_back({{"file", start.file}, {"time", start.state.time}});
    for (const RolloutFailure& failure : progress.failures)
    {
        failures.push_back({{"member", failure.member}, {"step", failure.step}, {"time", failure.time},
            {"reason", failure.reason}});
    }
    const Json summary =
    {
        {"model", options_.model},
        {"method", manifest_.method},
        {"corrector", options_.corrector.empty() ? Json(nullptr) : Json(options_.corrector)},
        {"runtime", runtime},
        {"timeStep", manifest_.timeStep},
        {"members", starts_.size()},
        {"steps", progress.step},
        {"complete", progress.step == options_.steps || progress.active.empty()},
        {"wallTimePerStep", 1e3*perStep(progress.wallTime, progress.step)},
        {"modelTimePerStep", 1e3*perStep(progress.modelTime, progress.step)},
        {"wallTimePerMemberStep", 1e3*perStep(progress.wallTime, progress.memberSteps)},
        {"evaluationsPerStep", perStep(double(progress.evaluations), progress.memberSteps)},
        {"failures", failures},
        {"starts", starts},
        {"options", toJson(options_.given)}
    };
    std::ofstream out(file("summary.json"));
    out << summary.dump(4) << "\n";
    closeWritten(out, file("summary.json"));
}

} // namespace surrogate
