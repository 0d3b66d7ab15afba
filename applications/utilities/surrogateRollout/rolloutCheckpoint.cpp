#include "rolloutCheckpoint.h"

#include "core/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace surrogate
{

namespace
{

using Json = nlohmann::json;

const char* const entry = "rollout";

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

std::string tensorName(const std::string& name, std::size_t member)
{
    return name + "/" + std::to_string(member);
}

} // namespace

RolloutCheckpoint::RolloutCheckpoint(const RolloutOptions& options, const Manifest& manifest)
:
    path_(options.output + "/checkpoint.safetensors"), manifest_(manifest)
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
    Memory all = memory;
    all["members"] = members;
    Bundle bundle;
    Json times;
    for (const auto& [name, states] : all)
    {
        times[name] = Json::array();
        for (std::size_t i = 0; i < states.size(); ++i)
        {
            const State& state = states[i];
            if (!state.grid.matches(manifest_.grid) || state.fields.names() != manifest_.fields.names())
            {
                throw Error({"A state of the model's memory cannot be kept", path_ + ", " + name, manifest_.grid.describe(),
                    state.grid.describe(), {}});
            }
            times[name].push_back(state.time);
            const std::int64_t channels = state.fields.nChannels(), cells = std::int64_t(state.grid.nCells());
            TensorData tensor{"F64", {channels, cells}, std::vector<std::uint8_t>(8*state.values.size())};
            std::memcpy(tensor.bytes.data(), state.values.data(), tensor.bytes.size());
            bundle.tensors[tensorName(name, i)] = std::move(tensor);
        }
    }
    bundle.manifest = manifest_;
    bundle.manifest.origin[entry] = Json{{"identity", identity_}, {"times", times}, {"progress", toJson(progress)}}.dump();
    bundle.write(path_);
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
    const Bundle bundle = Bundle::read(path_);
    const auto text = bundle.manifest.origin.find(entry);
    if (text == bundle.manifest.origin.end())
    {
        throw Error({"Not the checkpoint of a rollout", path_, "an entry " + std::string(entry), "none", {}});
    }
    const Json json = Json::parse(text->second);
    requireSame(json.at("identity").get<std::map<std::string, std::string>>());
    Memory memory;
    for (const auto& [name, times] : json.at("times").items())
    {
        for (const Json& time : times)
        {
            State state(manifest_.grid, manifest_.fields, time);
            const TensorData& tensor = bundle.tensors.at(tensorName(name, memory[name].size()));
            std::memcpy(state.values.data(), tensor.bytes.data(), std::min(tensor.bytes.size(), 8*state.values.size()));
            memory[name].push_back(std::move(state));
        }
    }
    members = memory["members"];
    memory.erase("members");
    progress = progressFrom(json.at("progress"));
    stepper.setMemory(memory);
}

} // namespace surrogate
