#include "core/conservedMeans.h"

#include "core/error.h"

#include <algorithm>
#include <numeric>

namespace surrogate
{

ConservedMeans::ConservedMeans(const std::vector<std::string>& names, const Manifest& manifest, const std::string& where)
{
    if (!names.empty() && manifest.geometry)
    {
        throw Error({"The means of this model's fields cannot be kept", where + ", entry conserve",
            "a model of a box that is all fluid", "a model that sees a geometry", {}});
    }
    if (!names.empty()) manifest.grid.requireLattice("conserve", where);
    for (const std::string& name : names)
    {
        const auto field = std::find_if(manifest.fields.begin(), manifest.fields.end(), [&](const Field& f) { return f.name == name; });
        if (field == manifest.fields.end())
        {
            throw Error({"There is no such field to conserve", where + ", entry conserve", "a field of the model", name,
                manifest.fields.names()});
        }
        for (int c = 0; c < field->components; ++c) channels_.push_back(manifest.fields.channelOf(name) + c);
    }
}

std::vector<double> ConservedMeans::of(const std::vector<State>& members) const
{
    std::vector<double> means;
    for (const State& member : members)
    {
        const std::size_t n = member.grid.nCells();
        for (const int c : channels_) means.push_back(std::accumulate(member.channel(c), member.channel(c) + n, 0.0)/double(n));
    }
    return means;
}

void ConservedMeans::restore(std::vector<State>& members, const std::vector<double>& means) const
{
    const std::vector<double> now = of(members);
    std::size_t i = 0;
    for (State& member : members)
    {
        for (const int c : channels_)
        {
            const double lack = means[i] - now[i];
            std::for_each(member.channel(c), member.channel(c) + member.grid.nCells(), [lack](double& value) { value += lack; });
            ++i;
        }
    }
}

} // namespace surrogate
