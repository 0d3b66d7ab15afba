#include "core/boxAverage.h"

#include "core/error.h"

namespace surrogate
{

Grid coarsened(const Grid& grid, int factor, const std::string& where)
{
    grid.requireLattice("A coarsening", where);
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

namespace
{

//- Adds share times the values of each fine cell to those of the coarse one in which it lies
void addTo(const Grid& coarse, const Grid& fine, int factor, double share, const double* in, const double* weights, double* out)
{
    const auto along = [&](int axis, int i) { return axis < fine.dimensions ? i/factor : i; };

    for (int z = 0; z < fine.cells[2]; ++z)
    {
        for (int y = 0; y < fine.cells[1]; ++y)
        {
            for (int x = 0; x < fine.cells[0]; ++x)
            {
                const std::size_t cell = fine.index(x, y, z);
                const double value = weights ? weights[cell]*in[cell] : in[cell];
                out[coarse.index(along(0, x), along(1, y), along(2, z))] += share*value;
            }
        }
    }
}

} // namespace

std::shared_ptr<const Geometry> coarsened(const std::shared_ptr<const Geometry>& geometry, const Grid& grid, int factor,
    const std::string& where)
{
    if (!geometry || factor == 1) return geometry;

    const Grid coarse = coarsened(grid, factor, where);
    const double share = double(coarse.nCells())/double(grid.nCells());
    auto result = std::make_shared<Geometry>();
    result->fluid.assign(coarse.nCells(), 0.0);
    result->distance.assign(coarse.nCells(), 0.0);
    addTo(coarse, grid, factor, share, geometry->fluid.data(), nullptr, result->fluid.data());
    addTo(coarse, grid, factor, share, geometry->distance.data(), nullptr, result->distance.data());
    for (double& distance : result->distance)
    {
        if (distance > 0.5*Geometry::noWall) distance = Geometry::noWall;
    }
    return result;
}

State boxAverage(const State& state, int factor, const std::string& where)
{
    const Grid& fine = state.grid;
    State result(coarsened(fine, factor, where), state.fields, state.time);
    const Grid& coarse = result.grid;
    const double share = double(coarse.nCells())/double(fine.nCells());
    result.geometry = coarsened(state.geometry, fine, factor, where);
    const double* fluid = state.geometry ? state.geometry->fluid.data() : nullptr;

    for (int c = 0; c < state.fields.nChannels(); ++c)
    {
        double* out = result.channel(c);
        addTo(coarse, fine, factor, share, state.channel(c), fluid, out);
        for (std::size_t i = 0; fluid && i < coarse.nCells(); ++i)
        {
            const double covered = result.geometry->fluid[i];
            out[i] = covered > 0 ? out[i]/covered : 0.0;
        }
    }
    return result;
}

} // namespace surrogate
