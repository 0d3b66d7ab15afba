#include "core/stateFile.h"
#include "core/jsonObject.h"
#include "core/safetensors.h"

#include <cstring>

namespace surrogate
{

namespace
{

const std::string kind = "state file";

std::string tensorName(const std::string& name, std::size_t member)
{
    return name + "/" + std::to_string(member);
}

TensorData toTensor(const State& state)
{
    const auto& n = state.grid.cells;
    TensorData tensor{"F64", {state.fields.nChannels(), n[2], n[1], n[0]}, {}};
    tensor.bytes.resize(state.values.size()*sizeof(double));
    if (!state.values.empty()) std::memcpy(tensor.bytes.data(), state.values.data(), tensor.bytes.size());
    return tensor;
}

State readState(const JsonObject& object, const Safetensors& file, const std::string& name, const std::string& path)
{
    const std::string where = path + ", tensor " + name;
    State state(readGrid(object.object("grid")), readFields(object), object.get<double>("time"));

    const auto tensor = file.tensors.find(name);
    if (tensor == file.tensors.end()) throw Error({"A state has no values", where, "a tensor of that name", "none", {}});
    const std::string expected = "F64, " + std::to_string(state.values.size()) + " numbers";
    if (tensor->second.type != "F64" || tensor->second.nElements() != state.values.size())
    {
        throw Error({"A state's values do not fit its grid and fields", where, expected,
            tensor->second.type + ", " + std::to_string(tensor->second.nElements()) + " numbers", {}});
    }
    if (!state.values.empty()) std::memcpy(state.values.data(), tensor->second.bytes.data(), tensor->second.bytes.size());
    return state;
}

} // namespace

void writeStateFile(const std::string& path, const NamedStates& states)
{
    Json entries = Json::array();
    Safetensors::Tensors tensors;
    for (const auto& [name, members] : states)
    {
        Json list = Json::array();
        for (const State& state : members)
        {
            tensors[tensorName(name, list.size())] = toTensor(state);
            list.push_back({{"time", state.time}, {"grid", toJson(state.grid)}, {"fields", toJson(state.fields)}});
        }
        entries.push_back({{"name", name}, {"members", list}});
    }
    Safetensors::write(path, kind, {{"states", Json{{"format", 1}, {"entries", entries}}.dump()}}, tensors);
}

NamedStates readStateFile(const std::string& path)
{
    const Safetensors file = Safetensors::read(path, kind);
    const auto text = file.metadata.find("states");
    const Json json = text == file.metadata.end() ? Json() : Json::parse(text->second, nullptr, false);
    if (!json.is_object())
    {
        throw Error({"The file is not a state file of surrogateFoam", path, "a JSON object in __metadata__.states", "none", {}});
    }
    const JsonObject top(json, "The description of the states", path, "");
    if (top.get<int>("format") != 1)
    {
        throw Error({"Unknown format of a state file", path, "1", std::to_string(top.get<int>("format")), {}});
    }

    NamedStates states;
    for (const Json& item : top.array("entries"))
    {
        const JsonObject entry = top.element(item, "entries");
        const std::string name = entry.get<std::string>("name");
        std::vector<State>& members = states[name];
        for (const Json& member : entry.array("members"))
        {
            members.push_back(readState(entry.element(member, name), file, tensorName(name, members.size()), path));
        }
    }
    return states;
}

NamedStates withPrefix(const std::string& prefix, NamedStates states)
{
    NamedStates result;
    for (auto& [name, members] : states) result[prefix + name] = std::move(members);
    return result;
}

NamedStates withoutPrefix(const std::string& prefix, NamedStates states)
{
    NamedStates result;
    for (auto& [name, members] : states)
    {
        if (name.rfind(prefix, 0) == 0) result[name.substr(prefix.size())] = std::move(members);
    }
    return result;
}

} // namespace surrogate
