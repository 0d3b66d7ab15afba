#include "rollout.h"

#include "core/error.h"
#include "dataset/datasetReader.h"

namespace surrogate
{

namespace
{

//- One snapshot of one trajectory of one data set
struct Place
{
    std::size_t file, trajectory, index;
};

std::size_t snapshotAt(const DatasetReader& data, double time)
{
    if (const auto index = data.indexAt(time)) return *index;
    const std::vector<double>& times = data.times();
    throw Error({"A data set has no snapshot at a start time", data.path() + ", entry startTimes",
        times.empty() ? "snapshots" : "a time from " + std::to_string(times.front()) + " to " + std::to_string(times.back()),
        std::to_string(time), {}});
}

std::vector<Place> evenly(const std::vector<DatasetReader>& data, int members)
{
    std::vector<Place> all;
    for (std::size_t file = 0; file < data.size(); ++file)
    {
        for (std::size_t trajectory = 0; trajectory < data[file].nTrajectories(); ++trajectory)
        {
            for (std::size_t i = 0; i < data[file].nTimes(); ++i) all.push_back({file, trajectory, i});
        }
    }
    if (all.size() < std::size_t(members))
    {
        throw Error({"The data sets have too few snapshots to start from", "entry members",
            "up to " + std::to_string(all.size()), std::to_string(members), {}});
    }
    std::vector<Place> places;
    for (std::size_t i = 0; i < std::size_t(members); ++i) places.push_back(all[i*all.size()/std::size_t(members)]);
    return places;
}

std::vector<Place> atTimes(const std::vector<DatasetReader>& data, const std::vector<double>& times)
{
    std::vector<Place> places;
    for (std::size_t file = 0; file < data.size(); ++file)
    {
        for (std::size_t trajectory = 0; trajectory < data[file].nTrajectories(); ++trajectory)
        {
            if (times.empty()) places.push_back({file, trajectory, 0});
            for (const double time : times) places.push_back({file, trajectory, snapshotAt(data[file], time)});
        }
    }
    return places;
}

State readState(const DatasetReader& data, const Place& place, const Manifest& manifest)
{
    State state = data.read(place.trajectory, place.index, manifest.fields.names());
    for (const Field& field : manifest.fields)
    {
        const int components = state.fields.get(field.name).components;
        if (components == field.components) continue;
        throw Error({"A start's field is not the model's", data.path() + ", field " + field.name,
            std::to_string(field.components) + " components", std::to_string(components), {}});
    }
    state.fields = manifest.fields;
    return state;
}

} // namespace

std::vector<RolloutStart> readStarts(const RolloutOptions& options, const Manifest& manifest)
{
    std::vector<DatasetReader> data;
    for (const std::string& file : options.starts) data.emplace_back(file);
    std::vector<RolloutStart> starts;
    for (const Place& place : options.members > 0 ? evenly(data, options.members) : atTimes(data, options.startTimes))
    {
        const DatasetReader& from = data[place.file];
        starts.push_back({from.path(), readState(from, place, manifest), from.simulationParameters()});
    }
    return starts;
}

} // namespace surrogate
