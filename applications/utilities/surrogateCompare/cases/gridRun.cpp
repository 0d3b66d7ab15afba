#include "gridRun.h"

#include "core/error.h"
#include "core/fourierInterpolation.h"
#include "core/metrics.h"
#include "vtk/seriesWriter.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace surrogate
{

namespace
{

namespace fs = std::filesystem;

//- Data sets lie in the case that recorded them, or in a folder below it
std::string caseOf(const std::string& path)
{
    fs::path folder = fs::absolute(path).parent_path();
    for (int up = 0; up < 3 && folder.has_relative_path(); ++up, folder = folder.parent_path())
    {
        if (fs::exists(folder/"system"/"controlDict")) return folder.string();
    }
    return "";
}

class GridSeries : public FieldSeries
{
public:

    GridSeries(const std::string& path, const Grid& grid) : path_(path), grid_(grid)
    {
        removeSeries(path);
        series_ = std::make_unique<SeriesWriter>(path);
    }

    void append(double time, const FieldList& fields, const std::vector<const std::vector<double>*>& values) override
    {
        State state(grid_, fields, time);
        double* to = state.values.data();
        for (const std::vector<double>* field : values) to = std::copy(field->begin(), field->end(), to);
        series_->append(state);
    }

    std::string index() const override { return path_ + ".pvd"; }

private:

    std::string path_;
    Grid grid_;
    std::unique_ptr<SeriesWriter> series_;
};

} // namespace

GridRun::GridRun(const std::string& path)
:
    FlowRun(path), data_(path), grid_(data_.grid())
{
    grid_->requireLattice("A comparison of data sets", path);
    const Grid& grid = *grid_;
    cells_.dimensions = grid.dimensions;
    double volume = 1;
    for (int axis = 0; axis < grid.dimensions; ++axis) volume *= grid.spacing(axis);
    cells_.volumes.assign(grid.nCells(), volume);
    if (const auto geometry = data_.geometry())
    {
        for (std::size_t i = 0; i < cells_.size(); ++i) cells_.volumes[i] *= geometry->fluid[i];
    }
    cells_.boundaryAreas = boundaryAreas(grid);
    cells_.description = "data set, " + grid.describe();
    if (data_.nTrajectories() > 1) cells_.description += ", the first of " + std::to_string(data_.nTrajectories()) + " trajectories";
}

std::string GridRun::folder() const { return caseOf(path()); }

std::vector<double> GridRun::read(std::size_t time, const Field& field) const
{
    return data_.read(0, time, {field.name}).values;
}

std::vector<double> GridRun::curl(std::size_t time, const Field& velocity) const
{
    const std::vector<double> values = read(time, velocity);
    return vorticity(*grid_, values.data());
}

std::array<int, 3> planeAxes(const PlaneRequest& request, int dimensions)
{
    int normal = 2;
    if (!request.normal.empty())
    {
        const auto found = std::string("xyz").find(request.normal);
        if (request.normal.size() != 1 || found == std::string::npos)
        {
            throw Error({"No such plane", "option -plane", "its normal, one of those below", request.normal, {"x", "y", "z"}});
        }
        normal = int(found);
    }
    if (dimensions < 3 && normal < dimensions)
    {
        throw Error({"A plane cuts across a 2-D flow", "option -plane", "the plane of the flow, its normal z", request.normal, {}});
    }
    return {{normal, normal == 0 ? 1 : 0, normal == 2 ? 1 : 2}};
}

std::array<double, 4> pictureBounds(const PlaneRequest& request, const std::array<double, 4>& whole)
{
    if (!request.zoom) return whole;
    std::array<double, 4> cut = *request.zoom;
    for (int axis = 0; axis < 2; ++axis)
    {
        cut[2*axis] = std::max(cut[2*axis], whole[2*axis]);
        cut[2*axis + 1] = std::min(cut[2*axis + 1], whole[2*axis + 1]);
        if (cut[2*axis] < cut[2*axis + 1]) continue;
        const auto range = [&](const std::array<double, 4>& of)
        {
            return std::to_string(of[2*axis]) + " to " + std::to_string(of[2*axis + 1]);
        };
        throw Error({"A zoom shows nothing of the flow", "option -zoom", "a part of " + range(whole), range(*request.zoom), {}});
    }
    return cut;
}

PixelPlane GridRun::plane(const PlaneRequest& request, int) const
{
    const Grid& grid = *grid_;
    if (grid.dimensions < 2) throw Error({"A 1-D flow has no plane", path(), "2-D or 3-D", grid.describe(), {}});
    const auto [normal, first, second] = planeAxes(request, grid.dimensions);
    PixelPlane plane;
    std::array<int, 3> at{{0, 0, 0}};
    if (grid.dimensions == 3)
    {
        const double position = request.position.value_or(0.5*(grid.lower[normal] + grid.upper[normal]));
        at[normal] = int(std::floor((position - grid.lower[normal])/grid.spacing(normal)));
        if (position == grid.upper[normal]) --at[normal];
        if (at[normal] < 0 || at[normal] >= grid.cells[normal])
        {
            throw Error({"A plane misses the flow", "option -plane", "from " + std::to_string(grid.lower[normal]) + " to "
                + std::to_string(grid.upper[normal]), std::to_string(position), {}});
        }
        plane.normal = std::string(1, "xyz"[normal]);
        plane.position = position;
    }
    const std::array<double, 4> bounds = pictureBounds(request,
        {{grid.lower[first], grid.upper[first], grid.lower[second], grid.upper[second]}});
    const auto index = [&](double x, int axis) { return (x - grid.lower[axis])/grid.spacing(axis); };
    const int left = int(std::floor(index(bounds[0], first) + 1e-9)), right = int(std::ceil(index(bounds[1], first) - 1e-9));
    const int low = int(std::floor(index(bounds[2], second) + 1e-9)), high = int(std::ceil(index(bounds[3], second) - 1e-9));

    plane.grid.dimensions = 2;
    plane.grid.cells = {{right - left, high - low, 1}};
    plane.grid.lower = {{grid.lower[first] + left*grid.spacing(first), grid.lower[second] + low*grid.spacing(second), 0}};
    plane.grid.upper = {{grid.lower[first] + right*grid.spacing(first), grid.lower[second] + high*grid.spacing(second), 1}};
    plane.axes = {{std::string(1, "xyz"[first]), std::string(1, "xyz"[second])}};
    for (int j = low; j < high; ++j)
    {
        for (int i = left; i < right; ++i)
        {
            at[first] = i;
            at[second] = j;
            const std::size_t cell = grid.index(at[0], at[1], at[2]);
            plane.cells.push_back(cells_.volumes[cell] > 0 ? long(cell) : -1);
        }
    }
    return plane;
}

std::unique_ptr<FieldSeries> GridRun::writer(const std::string& path) const
{
    return std::make_unique<GridSeries>(path, *grid_);
}

std::unique_ptr<FlowRun> openRun(const std::string& path, const std::vector<int>& gridCells)
{
    if (fs::is_directory(path))
    {
        if (fs::exists(fs::path(path)/"system"/"controlDict")) return openCase(path, gridCells);
        throw Error({"Not a case", path, "a folder with system/controlDict, or a data set NAME.h5", "a folder without it", {}});
    }
    if (!fs::exists(path)) throw Error({"There is no such case or data set", path, "a case folder or a data set NAME.h5", "nothing", {}});
    return std::make_unique<GridRun>(path);
}

CellMap mapBetweenGrids(const GridRun& from, const GridRun& to, std::string& note)
{
    const Grid a = from.dataGrid(), b = to.dataGrid();
    bool periodic = a.dimensions == b.dimensions;
    for (int axis = 0; axis < a.dimensions; ++axis) periodic = periodic && a.periodic[axis] && b.periodic[axis];
    if (a.matches(b)) return {};
    if (!periodic)
    {
        throw Error({"Two data sets have different grids", from.path() + " and " + to.path(),
            "the same grid, or the same periodic box; or give the cases that recorded them", a.describe() + "; " + b.describe(), {}});
    }
    note = "brought to the reference's grid by Fourier interpolation";
    return [a, b](const std::vector<double>& values, int components)
    {
        std::vector<double> all;
        for (int c = 0; c < components; ++c)
        {
            const std::vector<double> one = fourierInterpolate(a, values.data() + std::size_t(c)*a.nCells(), b);
            all.insert(all.end(), one.begin(), one.end());
        }
        return all;
    };
}

} // namespace surrogate
