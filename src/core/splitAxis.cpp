#include "core/splitAxis.h"

#include "core/error.h"

namespace surrogate
{

namespace
{

//- Values on one slice of values[z][y][x]
std::vector<double> slice(const Grid& grid, int axis, int position, const double* values)
{
    std::vector<double> result;
    std::array<int, 3> first{{0, 0, 0}}, end = grid.cells;
    first[axis] = position;
    end[axis] = position + 1;
    result.reserve(grid.nCells()/grid.cells[axis]);
    for (int z = first[2]; z < end[2]; ++z)
        for (int y = first[1]; y < end[1]; ++y)
            for (int x = first[0]; x < end[0]; ++x)
                result.push_back(values[grid.index(x, y, z)]);
    return result;
}

} // namespace

Grid withoutAxis(const Grid& grid, int axis, const std::string& where)
{
    grid.requireLattice("A split into slices", where);
    if (axis < 0 || axis >= grid.dimensions || grid.dimensions < 2)
    {
        throw Error({"The grid has no slices across that axis", where, "one of two or more axes",
            "axis " + std::to_string(axis) + " of " + grid.describe(), {}});
    }
    Grid rest;
    for (int old = 0; old < grid.dimensions; ++old)
    {
        if (old == axis) continue;
        const int now = rest.dimensions++;
        rest.cells[now] = grid.cells[old];
        rest.lower[now] = grid.lower[old];
        rest.upper[now] = grid.upper[old];
        rest.periodic[now] = grid.periodic[old];
        rest.walls[now] = grid.walls[old];
    }
    return rest;
}

std::vector<State> splitAxis(const State& state, int axis, const std::string& where)
{
    const Grid rest = withoutAxis(state.grid, axis, where);
    for (const Field& field : state.fields)
    {
        if (field.components != 1)
        {
            throw Error({"Slices of the grid can have scalar fields alone", where, "1 component",
                field.name + " with " + std::to_string(field.components), {}});
        }
    }

    std::vector<State> states;
    for (int position = 0; position < state.grid.cells[axis]; ++position)
    {
        State part;
        part.grid = rest;
        part.fields = state.fields;
        part.time = state.time;
        for (std::size_t c = 0; c < state.fields.size(); ++c)
        {
            const std::vector<double> values = slice(state.grid, axis, position, state.channel(int(c)));
            part.values.insert(part.values.end(), values.begin(), values.end());
        }
        if (state.geometry)
        {
            part.geometry = std::make_shared<Geometry>(Geometry
            {
                slice(state.grid, axis, position, state.geometry->fluid.data()),
                slice(state.grid, axis, position, state.geometry->distance.data())
            });
        }
        states.push_back(std::move(part));
    }
    return states;
}

} // namespace surrogate
