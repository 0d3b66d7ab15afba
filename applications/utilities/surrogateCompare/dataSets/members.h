#pragma once

#include "comparison.h"

#include "core/grid.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Compares the members of all runs that have some with those of the first, into result.runs[...].members and their means and
//  spectra. Throws Error where a file cannot be read or does not fit.
void compareMembers(const ComparisonInput& input, ComparisonResult& result);

//- Vorticity of the snapshot of a member that is nearest to a time after its first one
struct MemberSnapshot
{
    double time = 0;                  //!< after the first snapshot [s]
    Grid grid;
    std::vector<double> vorticity;
};
MemberSnapshot memberSnapshot(const ComparisonInput& input, std::size_t run, std::size_t member, double time);

//- From the first snapshot of a member to its last [s]
double memberLength(const ComparisonInput& input, std::size_t run, std::size_t member);

} // namespace surrogate
