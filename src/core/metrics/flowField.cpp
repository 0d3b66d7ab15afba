#include "core/metrics/flowField.h"

#include "core/error.h"
#include "core/metrics/flow.h"

namespace surrogate
{

void FlowField::check(const FieldList& fields, const Grid& grid, const std::string& where) const
{
    const std::string what = isVorticity ? "vorticity" : "velocity";
    if (!fields.contains(name))
    {
        throw Error({"There is no such " + what, where, name, "none of that name", fields.names()});
    }
    const int components = fields.get(name).components, expected = isVorticity ? 1 : grid.dimensions;
    if (components != expected)
    {
        throw Error({isVorticity ? "The vorticity is not a scalar" : "The velocity is not a vector", where + ", field " + name,
            std::to_string(expected) + (expected == 1 ? " component" : " components"), std::to_string(components), {}});
    }
    if (isVorticity && !(grid.dimensions == 2 && grid.periodic[0] && grid.periodic[1]))
    {
        throw Error({"A vorticity tells the velocity in a periodic plane alone", where + ", field " + name,
            "a 2-D grid, periodic in x and y", grid.describe(), {}});
    }
}

std::vector<double> FlowField::velocity(const Grid& grid, const double* values) const
{
    if (isVorticity) return velocityOfVorticity(grid, values);
    return {values, values + std::size_t(grid.dimensions)*grid.nCells()};
}

} // namespace surrogate
