#pragma once

#include "core/fieldList.h"
#include "core/geometry.h"
#include "core/grid.h"

#include <memory>
#include <vector>

namespace surrogate
{

//- The fields of one instant on one grid, in physical units: values[channel][z][y][x].
//  The one thing that the wings pass to each other.
struct State
{
    Grid grid;
    FieldList fields;
    double time = 0;             //!< [s]
    std::vector<double> values;  //!< size fields.nChannels()*grid.nCells()

    //- Walls and bodies, where whoever made the state knows of them; else null. Models that see them demand them.
    std::shared_ptr<const Geometry> geometry;

    State() = default;

    //- All values zero
    State(const Grid& grid, const FieldList& fields, double time = 0);

    double* channel(int c) { return values.data() + c*grid.nCells(); }
    const double* channel(int c) const { return values.data() + c*grid.nCells(); }

    //- First component of the named field; throws Error when there is none
    double* field(const std::string& name) { return channel(fields.channelOf(name)); }
    const double* field(const std::string& name) const { return channel(fields.channelOf(name)); }

    //- Throws Error that names field, component and cell of the first value that is not finite.
    //  `where` says who made or received the state.
    void requireFinite(const std::string& where) const;
};

} // namespace surrogate
