#pragma once

#include "core/state.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Appends States to an HDF5 data set in The Well's layout (see doc/data-sets.md), of one trajectory or of several with the
//  same times: float32, uniform grid, constant interval. The file is readable after every append, so a killed run loses
//  nothing.
class DatasetWriter
{
public:

    struct Info
    {
        std::string name;                                     //!< of the data set
        std::map<std::string, double> simulationParameters;   //!< nu, ...
        std::string solver;                                   //!< application that computed the fields
        std::string caseDigest;                               //!< fingerprint of the case's dictionaries
        double interval = 0;                                  //!< between two snapshots [s]
        std::size_t trajectories = 1;

        std::shared_ptr<const Geometry> geometry;             //!< of the grid; null: not known
    };

    //- Creates the file, or opens an existing one to go on with it. Throws Error where an existing file has another grid,
    //  fields, dimensions, trajectories, geometry, simulation parameters or interval, or cannot be read or written. An existing
    //  one without geometry is gone on with where ours is fluid alone.
    DatasetWriter(const std::string& path, const Grid& grid, const FieldList& fields, const Info& info);

    ~DatasetWriter();
    DatasetWriter(DatasetWriter&&) noexcept;

    std::size_t nTimes() const;

    //- Time of the last snapshot [s]; throws Error when there is none
    double lastTime() const;

    //- Drops the snapshots later than `time` (to 1e-3 of the interval), so that a run restarted from an earlier time leaves
    //  no duplicate
    void truncateAfter(double time);

    //- Appends and flushes; for a data set of one trajectory. Throws Error where grid or fields differ, a value is not finite,
    //  or state.time is not lastTime() + interval (to 1e-3 of the interval).
    void append(const State& state);

    //- The same for several: one State a trajectory, all of one time. Throws Error also where their number is another.
    void append(const std::vector<State>& states);

private:

    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace surrogate
