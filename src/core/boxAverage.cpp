#include "core/boxAverage.h"

#include "core/error.h"

namespace surrogate
{

Grid coarsened(const Grid& grid, int factor, const std::string& where)
{
    Grid coarse = grid;
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        if (factor < 1 || grid.cells[axis]%factor)
        {
            throw Error({"Not a coarsening of the grid", where, "a whole number that divides the cells along each axis, "
                + grid.describe(), std::to_string(factor), {}});
        }
        coarse.cells[axis] = grid.cells[axis]/factor;
    }
    return coarse;
}

State boxAverage(const State& state, int factor, const std::string& where)
{
    const Grid& fine = state.grid;
    State result(coarsened(fine, factor, where), state.fields, state.time);
    const Grid& coarse = result.grid;
    const double share = double(coarse.nCells())/double(fine.nCells());
    const auto along = [&](int axis, int i) { return axis < fine.dimensions ? i/factor : i; };

    for (int c = 0; c < state.fields.nChannels(); ++c)
    {
        const double* in = state.channel(c);
        double* out = result.channel(c);
        for (int z = 0; z < fine.cells[2]; ++z)
        {
            for (int y = 0; y < fine.cells[1]; ++y)
            {
                for (int x = 0; x < fine.cells[0]; ++x)
                {
                    out[coarse.index(along(0, x), along(1, y), along(2, z))] += share*in[fine.index(x, y, z)];
                }
            }
        }
    }
    return result;
}

} // namespace surrogate
