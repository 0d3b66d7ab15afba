#pragma once

#include "core/state.h"
#include "dataset/hdf5Access.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Where The Well's layout keeps what, common to the reader and the writer. Private to this folder.
namespace layout
{

//- "t0_fields", "t1_fields", "t2_fields" by tensor rank
extern const char* const fieldGroups[3];

//- Further attributes, which The Well's readers ignore
extern const char* const dimensionsAttribute;   //!< of a field: the exponents of kg, m, s, K, mol, A, cd
extern const char* const boundsAttribute;       //!< of a coordinate: lower and upper bound of the grid, double
extern const char* const startAttribute;        //!< of the time: that of the first snapshot, double
extern const char* const intervalAttribute;     //!< of the time: between two snapshots, double
extern const char* const solverAttribute;       //!< of the file
extern const char* const digestAttribute;       //!< of the file

//- Scalars that vary with neither time nor sample: a Geometry
extern const char* const fluidField;      //!< fraction of the cell that is fluid [-]
extern const char* const distanceField;   //!< signed distance of the cell's centre to the nearest wall [m]; left out where there is no wall

//- Of a grid of points
extern const char* const volumeField;     //!< of the cells [m^dimensions], another such scalar

//- "cartesian", or "points" for a grid of points
std::string gridType(const Grid& grid);

//- Lengths of the axes of a field in the file that the grid has: cells along x, y, z; or the number of points
std::vector<hsize_t> spatialShape(const Grid& grid);

//- 0, 1 or 2 for scalars, vectors and tensors; throws Error on another number of components
int rank(const Field& field, const Grid& grid);

//- [x][y][z][component] of the file from [component][z][y][x] of a State, and back
template<class From, class To>
void toFile(const Grid& grid, int components, const From* state, To* file)
{
    const std::size_t n = grid.nCells();
    for (int x = 0; x < grid.cells[0]; ++x)
        for (int y = 0; y < grid.cells[1]; ++y)
            for (int z = 0; z < grid.cells[2]; ++z)
                for (int c = 0; c < components; ++c)
                    *file++ = To(state[c*n + grid.index(x, y, z)]);
}

template<class From, class To>
void fromFile(const Grid& grid, int components, const From* file, To* state)
{
    const std::size_t n = grid.nCells();
    for (int x = 0; x < grid.cells[0]; ++x)
        for (int y = 0; y < grid.cells[1]; ++y)
            for (int z = 0; z < grid.cells[2]; ++z)
                for (int c = 0; c < components; ++c)
                    state[c*n + grid.index(x, y, z)] = To(*file++);
}

//- Opens an HDF5 file; throws Error that tells a missing file, a file of another kind and a damaged one apart
hdf5::Handle openFile(const std::string& path, bool writable);

} // namespace layout
} // namespace surrogate
