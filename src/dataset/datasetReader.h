#pragma once

#include "core/state.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- Reads an HDF5 data set in The Well's layout, ours or another's (see doc/data-sets.md).
class DatasetReader
{
public:

    //- Throws Error on: no such file, not HDF5, a missing group, attribute or data set, shapes that disagree
    explicit DatasetReader(const std::string& path);

    ~DatasetReader();
    DatasetReader(DatasetReader&&) noexcept;

    const std::string& path() const;

    //- With the walls that the boundary conditions tell of
    const Grid& grid() const;

    //- Walls and bodies, of the grid; null where the file has none. Without walls every distance is Geometry::noWall.
    std::shared_ptr<const Geometry> geometry() const;

    //- Scalars first, then vectors, then tensors; those that vary along every axis of the grid, without the geometry.
    //  Dimensions are zero where the file does not tell them (a data set of The Well).
    const FieldList& fields() const;

    std::size_t nTrajectories() const;
    std::size_t nTimes() const;

    //- [s], nTimes() long
    const std::vector<double>& times() const;

    //- Position of the snapshot at that time, to 0.01 of the interval (1e-6 s where there is one snapshot alone)
    std::optional<std::size_t> indexAt(double time) const;

    //- Between two snapshots [s]; throws Error where it is not constant to 1e-3
    double interval() const;

    const std::map<std::string, double>& simulationParameters() const;

    //- Application that computed the fields, and fingerprint of its case; empty where the file does not tell
    const std::string& solver() const;
    const std::string& caseDigest() const;

    //- One snapshot, all fields or those named (in that order), with the geometry
    State read(std::size_t trajectory, std::size_t timeIndex) const;
    State read(std::size_t trajectory, std::size_t timeIndex, const std::vector<std::string>& names) const;

    //- Snapshots first ... first+count-1 of the named fields into out[time][channel][z][y][x], float32
    void read(std::size_t trajectory, std::size_t first, std::size_t count,
        const std::vector<std::string>& names, float* out) const;

private:

    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace surrogate
