#pragma once

// Private to core: what its JSON texts share. Not installed.

#include "core/error.h"
#include "core/fieldList.h"
#include "core/grid.h"
#include "core/settings.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace surrogate
{

using Json = nlohmann::ordered_json;

//- Reads the members of one JSON object; every complaint names the file (`where`) and the entry. `subject` begins the complaint:
//  "The manifest of a model".
class JsonObject
{
public:

    JsonObject(const Json& json, std::string subject, std::string where, std::string path)
    :
        json_(json), subject_(std::move(subject)), where_(std::move(where)), path_(std::move(path))
    {
        if (!json_.is_object()) refuse(path_, "an object", json_);
    }

    JsonObject object(const std::string& name) const { return element(member(name), path_ + name); }

    //- Of a list of objects
    JsonObject element(const Json& json, const std::string& path) const { return JsonObject(json, subject_, where_, path + "."); }

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

    //- A list of lists
    template<class T>
    std::vector<std::vector<T>> lists(const std::string& name) const
    {
        std::vector<std::vector<T>> values;
        for (const Json& list : array(name))
        {
            if (!list.is_array() || !all<T>(list)) refuse(path_ + name, "a list of lists, each of them of " + expected<T>(), list);
            values.push_back(list.get<std::vector<T>>());
        }
        return values;
    }

    bool found(const std::string& name) const { return json_.contains(name); }

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
        throw Error({subject_ + " cannot be read", where_ + ", entry " + entry, expected, found.dump(), {}});
    }

private:

    const Json& member(const std::string& name) const
    {
        const auto it = json_.find(name);
        if (it != json_.end()) return *it;
        throw Error({subject_ + " lacks an entry", where_, path_ + name, "no such entry", {}});
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
    std::string subject_;
    std::string where_;
    std::string path_;
};

//- The first grid.dimensions values
template<class T>
Json perAxis(const Grid& grid, const std::array<T, 3>& values)
{
    Json list = Json::array();
    for (int axis = 0; axis < grid.dimensions; ++axis) list.push_back(values[axis]);
    return list;
}

template<class T>
void readPerAxis(const JsonObject& object, const std::string& name, int dimensions, std::array<T, 3>& values)
{
    const std::vector<T> list = object.list<T>(name);
    if (int(list.size()) != dimensions) object.refuse("grid." + name, std::to_string(dimensions) + " values", object.array(name));
    std::copy(list.begin(), list.end(), values.begin());
}

//- Which sides of an axis are walls: the word's position has bit 0 set for the lower one and bit 1 for the upper one
inline const std::vector<std::string> wallWords{"none", "lower", "upper", "both"};

inline Grid readGrid(const JsonObject& object)
{
    Grid grid;
    grid.points = object.found("points") && object.get<bool>("points");
    const std::string axes = grid.points ? "lower" : "cells";
    grid.dimensions = int(object.array(axes).size());
    if (grid.dimensions < 1 || grid.dimensions > 3) object.refuse("grid." + axes, "1 to 3 numbers", object.array(axes));
    readPerAxis(object, "cells", grid.points ? 1 : grid.dimensions, grid.cells);
    readPerAxis(object, "lower", grid.dimensions, grid.lower);
    readPerAxis(object, "upper", grid.dimensions, grid.upper);
    readPerAxis(object, "periodic", grid.dimensions, grid.periodic);
    if (object.found("walls"))
    {
        std::array<std::string, 3> words;
        readPerAxis(object, "walls", grid.dimensions, words);
        for (int axis = 0; axis < grid.dimensions; ++axis)
        {
            const auto word = std::find(wallWords.begin(), wallWords.end(), words[axis]);
            if (word == wallWords.end()) object.refuse("grid.walls", join(wallWords), object.array("walls"));
            const auto sides = word - wallWords.begin();
            grid.walls[axis] = {bool(sides & 1), bool(sides & 2)};
        }
    }
    return grid;
}

inline FieldList readFields(const JsonObject& parent)
{
    std::vector<Field> fields;
    for (const Json& entry : parent.array("fields"))
    {
        const JsonObject object = parent.element(entry, "fields[" + std::to_string(fields.size()) + "]");
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

inline Json toJson(const Grid& grid)
{
    Json json =
    {
        {"cells", perAxis(grid, grid.cells)},
        {"lower", perAxis(grid, grid.lower)},
        {"upper", perAxis(grid, grid.upper)},
        {"periodic", perAxis(grid, grid.periodic)}
    };
    if (grid.points)
    {
        json["cells"] = {grid.cells[0]};
        json["points"] = true;
        return json;
    }
    std::array<std::string, 3> walls;
    for (int axis = 0; axis < 3; ++axis) walls[axis] = wallWords[grid.walls[axis][0] + 2*grid.walls[axis][1]];
    json["walls"] = perAxis(grid, walls);
    return json;
}

inline Json toJson(const FieldList& list)
{
    Json fields = Json::array();
    for (const Field& field : list)
    {
        fields.push_back({{"name", field.name}, {"components", field.components}, {"dimensions", field.dimensions}});
    }
    return fields;
}

} // namespace surrogate
