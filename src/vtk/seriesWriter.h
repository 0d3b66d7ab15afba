#pragma once

#include "core/state.h"
#include "vtk/seriesIndex.h"

#include <string>
#include <utility>
#include <vector>

namespace surrogate
{

//- Writes a State as cell data of a VTK image (.vti), one array a field, in double precision. Vectors get 3 components and
//  tensors 9, as VTK's readers expect; axes that the grid does not use have no extent. Throws Error.
void writeVti(const std::string& path, const State& state);

//- A State with, for each field F of `prediction`: F, F_reference and F_error = F - F_reference. Throws Error where grid or
//  fields differ.
State besideReference(const State& prediction, const State& reference);

//- A series of States over time: NAME.pvd, which ParaView opens, and a folder NAME with one .vti a State.
//  The index is complete after every append, and an existing series is gone on with.
class SeriesWriter
{
public:

    //- `path` without suffix: FOLDER/NAME. Throws Error where an existing index cannot be read or a folder not be made.
    explicit SeriesWriter(const std::string& path);

    //- Entries of the series at state.time or later are replaced: a run restarted from an earlier time leaves no duplicates
    void append(const State& state);

    //- Time [s] and file of each entry, the file relative to the index
    const std::vector<std::pair<double, std::string>>& entries() const { return index_.entries(); }

private:

    std::string path_;
    SeriesIndex index_;
};

} // namespace surrogate
