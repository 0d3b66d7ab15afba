#pragma once

#include "core/fieldList.h"
#include "core/grid.h"

#include <string>
#include <vector>

namespace surrogate
{

//- The field that tells a flow's velocity: the velocity itself, or in a plane that is periodic in both directions the vorticity
struct FlowField
{
    std::string name = "U";
    bool isVorticity = false;

    //- Throws Error unless the fields have it, with as many components as it must have, and the grid is one for it.
    //  `where`: the file, or whatever else has the fields.
    void check(const FieldList& fields, const Grid& grid, const std::string& where) const;

    //- The velocity, grid.dimensions components one after the other, from the field's values; see velocityOfVorticity
    std::vector<double> velocity(const Grid& grid, const double* values) const;
};

} // namespace surrogate
