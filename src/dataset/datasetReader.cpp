#include "dataset/datasetReader.h"

#include "dataset/layout.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using hdf5::Handle;

namespace
{

//- A field's array, and which of the leading axes it has
struct Source
{
    Handle array;
    int components = 1;
    int rank = 0;
    bool sampleVarying = true;
    bool timeVarying = true;
};

[[noreturn]] void refuse(const std::string& what, const std::string& where, const std::string& expected,
    const std::string& found)
{
    throw Error({what, where, expected, found, {}});
}

std::string describeShape(const std::vector<hsize_t>& shape)
{
    std::vector<std::string> lengths;
    for (const hsize_t length : shape) lengths.push_back(std::to_string(length));
    return "(" + join(lengths) + ")";
}

} // namespace

struct DatasetReader::Implementation
{
    std::string path;
    Handle file;
    Grid grid;
    CellPoints points;             // of a grid of points
    std::shared_ptr<const Geometry> geometry;
    FieldList fields;
    std::vector<Source> sources;   // in the order of fields
    std::size_t nTrajectories = 0;
    std::vector<double> times;
    double interval = 0;           // 0 where it is not constant
    std::map<std::string, double> simulationParameters;
    std::string solver;
    std::string caseDigest;

    std::vector<std::string> readGrid();
    void readCentres(hid_t group, const std::string& name, int axis);
    void readBounds(hid_t array, const std::string& where, int axis);
    void readPointBoundary(hid_t boundary, const std::string& type);
    void readAxis(hid_t group, const std::string& name, int axis);
    void readBoundaries(const std::vector<std::string>& axes);
    void readBoundary(hid_t boundary, const std::vector<std::string>& axes);
    void readGeometry();
    std::vector<double> readStatic(hid_t group, const char* name) const;
    void readTimes();
    void readFields(int rank);
    bool hasWholeGrid(hid_t array, const std::string& name) const;
    void requireShape(const Source& source, const std::string& name) const;
    void readParameters();
    const Source& source(const std::string& name) const;
    void readField(const Source& source, std::size_t trajectory, std::size_t first, std::size_t count, float* out) const;
};

std::vector<std::string> DatasetReader::Implementation::readGrid()
{
    const std::string type = hdf5::string(file, "grid_type", path);
    if (type != "cartesian" && type != "points")
    {
        refuse("The data set's grid is of an unknown type", path, "cartesian or points", type);
    }
    grid.points = type == "points";

    const Handle group = hdf5::openGroup(file, "dimensions", path);
    const std::vector<std::string> axes = hdf5::strings(group, "spatial_dims", path);
    grid.dimensions = int(hdf5::number(file, "n_spatial_dims", path));
    if (grid.dimensions < 1 || grid.dimensions > 3 || int(axes.size()) != grid.dimensions)
    {
        refuse("The data set's dimensions disagree", path, "1 to 3 @spatial_dims, as many as @n_spatial_dims",
            std::to_string(grid.dimensions) + " and (" + join(axes) + ")");
    }
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        if (grid.points) readCentres(group, axes[axis], axis);
        else readAxis(group, axes[axis], axis);
    }
    return axes;
}

void DatasetReader::Implementation::readCentres(hid_t group, const std::string& name, int axis)
{
    const std::string where = path + " dimensions/" + name;
    const Handle array = hdf5::openDataset(group, name, path);
    const std::vector<double> centres = hdf5::readAll(array, where);
    if (centres.empty()) refuse("A coordinate of the data set is empty", where, "one value a point", "none");
    if (axis == 0)
    {
        grid.cells[0] = int(centres.size());
        points.centres.resize(centres.size()*grid.dimensions);
        points.boundaries.assign(centres.size(), 0);
    }
    if (centres.size() != grid.nCells())
    {
        refuse("A coordinate of the data set is of another length", where, std::to_string(grid.nCells()),
            std::to_string(centres.size()));
    }
    for (std::size_t i = 0; i < centres.size(); ++i) points.centres[i*grid.dimensions + axis] = centres[i];
    readBounds(array, where, axis);
}

void DatasetReader::Implementation::readBounds(hid_t array, const std::string& where, int axis)
{
    const std::vector<double> bounds = hdf5::numbers(array, layout::boundsAttribute, where);
    if (bounds.size() != 2) refuse("A coordinate has not two bounds", where, "2", std::to_string(bounds.size()));
    grid.lower[axis] = bounds[0];
    grid.upper[axis] = bounds[1];
}

void DatasetReader::Implementation::readAxis(hid_t group, const std::string& name, int axis)
{
    const std::string where = path + " dimensions/" + name;
    const Handle array = hdf5::openDataset(group, name, path);
    const std::vector<double> centres = hdf5::readAll(array, where);
    const std::size_t n = centres.size();
    if (n == 0) refuse("A coordinate of the data set is empty", where, "one value a cell", "none");
    grid.cells[axis] = int(n);

    const double spacing = n > 1 ? (centres.back() - centres.front())/double(n - 1) : 1.0;
    for (std::size_t i = 1; i < n; ++i)
    {
        const double step = centres[i] - centres[i - 1];
        if (std::abs(step - spacing) > 1e-3*spacing + 1e-6*std::abs(centres[i]) || !(spacing > 0))
        {
            refuse("A coordinate of the data set is not uniform", where, "a spacing of " + std::to_string(spacing),
                std::to_string(step) + " at cell " + std::to_string(i));
        }
    }
    grid.lower[axis] = centres.front() - 0.5*spacing;
    grid.upper[axis] = centres.back() + 0.5*spacing;
    if (hdf5::hasAttribute(array, layout::boundsAttribute)) readBounds(array, where, axis);
}

void DatasetReader::Implementation::readBoundary(hid_t boundary, const std::vector<std::string>& axes)
{
    std::string type = hdf5::string(boundary, "bc_type", path);
    std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    const std::vector<std::string> dims = hdf5::strings(boundary, "associated_dims", path);

    for (const std::string& name : dims)
    {
        const auto axis = std::find(axes.begin(), axes.end(), name) - axes.begin();
        if (axis < grid.dimensions && type == "periodic") grid.periodic[axis] = true;
        if (grid.points) continue;

        // A mask along several axes is that of something inside the domain
        if (axis >= grid.dimensions || type != "wall" || dims.size() != 1) continue;
        const std::vector<double> mask = hdf5::readAll(hdf5::openDataset(boundary, "mask", path), path + " mask of " + name);
        if (mask.empty()) continue;
        if (mask.front() != 0) grid.walls[axis][0] = true;
        if (mask.back() != 0) grid.walls[axis][1] = true;
    }
    if (grid.points && type != "periodic") readPointBoundary(boundary, type);
}

void DatasetReader::Implementation::readPointBoundary(hid_t boundary, const std::string& type)
{
    const std::vector<std::string>& kinds = CellPoints::kinds();
    const auto kind = std::find(kinds.begin(), kinds.end(), type);
    const std::string where = path + " mask of boundary condition " + type;
    const std::vector<double> mask = hdf5::readAll(hdf5::openDataset(boundary, "mask", path), where);
    if (kind == kinds.end()) refuse("A boundary condition of points is of an unknown type", path, join(kinds), type);
    if (mask.size() != grid.nCells())
    {
        refuse("A mask is not one of the points", where, std::to_string(grid.nCells()), std::to_string(mask.size()));
    }
    for (std::size_t i = 0; i < mask.size(); ++i)
    {
        if (mask[i] != 0) points.boundaries[i] |= std::uint8_t(1u << (kind - kinds.begin()));
    }
}

void DatasetReader::Implementation::readBoundaries(const std::vector<std::string>& axes)
{
    const Handle group = hdf5::openGroup(file, "boundary_conditions", path);
    H5G_info_t info;
    hdf5::require(H5Gget_info(group, &info), "The boundary conditions cannot be read", path);
    for (hsize_t i = 0; i < info.nlinks; ++i)
    {
        const Handle boundary
        (
            H5Oopen_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT), H5Oclose,
            "A boundary condition cannot be opened", path
        );
        readBoundary(boundary, axes);
    }
}

void DatasetReader::Implementation::readTimes()
{
    const std::string where = path + " dimensions/time";
    const Handle array = hdf5::openDataset(hdf5::openGroup(file, "dimensions", path), "time", path);
    if (hdf5::flag(array, "sample_varying", where) || hdf5::shape(array).size() != 1)
    {
        refuse("The data set's times differ between trajectories", where, "one time axis for all",
            "shape " + describeShape(hdf5::shape(array)));
    }
    times = hdf5::readAll(array, where);
    const std::size_t n = times.size();

    if (hdf5::hasAttribute(array, layout::intervalAttribute))
    {
        interval = hdf5::number(array, layout::intervalAttribute, where);
        const double start = n > 0 ? hdf5::number(array, layout::startAttribute, where) : 0.0;
        for (std::size_t i = 0; i < n; ++i) times[i] = start + double(i)*interval;
        return;
    }
    if (n < 2) return;
    interval = (times.back() - times.front())/double(n - 1);
    for (std::size_t i = 1; i < n; ++i)
    {
        // float32 itself is only good to 1e-7 of the time
        const double tolerance = 1e-3*std::abs(interval) + 2.4e-7*std::abs(times[i]);
        if (!(interval > 0) || std::abs(times[i] - times[i - 1] - interval) > tolerance)
        {
            interval = 0;
            return;
        }
    }
}

bool DatasetReader::Implementation::hasWholeGrid(hid_t array, const std::string& name) const
{
    const std::vector<double> varying = hdf5::numbers(array, "dim_varying", path + " " + name);
    return std::all_of(varying.begin(), varying.end(), [](double value) { return value != 0; });
}

void DatasetReader::Implementation::requireShape(const Source& source, const std::string& name) const
{
    std::vector<hsize_t> expected;
    if (source.sampleVarying) expected.push_back(nTrajectories);
    if (source.timeVarying) expected.push_back(times.size());
    for (const hsize_t cells : layout::spatialShape(grid)) expected.push_back(cells);
    expected.insert(expected.end(), source.rank, grid.dimensions);

    std::vector<hsize_t> found = hdf5::shape(source.array);
    const std::vector<hsize_t> stored = found;
    // A run killed in the middle of an append leaves fields longer than the time axis
    const std::size_t timeAxis = source.sampleVarying;
    if (source.timeVarying && found.size() > timeAxis && found[timeAxis] > times.size()) found[timeAxis] = times.size();
    if (found != expected)
    {
        refuse("A field's shape disagrees with the data set's dimensions", path + " " + name, describeShape(expected),
            describeShape(stored));
    }
}

void DatasetReader::Implementation::readFields(int rank)
{
    const Handle group = hdf5::openGroup(file, layout::fieldGroups[rank], path);
    std::vector<Field> all = fields.all();
    for (const std::string& name : hdf5::strings(group, "field_names", path))
    {
        const std::string where = path + " " + layout::fieldGroups[rank] + "/" + name;
        Source source;
        source.array = hdf5::openDataset(group, name, path);
        if (!hasWholeGrid(source.array, name)) continue;
        source.rank = rank;
        source.components = rank == 0 ? 1 : rank == 1 ? grid.dimensions : grid.dimensions*grid.dimensions;
        source.sampleVarying = hdf5::flag(source.array, "sample_varying", where);
        source.timeVarying = hdf5::flag(source.array, "time_varying", where);
        requireShape(source, name);
        const bool reserved = name == layout::fluidField || name == layout::distanceField
            || (grid.points && name == layout::volumeField);
        if (rank == 0 && reserved && !source.sampleVarying && !source.timeVarying) continue;

        Field field{name, source.components, {}};
        if (hdf5::hasAttribute(source.array, layout::dimensionsAttribute))
        {
            const std::vector<double> exponents = hdf5::numbers(source.array, layout::dimensionsAttribute, where);
            if (exponents.size() != 7) refuse("A field has not seven dimensions", where, "7", std::to_string(exponents.size()));
            std::copy(exponents.begin(), exponents.end(), field.dimensions.begin());
        }
        all.push_back(field);
        sources.push_back(std::move(source));
    }
    fields = FieldList(all);
}

std::vector<double> DatasetReader::Implementation::readStatic(hid_t group, const char* name) const
{
    const Handle array = hdf5::openDataset(group, name, path);
    std::vector<float> file(grid.nCells());
    hdf5::require(H5Dread(array, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, file.data()),
        "The geometry cannot be read: the data set is truncated or otherwise damaged", path);
    std::vector<double> values(file.size());
    layout::fromFile(grid, 1, file.data(), values.data());
    return values;
}

void DatasetReader::Implementation::readGeometry()
{
    const Handle group = hdf5::openGroup(file, layout::fieldGroups[0], path);
    const std::vector<std::string> names = hdf5::strings(group, "field_names", path);
    const auto has = [&](const char* name)
    {
        // Of that name in another's file, but varying: a field
        return std::find(names.begin(), names.end(), name) != names.end() && !fields.contains(name);
    };
    if (grid.points && !has(layout::volumeField)) refuse("The points have no volumes", path, layout::volumeField, "none");
    if (!grid.points && !has(layout::fluidField)) return;

    auto found = std::make_shared<Geometry>();
    if (grid.points)
    {
        points.volumes = readStatic(group, layout::volumeField);
        points.check(grid, path);
        found->points = points;
        found->fluid.assign(grid.nCells(), 1);
    }
    else
    {
        found->fluid = readStatic(group, layout::fluidField);
    }
    found->distance = has(layout::distanceField)
      ? readStatic(group, layout::distanceField)
      : std::vector<double>(grid.nCells(), Geometry::noWall);
    geometry = found;
}

void DatasetReader::Implementation::readParameters()
{
    for (const std::string& name : hdf5::strings(file, "simulation_parameters", path))
    {
        const std::vector<double> values = hdf5::numbers(file, name, path);
        if (values.size() == 1) simulationParameters[name] = values[0];
    }
    if (hdf5::hasAttribute(file, layout::solverAttribute)) solver = hdf5::string(file, layout::solverAttribute, path);
    if (hdf5::hasAttribute(file, layout::digestAttribute)) caseDigest = hdf5::string(file, layout::digestAttribute, path);
}

const Source& DatasetReader::Implementation::source(const std::string& name) const
{
    for (std::size_t i = 0; i < fields.size(); ++i)
    {
        if (fields[i].name == name) return sources[i];
    }
    throw Error({"The data set has no field \"" + name + "\"", path, "", "", fields.names()});
}

void DatasetReader::Implementation::readField(const Source& source, std::size_t trajectory, std::size_t first,
    std::size_t count, float* out) const
{
    std::vector<hsize_t> offset, block;
    if (source.sampleVarying)
    {
        offset.push_back(trajectory);
        block.push_back(1);
    }
    if (source.timeVarying)
    {
        offset.push_back(first);
        block.push_back(count);
    }
    const std::vector<hsize_t> shape = hdf5::shape(source.array);
    block.insert(block.end(), shape.begin() + block.size(), shape.end());
    offset.resize(block.size(), 0);

    const Handle space(H5Dget_space(source.array), H5Sclose, "The array has no extent", path);
    const Handle memory(H5Screate_simple(int(block.size()), block.data(), nullptr), H5Sclose, "HDF5 makes no space", path);
    hdf5::require(H5Sselect_hyperslab(space, H5S_SELECT_SET, offset.data(), nullptr, block.data(), nullptr),
        "The snapshots cannot be selected", path);
    hdf5::require(H5Dread(source.array, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, out),
        "The snapshots cannot be read: the data set is truncated or otherwise damaged", path);

    // What does not change with time is the same in every snapshot
    const std::size_t size = source.components*grid.nCells();
    for (std::size_t i = 1; i < count && !source.timeVarying; ++i) std::copy_n(out, size, out + i*size);
}

DatasetReader::DatasetReader(const std::string& path)
:
    implementation_(new Implementation)
{
    const hdf5::Quiet quiet;
    Implementation& set = *implementation_;
    set.path = path;
    set.file = layout::openFile(path, false);
    set.readBoundaries(set.readGrid());
    set.grid.check(path);
    set.nTrajectories = std::size_t(hdf5::number(set.file, "n_trajectories", path));
    set.readTimes();
    for (int rank = 0; rank < 3; ++rank) set.readFields(rank);
    set.readGeometry();
    set.readParameters();
}

DatasetReader::~DatasetReader() = default;
DatasetReader::DatasetReader(DatasetReader&&) noexcept = default;

const std::string& DatasetReader::path() const { return implementation_->path; }
const Grid& DatasetReader::grid() const { return implementation_->grid; }
std::shared_ptr<const Geometry> DatasetReader::geometry() const { return implementation_->geometry; }
const FieldList& DatasetReader::fields() const { return implementation_->fields; }
std::size_t DatasetReader::nTrajectories() const { return implementation_->nTrajectories; }
std::size_t DatasetReader::nTimes() const { return implementation_->times.size(); }
const std::vector<double>& DatasetReader::times() const { return implementation_->times; }
const std::string& DatasetReader::solver() const { return implementation_->solver; }
const std::string& DatasetReader::caseDigest() const { return implementation_->caseDigest; }

const std::map<std::string, double>& DatasetReader::simulationParameters() const
{
    return implementation_->simulationParameters;
}

std::optional<std::size_t> DatasetReader::indexAt(double time) const
{
    const std::vector<double>& all = times();
    const auto near = std::min_element(all.begin(), all.end(), [time](double a, double b)
    {
        return std::abs(a - time) < std::abs(b - time);
    });
    const double tolerance = all.size() > 1 ? 0.01*interval() : 1e-6;
    if (near == all.end() || std::abs(*near - time) > tolerance) return {};
    return std::size_t(near - all.begin());
}

double DatasetReader::interval() const
{
    if (implementation_->interval > 0) return implementation_->interval;
    refuse("The data set's snapshots are not at a constant interval", path(), "a constant interval of at least two snapshots",
        std::to_string(nTimes()) + " snapshots");
}

State DatasetReader::read(std::size_t trajectory, std::size_t timeIndex) const
{
    return read(trajectory, timeIndex, fields().names());
}

State DatasetReader::read(std::size_t trajectory, std::size_t timeIndex, const std::vector<std::string>& names) const
{
    std::vector<Field> chosen;
    for (const std::string& name : names)
    {
        implementation_->source(name);
        chosen.push_back(fields().get(name));
    }
    State state(grid(), FieldList(chosen));
    std::vector<float> values(state.values.size());
    read(trajectory, timeIndex, 1, names, values.data());
    std::copy(values.begin(), values.end(), state.values.begin());
    state.time = times()[timeIndex];
    state.geometry = geometry();
    return state;
}

void DatasetReader::read(std::size_t trajectory, std::size_t first, std::size_t count,
    const std::vector<std::string>& names, float* out) const
{
    const hdf5::Quiet quiet;
    if (trajectory >= nTrajectories() || first + count > nTimes())
    {
        refuse("There are no such snapshots in the data set", path(),
            std::to_string(nTrajectories()) + " trajectories of " + std::to_string(nTimes()) + " snapshots",
            "trajectory " + std::to_string(trajectory) + ", snapshots " + std::to_string(first) + " to "
                + std::to_string(first + count));
    }
    const std::size_t n = grid().nCells();
    std::size_t channels = 0, offset = 0;
    for (const std::string& name : names) channels += implementation_->source(name).components;
    for (const std::string& name : names)
    {
        const Source& source = implementation_->source(name);
        const std::size_t size = source.components*n;
        std::vector<float> buffer(count*size);
        implementation_->readField(source, trajectory, first, count, buffer.data());
        for (std::size_t i = 0; i < count; ++i)
        {
            layout::fromFile(grid(), source.components, &buffer[i*size], out + (i*channels*n + offset));
        }
        offset += size;
    }
}

} // namespace surrogate
