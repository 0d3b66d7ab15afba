#include "core/error.h"
#include "core/manifest.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace surrogate
{

namespace
{

using Json = nlohmann::ordered_json;

Json toJson(const Settings& settings, const std::string& entry)
{
    Json object = Json::object();
    for (const auto& [keyword, value] : settings.all())
    {
        const auto requireFinite = [&, &name = keyword](double number)
        {
            if (std::isfinite(number)) return;
            throw Error({"JSON has no such number", "entry " + entry + "." + name, "finite", std::to_string(number), {}});
        };
        if (const auto* number = std::get_if<double>(&value)) requireFinite(*number);
        if (const auto* list = std::get_if<std::vector<double>>(&value))
        {
            for (const double number : *list) requireFinite(number);
        }
        object[keyword] = std::visit([](const auto& v) { return Json(v); }, value);
    }
    return object;
}

//- Reads the members of one JSON object; every complaint names the file and the entry
class Object
{
public:

    Object(const Json& json, std::string where, std::string path)
    :
        json_(json), where_(std::move(where)), path_(std::move(path))
    {
        if (!json_.is_object()) refuse(path_, "an object", json_);
    }

    Object object(const std::string& name) const { return Object(member(name), where_, path_ + name + "."); }

    template<class T>
    T get(const std::string& name) const
    {
        const Json& value = member(name);
        if (fits<T>(value)) return value.get<T>();
        refuse(path_ + name, expected<T>(), value);
    }

    template<class T>
    std::vector<T> list(const std::string& name) const
    {
        std::vector<T> values;
        for (const Json& value : array(name))
        {
            if (!fits<T>(value)) refuse(path_ + name, "a list, each " + expected<T>(), value);
            values.push_back(value.get<T>());
        }
        return values;
    }

    const Json& array(const std::string& name) const
    {
        const Json& value = member(name);
        if (!value.is_array()) refuse(path_ + name, "a list", value);
        return value;
    }

    Settings settings(const std::string& name) const
    {
        Settings result(where_ + ", entry " + path_ + name);
        const Json& members = member(name);
        if (!members.is_object()) refuse(path_ + name, "an object", members);
        for (const auto& [keyword, value] : members.items())
        {
            result.set(keyword, settingsValue(path_ + name + "." + keyword, value));
        }
        return result;
    }

    std::map<std::string, std::string> words(const std::string& name) const
    {
        std::map<std::string, std::string> result;
        const Json& members = member(name);
        if (!members.is_object()) refuse(path_ + name, "an object of words", members);
        for (const auto& [keyword, value] : members.items())
        {
            if (!value.is_string()) refuse(path_ + name + "." + keyword, "a word", value);
            result[keyword] = value.get<std::string>();
        }
        return result;
    }

    [[noreturn]] void refuse(const std::string& entry, const std::string& expected, const Json& found) const
    {
        throw Error({"The manifest of a model cannot be read", where_ + ", entry " + entry, expected, found.dump(), {}});
    }

private:

    const Json& member(const std::string& name) const
    {
        const auto it = json_.find(name);
        if (it != json_.end()) return *it;
        throw Error({"The manifest of a model lacks an entry", where_, path_ + name, "no such entry", {}});
    }

    template<class T>
    static bool fits(const Json& value)
    {
        if constexpr (std::is_same_v<T, bool>) return value.is_boolean();
        else if constexpr (std::is_same_v<T, std::string>) return value.is_string();
        else if constexpr (std::is_integral_v<T>) return value.is_number_integer();
        else return value.is_number();
    }

    template<class T>
    static std::string expected()
    {
        if constexpr (std::is_same_v<T, bool>) return "true or false";
        else if constexpr (std::is_same_v<T, std::string>) return "a word";
        else if constexpr (std::is_integral_v<T>) return "a whole number";
        else return "a number";
    }

    template<class T>
    static bool all(const Json& list)
    {
        for (const Json& value : list)
        {
            if (!fits<T>(value)) return false;
        }
        return true;
    }

    //- A list without elements becomes one of words, which Settings::get takes for any kind of list
    Settings::Value settingsValue(const std::string& entry, const Json& value) const
    {
        if (value.is_boolean()) return value.get<bool>();
        if (value.is_number_integer()) return value.get<long>();
        if (value.is_number()) return value.get<double>();
        if (value.is_string()) return value.get<std::string>();
        if (value.is_array())
        {
            if (all<std::string>(value)) return value.get<std::vector<std::string>>();
            if (all<long>(value)) return value.get<std::vector<long>>();
            if (all<double>(value)) return value.get<std::vector<double>>();
        }
        refuse(entry, "a truth value, a number, a word, or a list of numbers or of words", value);
    }

    const Json& json_;
    std::string where_;
    std::string path_;
};

template<class T>
Json perAxis(const Grid& grid, const std::array<T, 3>& values)
{
    Json list = Json::array();
    for (int axis = 0; axis < grid.dimensions; ++axis) list.push_back(values[axis]);
    return list;
}

template<class T>
void readPerAxis(const Object& object, const std::string& name, int dimensions, std::array<T, 3>& values)
{
    const std::vector<T> list = object.list<T>(name);
    if (int(list.size()) != dimensions) object.refuse("grid." + name, "as many values as grid.cells has", object.array(name));
    std::copy(list.begin(), list.end(), values.begin());
}

Grid readGrid(const Object& object)
{
    Grid grid;
    grid.dimensions = int(object.array("cells").size());
    if (grid.dimensions < 1 || grid.dimensions > 3) object.refuse("grid.cells", "1 to 3 numbers", object.array("cells"));
    readPerAxis(object, "cells", grid.dimensions, grid.cells);
    readPerAxis(object, "lower", grid.dimensions, grid.lower);
    readPerAxis(object, "upper", grid.dimensions, grid.upper);
    readPerAxis(object, "periodic", grid.dimensions, grid.periodic);
    return grid;
}

FieldList readFields(const Object& manifest, const std::string& where)
{
    std::vector<Field> fields;
    for (const Json& entry : manifest.array("fields"))
    {
        const Object object(entry, where, "fields[" + std::to_string(fields.size()) + "].");
        const std::vector<double> dimensions = object.list<double>("dimensions");
        Field field;
        if (dimensions.size() != field.dimensions.size())
        {
            object.refuse("fields.dimensions", "7 exponents", entry.at("dimensions"));
        }
        field.name = object.get<std::string>("name");
        field.components = object.get<int>("components");
        std::copy(dimensions.begin(), dimensions.end(), field.dimensions.begin());
        fields.push_back(field);
    }
    return fields;
}

} // namespace

std::string toJson(const Manifest& manifest)
{
    Json fields = Json::array();
    for (const Field& field : manifest.fields)
    {
        fields.push_back({{"name", field.name}, {"components", field.components}, {"dimensions", field.dimensions}});
    }
    const Grid& grid = manifest.grid;
    const Json json =
    {
        {"format", manifest.format},
        {"method", manifest.method},
        {"network", {{"type", manifest.network}, {"settings", toJson(manifest.networkSettings, "network.settings")}}},
        {"fields", fields},
        {"grid",
        {
            {"cells", perAxis(grid, grid.cells)},
            {"lower", perAxis(grid, grid.lower)},
            {"upper", perAxis(grid, grid.upper)},
            {"periodic", perAxis(grid, grid.periodic)}
        }},
        {"variables",
        {
            {"type", manifest.variables},
            {"names", manifest.variableNames},
            {"mean", manifest.mean},
            {"stddev", manifest.stddev},
            {"incrementStddev", manifest.incrementStddev}
        }},
        {"time", {{"step", manifest.timeStep}, {"history", manifest.history}}},
        {"diffusion", toJson(manifest.diffusion, "diffusion")},
        {"origin", manifest.origin}
    };
    return json.dump(4, ' ', false, Json::error_handler_t::replace);
}

Manifest manifestFromJson(const std::string& text, const std::string& where)
{
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
    {
        throw Error({"The manifest of a model is not JSON", where, "a JSON object", text.substr(0, 60), {}});
    }
    const Object object(json, where, "");

    Manifest manifest;
    manifest.format = object.get<int>("format");
    if (manifest.format != Manifest::currentFormat) manifest.check(where);
    manifest.method = object.get<std::string>("method");
    manifest.network = object.object("network").get<std::string>("type");
    manifest.networkSettings = object.object("network").settings("settings");
    manifest.fields = readFields(object, where);
    manifest.grid = readGrid(object.object("grid"));

    const Object variables = object.object("variables");
    manifest.variables = variables.get<std::string>("type");
    manifest.variableNames = variables.list<std::string>("names");
    manifest.mean = variables.list<double>("mean");
    manifest.stddev = variables.list<double>("stddev");
    manifest.incrementStddev = variables.list<double>("incrementStddev");

    manifest.timeStep = object.object("time").get<double>("step");
    manifest.history = object.object("time").get<int>("history");
    manifest.diffusion = object.settings("diffusion");
    manifest.origin = object.words("origin");
    manifest.check(where);
    return manifest;
}

} // namespace surrogate
