#include "rolloutCheckpoint.h"

#include "core/error.h"
#include "core/stateFile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace surrogate
{

namespace
{

using Json = nlohmann::json;

const char* const statesName = "checkpoint-";
const char* const ownMembers = "members";

//- FNV-1a of a file's bytes
std::string digest(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::uint64_t hash = 0xCBF29CE484222325ull;
    for (std::istreambuf_iterator<char> byte(file), end; byte != end; ++byte)
    {
        hash = (hash ^ std::uint8_t(*byte))*0x100000001B3ull;
    }
    std::ostringstream text;
    text << std::hex << hash;
    return text.str();
}

Json toJson(const RolloutProgress& p)
{
    Json failures = Json::array(), levels = Json::array();
    for (const RolloutFailure& f : p.failures) failures.push_back({f.member, f.step, f.time, f.reason});
    for (const LevelCounts& counts : p.levels)
    {
        Json list = Json::array();
        for (const auto& [level, count] : counts) list.push_back({level, count[0], count[1]});
        levels.push_back(list);
    }
    return
    {
        {"step", p.step}, {"active", p.active}, {"failures", failures}, {"levels", levels},
        {"memberSteps", p.memberSteps}, {"evaluations", p.evaluations}, {"wallTime", p.wallTime}, {"modelTime", p.modelTime},
        {"statisticsBytes", p.statisticsBytes}
    };
}

RolloutProgress progressFrom(const Json& json)
{
    RolloutProgress p;
    p.step = json.at("step");
    p.active = json.at("active").get<std::vector<int>>();
    for (const Json& f : json.at("failures")) p.failures.push_back({f.at(0), f.at(1), f.at(2), f.at(3)});
    for (const Json& list : json.at("levels"))
    {
        LevelCounts counts;
        for (const Json& count : list) counts[count.at(0).get<long>()] = {{count.at(1), count.at(2)}};
        p.levels.push_back(counts);
    }
    p.memberSteps = json.at("memberSteps");
    p.evaluations = json.at("evaluations");
    p.wallTime = json.at("wallTime");
    p.modelTime = json.at("modelTime");
    p.statisticsBytes = json.at("statisticsBytes");
    return p;
}

//- Removes the states of all other steps
void removeOthers(const std::filesystem::path& folder, const std::string& kept)
{
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        const std::string name = entry.path().filename().string();
        if (name.rfind(statesName, 0) == 0 && entry.path().extension() == ".safetensors" && name != kept)
        {
            std::filesystem::remove(entry.path());
        }
    }
}

} // namespace

RolloutCheckpoint::RolloutCheckpoint(const RolloutOptions& options)
:
    folder_(options.output), path_(folder_ + "/checkpoint.json")
{
    const std::vector<std::string> changeable = RolloutOptions::changeable();
    for (const auto& [keyword, value] : options.given.all())
    {
        if (std::find(changeable.begin(), changeable.end(), keyword) == changeable.end()) identity_[keyword] = describe(value);
    }
    identity_["model"] = options.model + " " + digest(options.model);
    if (!options.corrector.empty()) identity_["corrector"] = options.corrector + " " + digest(options.corrector);
}

bool RolloutCheckpoint::exists() const { return std::filesystem::exists(path_); }

void RolloutCheckpoint::write(const RolloutProgress& progress, const std::vector<State>& members, const Memory& memory) const
{
    const std::string states = statesName + std::to_string(progress.step) + ".safetensors";
    Memory all = memory;
    all[ownMembers] = members;
    writeStateFile(folder_ + "/" + states, all);

    const std::string written = path_ + ".new";
    std::ofstream out(written);
    out << Json{{"states", states}, {"progress", toJson(progress)}, {"identity", identity_}}.dump(4) << "\n";
    out.close();
    std::error_code failure;
    if (out) std::filesystem::rename(written, path_, failure);
    if (!out || failure)
    {
        throw Error({"Cannot write the checkpoint", path_, "a folder that can be written", failure.message(), {}});
    }
    removeOthers(folder_, states);
}

void RolloutCheckpoint::requireSame(const std::map<std::string, std::string>& then) const
{
    std::map<std::string, std::string> all = then;
    all.insert(identity_.begin(), identity_.end());
    const auto valueIn = [](const std::map<std::string, std::string>& values, const std::string& keyword)
    {
        const auto found = values.find(keyword);
        return found == values.end() ? std::string("no such entry") : found->second;
    };
    for (const auto& [keyword, value] : all)
    {
        const std::string was = valueIn(then, keyword), is = valueIn(identity_, keyword);
        if (was == is) continue;
        throw Error({"The checkpoint is of another rollout", path_ + ", entry " + keyword, was, is, {}});
    }
}

void RolloutCheckpoint::read(RolloutProgress& progress, std::vector<State>& members, Stepper& stepper) const
{
    std::ifstream file(path_);
    Json json = Json::parse(file, nullptr, false);
    Memory memory;
    try
    {
        requireSame(json.at("identity").get<std::map<std::string, std::string>>());
        progress = progressFrom(json.at("progress"));
        memory = readStateFile(folder_ + "/" + json.at("states").get<std::string>());
    }
    catch (const Json::exception& failure)
    {
        throw Error({"Not the checkpoint of a rollout", path_, "as surrogateRollout writes it", failure.what(), {}});
    }
    members = memory[ownMembers];
    memory.erase(ownMembers);
    stepper.setMemory(memory);
}

} // namespace surrogate
