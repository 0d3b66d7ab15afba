#pragma once

#include "model/testModel.h"

#include <memory>

namespace surrogate::testing
{

//- A channel, 16 x 16 cells: walls at both sides of y, open in x
inline Grid channelGrid()
{
    Grid grid = smallManifest().grid;
    grid.periodic = {{false, false, false}};
    grid.walls[1] = {{true, true}};
    return grid;
}

//- A block of 4 x 4 cells, whose first column is cut, in the middle of channelGrid(); distances to the block's middle
inline std::shared_ptr<const Geometry> blockGeometry(int firstX = 6)
{
    const Grid grid = channelGrid();
    auto geometry = std::make_shared<Geometry>();
    for (int y = 0; y < 16; ++y)
    {
        for (int x = 0; x < 16; ++x)
        {
            const bool inside = x >= firstX && x < firstX + 4 && y >= 6 && y < 10;
            geometry->fluid.push_back(inside ? (x == firstX ? 0.25 : 0.0) : 1.0);
            geometry->distance.push_back(grid.spacing(0)*(std::hypot(x - firstX - 1.5, y - 7.5) - 2));
        }
    }
    return geometry;
}

//- Whether a state's i-th value stands in a cell without fluid
inline bool isSolid(std::size_t i)
{
    static const auto geometry = blockGeometry();
    return geometry->fluid[i % geometry->fluid.size()] == 0;
}

//- A small emulator of the flow past the block
inline Manifest boundedManifest(const std::vector<std::string>& channels = {"fluid", "distance"})
{
    Manifest manifest = smallManifest("fields");
    manifest.grid = channelGrid();
    manifest.geometry = GeometryChannels{channels, 8*manifest.grid.spacing(0)};
    return manifest;
}

//- wavyState() in the channel, with `solid` in the cells of the block
inline State boundedState(double time = 0, double solid = 0)
{
    State state = wavyState(channelGrid(), time);
    state.geometry = blockGeometry();
    for (std::size_t i = 0; i < state.values.size(); ++i)
    {
        if (isSolid(i)) state.values[i] = solid;
    }
    return state;
}

} // namespace surrogate::testing
