#pragma once

#include "core/state.h"

#include <map>
#include <memory>
#include <string>

namespace surrogate
{

//- Appends States to an HDF5 data set of one trajectory in The Well's layout (see doc/data-sets.md): float32, uniform grid,
//  constant interval. The file is readable after every append, so a killed run loses nothing.
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
    };

    //- Creates the file, or opens an existing one to go on with it. Throws Error where an existing file has another grid,
    //  fields, dimensions or interval, or cannot be read or written.
    DatasetWriter(const std::string& path, const Grid& grid, const FieldList& fields, const Info& info);

    ~DatasetWriter();

    std::size_t nTimes() const;

    //- Time of the last snapshot [s]; throws Error when there is none
    double lastTime() const;

    //- Drops the snapshots later than `time` plus half an interval, so that a run restarted from an earlier time leaves no duplicate
    void truncateAfter(double time);

    //- Appends and flushes. Throws Error where grid or fields differ, or state.time is not lastTime() + interval (to 1e-3 of it).
    void append(const State& state);

private:

    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace surrogate
