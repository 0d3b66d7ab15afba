#pragma once

#include "model/testModel.h"

#include <algorithm>
#include <memory>
#include <random>

namespace surrogate::testing
{

//- n points at random places of the box [0, 2 pi]^dimensions, of different volumes, each touching something or nothing
inline std::shared_ptr<const Geometry> pointGeometry(int dimensions, int n, unsigned seed = 1)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    auto geometry = std::make_shared<Geometry>();
    CellPoints points;
    for (int i = 0; i < n; ++i)
    {
        for (int axis = 0; axis < dimensions; ++axis) points.centres.push_back(2*M_PI*uniform(random));
        points.volumes.push_back(std::pow(2*M_PI, dimensions)/n*(0.5 + uniform(random)));
        points.boundaries.push_back(std::uint8_t(i%7 == 0 ? 1 << i%5 : 0));
        geometry->distance.push_back(points.centres[std::size_t(i)*dimensions]);
    }
    geometry->fluid.assign(std::size_t(n), 1);
    geometry->points = std::move(points);
    return geometry;
}

inline Grid pointGrid(int dimensions, int n, bool periodic = false)
{
    Grid grid;
    grid.dimensions = dimensions;
    grid.points = true;
    grid.cells[0] = n;
    for (int axis = 0; axis < dimensions; ++axis)
    {
        grid.upper[axis] = 2*M_PI;
        grid.periodic[axis] = periodic;
    }
    return grid;
}

//- Two travelling waves in the field s, at the geometry's points
inline State pointState(const std::shared_ptr<const Geometry>& geometry, double time = 0)
{
    const auto& centres = geometry->points->centres;
    const int n = int(geometry->fluid.size()), dimensions = int(centres.size())/n;
    State state(pointGrid(dimensions, n), FieldList({Field{"s", 1, {{0, 0, 0, 1, 0, 0, 0}}}}), time);
    state.geometry = geometry;
    for (int i = 0; i < n; ++i)
    {
        const double x = centres[std::size_t(i)*dimensions], y = centres[std::size_t(i)*dimensions + 1];
        state.values[std::size_t(i)] = 1 + std::sin(x - time)*std::cos(y) + 0.3*std::cos(2*x + y + time);
    }
    return state;
}

//- A small emulator of such fields
inline Manifest pointManifest(int n = 400, const std::vector<std::string>& channels = {"distance", "size", "boundary"})
{
    Manifest manifest;
    manifest.method = "emulator";
    manifest.network = "upt";
    for (const auto& [keyword, value] : {std::pair<const char*, long>{"width", 24}, {"heads", 2}, {"blocks", 1}, {"supernodes", 40}})
    {
        manifest.networkSettings.set(keyword, value);
    }
    manifest.grid = pointGrid(2, n);
    manifest.fields = FieldList({Field{"s", 1, {{0, 0, 0, 1, 0, 0, 0}}}});
    manifest.variableNames = {"s"};
    manifest.mean = {1.0};
    manifest.stddev = {0.6};
    manifest.incrementStddev = {0.1};
    manifest.geometry = GeometryChannels{channels, 1.0};
    manifest.timeStep = 0.2;
    return manifest;
}

} // namespace surrogate::testing
