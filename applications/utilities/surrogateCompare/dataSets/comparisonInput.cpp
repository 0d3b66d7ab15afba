#include "comparisonInput.h"

#include "core/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace surrogate
{

namespace
{

namespace fs = std::filesystem;
using Json = nlohmann::json;

//- One JSON object, read once: an unknown keyword or an entry of another kind is an error that says where
class Entries
{
public:

    Entries(const Json& json, std::string where, std::vector<std::string> valid)
    :
        json_(json), where_(std::move(where))
    {
        if (!json.is_object()) throw Error({"Not a JSON object", where_, "an object", json.dump(), {}});
        for (const auto& [keyword, value] : json.items())
        {
            if (std::find(valid.begin(), valid.end(), keyword) != valid.end()) continue;
            throw Error({"Unknown keyword", where_, "one of the keywords below", keyword, valid});
        }
    }

    bool found(const std::string& keyword) const { return json_.contains(keyword); }

    const Json& operator[](const std::string& keyword) const
    {
        if (!found(keyword)) throw Error({"A required entry is missing", where_, keyword, "no such entry", {}});
        return json_.at(keyword);
    }

    //- The entry where it is there, else `value` stays as it is
    template<class T>
    void get(const std::string& keyword, T& value) const
    {
        if (!found(keyword)) return;
        try
        {
            value = json_.at(keyword).get<T>();
        }
        catch (const Json::exception&)
        {
            throw Error({"Wrong type of entry", where_ + ", entry " + keyword, "see surrogateCompare -help",
                json_.at(keyword).dump(), {}});
        }
    }

    template<class T>
    void get(const std::string& keyword, std::optional<T>& value) const
    {
        if (!found(keyword) || json_.at(keyword).is_null()) return;
        value.emplace();
        get(keyword, *value);
    }

private:

    const Json& json_;
    std::string where_;
};

RunInput readRun(const Json& json, const std::string& where, const fs::path& folder, double statisticsFrom)
{
    const Entries entries(json, where, {"name", "starts", "long", "members", "end", "statistics", "levels", "statisticsFrom",
        "timePerStep", "evaluationsPerStep", "wallTimePerTime", "stepsBySolver", "stepsByModel", "continuityError"});
    RunInput run;
    entries["name"];
    entries.get("name", run.name);
    entries.get("starts", run.starts);
    entries.get("long", run.longRun);
    entries.get("members", run.members);
    entries.get("end", run.end);
    entries.get("statistics", run.statistics);
    entries.get("levels", run.levels);
    run.statisticsFrom = statisticsFrom;
    entries.get("statisticsFrom", run.statisticsFrom);
    entries.get("timePerStep", run.timePerStep);
    entries.get("evaluationsPerStep", run.evaluationsPerStep);
    entries.get("wallTimePerTime", run.wallTimePerTime);
    entries.get("stepsBySolver", run.stepsBySolver);
    entries.get("stepsByModel", run.stepsByModel);
    entries.get("continuityError", run.continuityError);
    const auto place = [&](std::string& file) { if (!file.empty()) file = (folder/file).string(); };
    for (std::vector<std::string>* files : {&run.starts, &run.members, &run.end})
    {
        for (std::string& file : *files) place(file);
    }
    for (std::string* file : {&run.longRun, &run.statistics, &run.levels}) place(*file);
    if (!run.members.empty() && !run.longRun.empty())
    {
        throw Error({"A run has long runs of two kinds", where, "either long or members", "both", {}});
    }
    for (const auto& [keyword, given] : {std::pair<const char*, bool>{"end", !run.end.empty()},
        {"statistics", !run.statistics.empty()}, {"levels", !run.levels.empty()}})
    {
        if (!given || !run.members.empty()) continue;
        throw Error({"An entry needs members", where + ", entry " + keyword, "an entry members", "none", {}});
    }
    return run;
}

void checkRuns(const ComparisonInput& input, const std::string& where)
{
    if (input.runs.empty()) throw Error({"There is no run to compare", where + ", entry runs", "one or more", "none", {}});
    std::set<std::string> names;
    for (const RunInput& run : input.runs)
    {
        if (!names.insert(run.name).second) throw Error({"Two runs have one name", where, "different names", run.name, {}});
        if (!run.members.empty() && !input.hasMembers())
        {
            throw Error({"A run has members and the reference has none", where + ", run " + run.name,
                "an entry members of run " + input.reference().name, "none", {}});
        }
        if (run.starts.empty() || run.starts.size() == input.nStarts()) continue;
        throw Error({"Runs have different numbers of starts", where + ", run " + run.name,
            std::to_string(input.nStarts()) + " as the reference has", std::to_string(run.starts.size()), {}});
    }
}

void readStartTimes(const Entries& entries, ComparisonInput& input, const std::string& where)
{
    if (entries.found("startTime") && entries["startTime"].is_array()) entries.get("startTime", input.startTimes);
    else
    {
        double time = 0;
        entries.get("startTime", time);
        input.startTimes.assign(input.nStarts(), time);
    }
    if (input.startTimes.size() == input.nStarts()) return;
    throw Error({"There is not one start time for each start", where + ", entry startTime", std::to_string(input.nStarts()),
        std::to_string(input.startTimes.size()), {}});
}

void readPicture(const Entries& entries, ComparisonInput& input, const std::string& where)
{
    PictureInput& picture = input.picture;
    picture.time = input.correlationTimes.back();
    for (const RunInput& run : input.runs)
    {
        if (!run.starts.empty() && picture.runs.size() < 3) picture.runs.push_back(run.name);
    }
    if (entries.found("picture"))
    {
        const Entries given(entries["picture"], where + ", entry picture", {"start", "time", "runs", "error"});
        given.get("start", picture.start);
        given.get("time", picture.time);
        given.get("runs", picture.runs);
        given.get("error", picture.error);
    }
    if (picture.error.empty() && picture.runs.size() > 1) picture.error = picture.runs[1];
    for (const std::string& name : picture.runs) input.position(name);
    if (!picture.error.empty()) input.position(picture.error);
    if (input.nStarts() > 0 && picture.start >= input.nStarts())
    {
        throw Error({"No such start", where + ", entry picture.start", "0 to " + std::to_string(input.nStarts() - 1),
            std::to_string(picture.start), {}});
    }
}

void readLongPicture(const Entries& entries, ComparisonInput& input, const std::string& where)
{
    LongPictureInput& picture = input.longPicture;
    for (const RunInput& run : input.runs)
    {
        if (!run.members.empty()) picture.runs.push_back(run.name);
    }
    if (!entries.found("longPicture")) return;
    const Entries given(entries["longPicture"], where + ", entry longPicture", {"member", "times", "runs"});
    given.get("member", picture.member);
    given.get("times", picture.times);
    given.get("runs", picture.runs);
    for (const std::string& name : picture.runs)
    {
        const RunInput& run = input.runs[input.position(name)];
        if (picture.member < run.members.size()) continue;
        throw Error({"No such member", where + ", entry longPicture, run " + name,
            std::to_string(run.members.size()) + " members", std::to_string(picture.member), {}});
    }
}

void readWindow(const Entries& entries, WindowInput& window, const std::string& where)
{
    if (!entries.found("window")) return;
    const Entries given(entries["window"], where + ", entry window", {"snapshots", "spacing"});
    given.get("snapshots", window.snapshots);
    given.get("spacing", window.spacing);
    if (window.snapshots > 0) return;
    throw Error({"A window holds no snapshot", where + ", entry window.snapshots", "1 or more", "0", {}});
}

} // namespace

ComparisonInput ComparisonInput::read(const std::string& path)
{
    std::ifstream file(path);
    if (!file) throw Error({"Cannot open the list of runs", path, "a readable JSON file", "none", {}});
    const Json json = Json::parse(file, nullptr, false, true);
    if (json.is_discarded()) throw Error({"The list of runs is not JSON", path, "see surrogateCompare -help", "", {}});

    const Entries entries(json, path, {"case", "threads", "velocity", "vorticity", "startTime", "correlationTimes", "oneStep",
        "statisticsFrom", "spectrumTo", "picture", "longPicture", "window", "runs"});
    ComparisonInput input;
    entries["case"];
    entries.get("case", input.caseName);
    entries.get("threads", input.threads);
    input.flow.isVorticity = entries.found("vorticity");
    if (input.flow.isVorticity && entries.found("velocity"))
    {
        throw Error({"The flow is told twice", path + ", entry vorticity", "either velocity or vorticity", "both", {}});
    }
    entries.get(input.flow.isVorticity ? "vorticity" : "velocity", input.flow.name);
    entries.get("correlationTimes", input.correlationTimes);
    entries["oneStep"];
    entries.get("oneStep", input.oneStep);
    entries.get("statisticsFrom", input.statisticsFrom);
    entries.get("spectrumTo", input.spectrumTo);
    if (input.spectrumTo < 1)
    {
        throw Error({"No such wave number", path + ", entry spectrumTo", "1 or more", std::to_string(input.spectrumTo), {}});
    }
    if (input.correlationTimes.empty())
    {
        throw Error({"There is no time to compare at", path + ", entry correlationTimes", "one or more", "none", {}});
    }
    if (!entries["runs"].is_array())
    {
        throw Error({"Wrong type of entry", path + ", entry runs", "a list", entries["runs"].dump(), {}});
    }
    for (const Json& run : entries["runs"])
    {
        input.runs.push_back(readRun(run, path + ", runs[" + std::to_string(input.runs.size()) + "]",
            fs::path(path).parent_path(), input.statisticsFrom));
    }
    checkRuns(input, path);
    readStartTimes(entries, input, path);
    readPicture(entries, input, path);
    readLongPicture(entries, input, path);
    readWindow(entries, input.window, path);
    if (input.nStarts() == 0 && input.hasMembers()) input.correlationTimes.clear();
    return input;
}

std::size_t ComparisonInput::position(const std::string& name) const
{
    std::vector<std::string> names;
    for (const RunInput& run : runs)
    {
        if (run.name == name) return names.size();
        names.push_back(run.name);
    }
    throw Error({"No such run", "the list of runs", "one of the names below", name, names});
}

} // namespace surrogate
