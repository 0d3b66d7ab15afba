#include "dataset/layout.h"

#include <filesystem>

namespace surrogate
{
namespace layout
{

const char* const fieldGroups[3] = {"t0_fields", "t1_fields", "t2_fields"};
const char* const dimensionsAttribute = "dimension_exponents";
const char* const boundsAttribute = "bounds";
const char* const startAttribute = "start";
const char* const intervalAttribute = "interval";
const char* const solverAttribute = "solver";
const char* const digestAttribute = "case_digest";
const char* const fluidField = "fluidFraction";
const char* const distanceField = "wallDistance";
const char* const volumeField = "cellVolume";

std::string gridType(const Grid& grid) { return grid.points ? "points" : "cartesian"; }

std::vector<hsize_t> spatialShape(const Grid& grid)
{
    return {grid.cells.begin(), grid.cells.begin() + (grid.points ? 1 : grid.dimensions)};
}

int rank(const Field& field, const Grid& grid)
{
    const int d = grid.dimensions;
    if (field.components == 1) return 0;
    if (field.components == d) return 1;
    if (field.components == d*d) return 2;
    throw Error
    ({
        "A data set has no place for a field of this many components",
        "field " + field.name,
        "1, " + std::to_string(d) + " or " + std::to_string(d*d) + " on a grid of " + std::to_string(d) + " dimensions",
        std::to_string(field.components),
        {}
    });
}

hdf5::Handle openFile(const std::string& path, bool writable)
{
    if (!std::filesystem::exists(path)) throw Error({"There is no such data set", path, "", "", {}});
    if (std::filesystem::is_directory(path) || H5Fis_hdf5(path.c_str()) == 0)
    {
        throw Error({"The file is not a data set", path, "an HDF5 file", "another kind of file, or an empty one", {}});
    }
    hid_t file = H5Fopen(path.c_str(), writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, H5P_DEFAULT);
#if H5_VERSION_GE(1, 10, 7)
    if (file < 0 && !writable)
    {
        // Another run's lock need not stop a reader: what it recorded so far is whole
        const hdf5::Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "HDF5 makes no access list", path);
        H5Pset_file_locking(access, false, true);
        file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
    }
#endif
    return hdf5::Handle
    (
        file, H5Fclose,
        writable
          ? "The data set cannot be opened for writing: it is damaged, write-protected or in use by another run"
          : "The data set cannot be opened: it is truncated or otherwise damaged",
        path
    );
}

} // namespace layout
} // namespace surrogate
