#include "core/manifest.h"
#include "core/boxAverage.h"
#include "core/error.h"
#include "core/geometry.h"

#include <algorithm>
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

void checkStatistics(const std::vector<double>& values, bool positive, const std::string& entry, const std::string& where)
{
    for (const double value : values)
    {
        if (std::isfinite(value) && (!positive || value > 0)) continue;
        refuse(where, entry, positive ? "positive numbers" : "finite numbers", std::to_string(value));
    }
}

void checkGeometry(const GeometryChannels& geometry, bool points, const std::string& where)
{
    const std::vector<std::string> names = points ? std::vector<std::string>{"distance", "size", "boundary"}
        : std::vector<std::string>{"fluid", "distance"};
    std::set<std::string> found;
    for (const std::string& channel : geometry.channels)
    {
        if (std::find(names.begin(), names.end(), channel) == names.end())
        {
            refuse(where, "geometry.channels", "names from the list below", channel, names);
        }
        if (!found.insert(channel).second) refuse(where, "geometry.channels", "each channel once", channel + " twice");
    }
    if (found.count("distance") || found.count("size")) checkStatistics({geometry.distanceLength}, true, "geometry.distanceLength", where);
}

void checkHierarchy(const Manifest& manifest, const std::string& where)
{
    const bool hierarchical = manifest.method == "hierarchicalEmulator";
    if (hierarchical != manifest.hierarchy.has_value())
    {
        refuse(where, "hierarchy", hierarchical ? "one, of a hierarchicalEmulator" : "no such entry with method " + manifest.method,
            hierarchical ? "none" : "one");
    }
    if (!hierarchical) return;
    manifest.grid.requireLattice("A hierarchical emulator", where);
    manifest.hierarchy->grids(manifest.grid, where + ", entry hierarchy.pool");
    const std::size_t hints = manifest.hierarchy->pool.size(), each = manifest.incrementStddev.size();
    const auto& stddevs = manifest.hierarchy->incrementStddev;
    if (stddevs.size() != hints)
    {
        refuse(where, "hierarchy.incrementStddev", std::to_string(hints) + " lists, one a factor of hierarchy.pool",
            std::to_string(stddevs.size()));
    }
    for (const auto& values : stddevs)
    {
        if (values.size() != each)
        {
            refuse(where, "hierarchy.incrementStddev", std::to_string(each) + " values in each list, one a predicted channel",
                std::to_string(values.size()));
        }
        checkStatistics(values, true, "hierarchy.incrementStddev", where);
    }
}

} // namespace

int GeometryChannels::nChannels() const
{
    int n = 0;
    for (const std::string& channel : channels) n += channel == "boundary" ? int(CellPoints::kinds().size()) : 1;
    return n;
}

std::vector<Grid> Hierarchy::grids(const Grid& grid, const std::string& where) const
{
    std::vector<Grid> coarse;
    int last = 1;
    for (const int factor : pool)
    {
        if (factor <= last)
        {
            throw Error({"The factors of a hierarchy do not grow", where, std::to_string(last + 1) + " or more",
                std::to_string(factor), {}});
        }
        coarse.push_back(coarsened(grid, factor, where));
        last = factor;
    }
    return coarse;
}

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

    if (variables.empty()) refuse(where, "variables.type", "a name", "an empty word");
    const std::size_t channels = variableNames.size();
    if (channels == 0) refuse(where, "variables.names", "at least one name", "none");
    const std::string each = std::to_string(channels) + " values, one per input channel of the network";
    if (mean.size() != channels) refuse(where, "variables.mean", each, std::to_string(mean.size()));
    if (stddev.size() != channels) refuse(where, "variables.stddev", each, std::to_string(stddev.size()));
    if (incrementStddev.empty() || incrementStddev.size() > channels)
    {
        refuse(where, "variables.incrementStddev", "1 to " + each, std::to_string(incrementStddev.size()));
    }
    checkStatistics(mean, false, "variables.mean", where);
    checkStatistics(stddev, true, "variables.stddev", where);
    checkStatistics(incrementStddev, true, "variables.incrementStddev", where);

    if (geometry) checkGeometry(*geometry, grid.points, where);
    checkHierarchy(*this, where);

    if (!(timeStep > 0) || !std::isfinite(timeStep))
    {
        refuse(where, "time.step", "a positive number", std::to_string(timeStep));
    }
    if (history < 1) refuse(where, "time.history", "1 or more", std::to_string(history));
    if (history > 1 && method != "emulator")
    {
        refuse(where, "time.history", "1 with method " + method + ": an emulator alone reads more states", std::to_string(history));
    }
}

} // namespace surrogate
