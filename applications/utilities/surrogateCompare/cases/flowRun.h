#pragma once

#include "core/fieldList.h"
#include "core/grid.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- The cells on which a run's fields are
struct FlowCells
{
    int dimensions = 0;                  //!< 1 to 3; a vector has as many components
    std::vector<double> volumes;         //!< one a cell [m3]
    std::vector<double> boundaryAreas;   //!< of each cell's faces on patches that are neither empty nor coupled [m2]; empty: none
    std::string description;             //!< "3000 cells, 2-D"

    std::size_t size() const { return volumes.size(); }
};

//- Where a plane of pixels lies in the cells
struct PixelPlane
{
    Grid grid;                           //!< 2-D; one cell a pixel
    std::vector<long> cells;             //!< one a pixel; -1: outside the mesh, or in a body
    std::array<std::string, 2> axes;     //!< "x", "y"
    std::string normal;                  //!< "z" in 3-D, else empty
    double position = 0;                 //!< along the normal [m]
};

//- Which plane a picture shows
struct PlaneRequest
{
    std::string normal;                  //!< x, y or z; empty: a 2-D run's own plane, z in 3-D
    std::optional<double> position;      //!< along the normal [m]; none: the middle
    std::optional<std::array<double, 4>> zoom;   //!< low and high end along the first axis, the same of the second [m]
};

//- Fields over time, for ParaView
class FieldSeries
{
public:

    virtual ~FieldSeries() = default;

    //- values[component][cell] of each field; throws Error where a file cannot be written
    virtual void append(double time, const FieldList& fields, const std::vector<const std::vector<double>*>& values) = 0;

    //- What ParaView opens
    virtual std::string index() const = 0;
};

//- One run: an OpenFOAM case or a data set. Not for several threads.
class FlowRun
{
public:

    explicit FlowRun(std::string path) : path_(std::move(path)) {}
    virtual ~FlowRun() = default;
    FlowRun(const FlowRun&) = delete;
    FlowRun& operator=(const FlowRun&) = delete;

    //- As it was given
    const std::string& path() const { return path_; }

    //- Folder with postProcessing and logs; empty: there is none
    virtual std::string folder() const { return ""; }

    //- Ascending [s], the initial fields included
    virtual const std::vector<double>& times() const = 0;

    //- Scalars and vectors at that position of times(). Names beside those of the files: none.
    virtual FieldList fields(std::size_t time) const = 0;

    //- values[component][cell]. Throws Error where the field cannot be read or does not fit the cells.
    virtual std::vector<double> read(std::size_t time, const Field& field) const = 0;

    //- Curl of a vector field on the run's own cells: one component in 2-D, three in 3-D [1/s]. Throws Error as read does.
    virtual std::vector<double> curl(std::size_t time, const Field& velocity) const = 0;

    virtual const FlowCells& cells() const = 0;

    //- For spectra and all that needs a uniform grid: the grid of the cells, or the one that was asked for; none where there is
    //  neither. gridNote() tells why.
    virtual const std::optional<Grid>& grid() const = 0;
    virtual const std::string& gridNote() const = 0;

    //- values[component][cell] to the grid's [component][z][y][x]
    virtual std::vector<double> toGrid(const std::vector<double>& values, int components) const = 0;

    //- Throws Error where the plane misses the cells
    virtual PixelPlane plane(const PlaneRequest& request, int longestSide) const = 0;

    //- Of a 2-D run: the direction from which its first axis points to the right and its second one upwards, and the latter
    virtual std::array<std::array<int, 3>, 2> viewFrom() const { return {{{{0, 0, 1}}, {{0, 1, 0}}}}; }

    //- Replaces what is there under that name: FOLDER/NAME without suffix
    virtual std::unique_ptr<FieldSeries> writer(const std::string& path) const = 0;

private:

    std::string path_;
};

//- Brings values[component][cell] of one run to the cells of another
using CellMap = std::function<std::vector<double>(const std::vector<double>& values, int components)>;

//- Empty where both have the same cells. Throws Error where dimensions differ or the cells do not fill the same space. `note`
//  receives how the values are brought, where they are.
CellMap mapBetween(const FlowRun& from, const FlowRun& to, std::string& note);

//- A folder with system/controlDict is a case, a file NAME.h5 a data set. `gridCells`: of the grid for spectra where the
//  case's mesh is none; empty: none wanted. Throws Error.
std::unique_ptr<FlowRun> openRun(const std::string& path, const std::vector<int>& gridCells);

//- The former. Throws Error, also where this was built without OpenFOAM.
std::unique_ptr<FlowRun> openCase(const std::string& path, const std::vector<int>& gridCells);

} // namespace surrogate
