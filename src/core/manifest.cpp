#include "core/manifest.h"
#include "core/error.h"

#include <cmath>
#include <set>

namespace surrogate
{

namespace
{

[[noreturn]] void refuse(const std::string& where, const std::string& entry, const std::string& expected,
    const std::string& found, const std::vector<std::string>& choices = {})
{
    throw Error({"The manifest of a model is not valid", where + ", entry " + entry, expected, found, choices});
}

void checkFields(const FieldList& fields, int dimensions, const std::string& where)
{
    if (fields.size() == 0) refuse(where, "fields", "at least one field", "none");
    std::set<std::string> names;
    for (const Field& field : fields)
    {
        if (field.name.empty()) refuse(where, "fields", "a name for each field", "an empty name");
        if (!names.insert(field.name).second) refuse(where, "fields", "each field once", field.name + " twice");
        const int c = field.components;
        if (c == 1 || c == dimensions || c == dimensions*dimensions) continue;
        refuse
        (
            where,
            "fields." + field.name + ".components",
            "1 (scalar), " + std::to_string(dimensions) + " (vector) or " + std::to_string(dimensions*dimensions) + " (tensor)",
            std::to_string(c)
        );
    }
}

//- Throws unless the fields are those that the variables are made from; returns the number of network channels
int checkVariables(const Manifest& manifest, const std::string& where)
{
    if (manifest.variables == "fields") return manifest.fields.nChannels();
    if (manifest.variables != "vorticity")
    {
        refuse(where, "variables.type", "one of the names below", manifest.variables, {"fields", "vorticity"});
    }
    const Grid& grid = manifest.grid;
    if (grid.dimensions != 2 || !grid.periodic[0] || !grid.periodic[1])
    {
        refuse(where, "variables.type", "for vorticity: a grid of 2 dimensions, periodic in both", grid.describe());
    }
    if (manifest.fields.size() != 1 || manifest.fields[0].name != "U" || manifest.fields[0].components != 2)
    {
        refuse(where, "variables.type", "for vorticity: the field U with 2 components alone", join(manifest.fields.names()));
    }
    return 1;
}

void checkStatistics(const std::vector<double>& values, bool positive, int channels, const std::string& entry,
    const std::string& where)
{
    if (int(values.size()) != channels)
    {
        refuse(where, entry, std::to_string(channels) + " values, one per network channel", std::to_string(values.size()));
    }
    for (const double value : values)
    {
        if (std::isfinite(value) && (!positive || value > 0)) continue;
        refuse(where, entry, positive ? "positive numbers" : "finite numbers", std::to_string(value));
    }
}

} // namespace

void Manifest::check(const std::string& where) const
{
    if (format != currentFormat)
    {
        refuse(where, "format", std::to_string(currentFormat),
            std::to_string(format) + (format > currentFormat ? " (written by a newer surrogateFoam)" : ""));
    }
    if (method.empty()) refuse(where, "method", "a name", "an empty word");
    if (network.empty()) refuse(where, "network.type", "a name", "an empty word");
    grid.check(where + ", entry grid");
    checkFields(fields, grid.dimensions, where);

    const int channels = checkVariables(*this, where);
    if (int(variableNames.size()) != channels)
    {
        refuse(where, "variables.names", std::to_string(channels) + " names, one per network channel", join(variableNames));
    }
    checkStatistics(mean, false, channels, "variables.mean", where);
    checkStatistics(stddev, true, channels, "variables.stddev", where);
    checkStatistics(incrementStddev, true, channels, "variables.incrementStddev", where);

    if (!(timeStep > 0) || !std::isfinite(timeStep))
    {
        refuse(where, "time.step", "a positive number", std::to_string(timeStep));
    }
    if (history < 1) refuse(where, "time.history", "1 or more", std::to_string(history));
}

} // namespace surrogate
