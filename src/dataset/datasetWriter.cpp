#include "dataset/datasetWriter.h"

#include "dataset/datasetReader.h"
#include "dataset/layout.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace surrogate
{

using hdf5::Handle;

struct DatasetWriter::Implementation
{
    std::string path;
    Grid grid;
    FieldList fields;
    Info info;
    Handle file;
    Handle time;
    std::vector<Handle> arrays;   // in the order of fields
    std::size_t nTimes = 0;
    double start = 0;

    double timeOf(std::size_t index) const { return start + double(index)*info.interval; }

    void create();
    void writeDimensions();
    void writeBoundaryConditions();
    void writeScalars();
    void writeFields();
    Handle writeAxis(hid_t group, int axis) const;
    Handle writeCentres(hid_t group, int axis) const;
    void writeBoundary(hid_t group, const std::string& name, const std::vector<std::string>& axes, const std::string& type,
        const std::vector<bool>& mask) const;
    void writePointBoundaries(hid_t group) const;
    std::vector<std::string> writeGeometry(hid_t group) const;
    void open();
    void requireSame() const;
    void requireSameGeometry(const Geometry* old) const;
    void openArrays();
    void resize(std::size_t n);
    void requireNext(const State& state) const;
    void write(std::size_t index, const Field& field, hid_t array, const State* states) const;
    void append(const State* states);
    std::vector<hsize_t> extent(const Field& field, hsize_t nTimes) const;
    void flush() const { hdf5::require(H5Fflush(file, H5F_SCOPE_GLOBAL), "The data set cannot be written to disk", path); }
};

namespace
{

//- A float32 array that grows along the time axis, `chunk` stored together
Handle growing(hid_t parent, const std::string& name, std::vector<hsize_t> shape, std::size_t timeAxis,
    std::vector<hsize_t> chunk, const std::string& path)
{
    std::vector<hsize_t> most = shape;
    most[timeAxis] = H5S_UNLIMITED;
    const Handle space(H5Screate_simple(int(shape.size()), shape.data(), most.data()), H5Sclose, "HDF5 makes no space", path);
    const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "HDF5 makes no property list", path);
    hdf5::require(H5Pset_chunk(properties, int(chunk.size()), chunk.data()), "HDF5 refuses the chunk", path);
    return Handle
    (
        H5Dcreate2(parent, name.c_str(), H5T_IEEE_F32LE, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
        "The array \"" + name + "\" cannot be created", path
    );
}

void setVarying(hid_t object, bool sample, bool time)
{
    hdf5::setAttribute(object, "sample_varying", sample);
    hdf5::setAttribute(object, "time_varying", time);
}

std::string axisName(int axis)
{
    return std::string(1, "xyz"[axis]);
}

std::string describeField(const Field& field)
{
    return field.name + ", " + std::to_string(field.components) + " components, " + describeDimensions(field.dimensions);
}

std::vector<std::string> describeFields(const FieldList& fields)
{
    std::vector<std::string> lines;
    for (const Field& field : fields) lines.push_back(describeField(field));
    return lines;
}

std::vector<std::string> describeParameters(const std::map<std::string, double>& parameters)
{
    std::vector<std::string> words;
    for (const auto& [name, value] : parameters)
    {
        char text[32];
        std::snprintf(text, sizeof(text), " %.9g", value);
        words.push_back(name + text);
    }
    return words;
}

bool hasWalls(const Geometry& geometry)
{
    return std::any_of(geometry.distance.begin(), geometry.distance.end(), [](double d) { return d < Geometry::noWall; });
}

bool sameFields(const FieldList& a, const FieldList& b)
{
    if (a.size() != b.size()) return false;
    for (const Field& field : a)
    {
        if (!b.contains(field.name) || describeField(field) != describeField(b.get(field.name))) return false;
    }
    return true;
}

} // namespace

//- Axes of a field's array: trajectory, time, space, components
std::vector<hsize_t> DatasetWriter::Implementation::extent(const Field& field, hsize_t nTimes) const
{
    std::vector<hsize_t> shape{info.trajectories, nTimes};
    for (const hsize_t cells : layout::spatialShape(grid)) shape.push_back(cells);
    shape.insert(shape.end(), layout::rank(field, grid), grid.dimensions);
    return shape;
}

void DatasetWriter::Implementation::create()
{
    file = Handle(H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT), H5Fclose,
        "The data set cannot be created", path);
    std::vector<std::string> parameters;
    for (const auto& [name, value] : info.simulationParameters)
    {
        parameters.push_back(name);
        hdf5::setAttribute(file, name, value);
    }
    hdf5::setAttribute(file, "simulation_parameters", parameters);
    hdf5::setAttribute(file, "dataset_name", info.name);
    hdf5::setAttribute(file, "grid_type", layout::gridType(grid));
    hdf5::setAttribute(file, "n_spatial_dims", long(grid.dimensions));
    hdf5::setAttribute(file, "n_trajectories", long(info.trajectories));
    hdf5::setAttribute(file, layout::solverAttribute, info.solver);
    hdf5::setAttribute(file, layout::digestAttribute, info.caseDigest);
    writeDimensions();
    writeBoundaryConditions();
    writeScalars();
    writeFields();
    openArrays();
    flush();
}

void DatasetWriter::Implementation::writeDimensions()
{
    const Handle group = hdf5::createGroup(file, "dimensions", path);
    const Handle times = growing(group, "time", {0}, 0, {1024}, path);
    setVarying(times, false, true);
    hdf5::setAttribute(times, layout::intervalAttribute, info.interval);

    std::vector<std::string> names;
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        const Handle array = grid.points ? writeCentres(group, axis) : writeAxis(group, axis);
        setVarying(array, false, false);
        hdf5::setAttribute(array, layout::boundsAttribute, std::vector<double>{grid.lower[axis], grid.upper[axis]});
        names.push_back(axisName(axis));
    }
    hdf5::setAttribute(group, "spatial_dims", names);
}

Handle DatasetWriter::Implementation::writeAxis(hid_t group, int axis) const
{
    std::vector<float> centres;
    for (int i = 0; i < grid.cells[axis]; ++i)
    {
        centres.push_back(float(grid.lower[axis] + (i + 0.5)*grid.spacing(axis)));
    }
    return hdf5::writeNumbers(group, axisName(axis), {centres.size()}, centres, path);
}

Handle DatasetWriter::Implementation::writeCentres(hid_t group, int axis) const
{
    std::vector<double> centres;
    for (std::size_t i = 0; i < grid.nCells(); ++i) centres.push_back(info.geometry->points->centres[i*grid.dimensions + axis]);
    return hdf5::writeNumbers(group, axisName(axis), {centres.size()}, centres, path);
}

void DatasetWriter::Implementation::writeBoundary(hid_t group, const std::string& name, const std::vector<std::string>& axes,
    const std::string& type, const std::vector<bool>& mask) const
{
    const std::size_t n = std::count(mask.begin(), mask.end(), true);
    const Handle boundary = hdf5::createGroup(group, name, path);
    hdf5::setAttribute(boundary, "associated_dims", axes);
    hdf5::setAttribute(boundary, "associated_fields", std::vector<std::string>{});
    hdf5::setAttribute(boundary, "bc_type", type);
    setVarying(boundary, false, false);
    hdf5::writeFlags(boundary, "mask", mask, path);
    hdf5::writeNumbers(boundary, "values", {n}, std::vector<float>(n, 0.0f), path);
}

void DatasetWriter::Implementation::writePointBoundaries(hid_t group) const
{
    std::vector<std::string> axes;
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        axes.push_back(axisName(axis));
        if (!grid.periodic[axis]) continue;
        writeBoundary(group, axisName(axis) + "_periodic", {axisName(axis)}, "periodic", std::vector<bool>(grid.nCells(), false));
    }
    const std::vector<std::string>& kinds = CellPoints::kinds();
    for (std::size_t k = 0; k < kinds.size(); ++k)
    {
        std::vector<bool> mask;
        for (const std::uint8_t bits : info.geometry->points->boundaries) mask.push_back(bits >> k & 1);
        if (std::find(mask.begin(), mask.end(), true) != mask.end()) writeBoundary(group, kinds[k], axes, kinds[k], mask);
    }
}

void DatasetWriter::Implementation::writeBoundaryConditions()
{
    const Handle group = hdf5::createGroup(file, "boundary_conditions", path);
    if (grid.points) return writePointBoundaries(group);
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        const auto type = [&](int side) { return grid.periodic[axis] ? "periodic" : grid.walls[axis][side] ? "wall" : "open"; };
        for (const std::string name : {"periodic", "wall", "open"})
        {
            std::vector<bool> mask(grid.cells[axis], false);
            if (type(0) == name) mask.front() = true;
            if (type(1) == name) mask.back() = true;
            if (std::find(mask.begin(), mask.end(), true) == mask.end()) continue;
            writeBoundary(group, axisName(axis) + "_" + name, {axisName(axis)}, name, mask);
        }
    }
}

void DatasetWriter::Implementation::writeScalars()
{
    const Handle group = hdf5::createGroup(file, "scalars", path);
    std::vector<std::string> names;
    for (const auto& [name, value] : info.simulationParameters)
    {
        setVarying(hdf5::writeNumbers(group, name, {}, std::vector<float>{float(value)}, path), false, false);
        names.push_back(name);
    }
    hdf5::setAttribute(group, "field_names", names);
}

void DatasetWriter::Implementation::writeFields()
{
    for (int rank = 0; rank < 3; ++rank)
    {
        const Handle group = hdf5::createGroup(file, layout::fieldGroups[rank], path);
        std::vector<std::string> names;
        if (rank == 0 && info.geometry) names = writeGeometry(group);
        for (const Field& field : fields)
        {
            if (layout::rank(field, grid) != rank) continue;
            names.push_back(field.name);
            std::vector<hsize_t> chunk = extent(field, 1);
            chunk[0] = 1;
            const Handle array = growing(group, field.name, extent(field, 0), 1, chunk, path);
            setVarying(array, true, true);
            hdf5::setAttribute(array, "dim_varying", std::vector<bool>(layout::spatialShape(grid).size(), true));
            hdf5::setAttribute(array, layout::dimensionsAttribute,
                std::vector<double>(field.dimensions.begin(), field.dimensions.end()));
            if (rank == 2)
            {
                hdf5::setAttribute(array, "symmetric", false);
                hdf5::setAttribute(array, "antisymmetric", false);
            }
        }
        hdf5::setAttribute(group, "field_names", names);
    }
}

std::vector<std::string> DatasetWriter::Implementation::writeGeometry(hid_t group) const
{
    const std::vector<hsize_t> shape = layout::spatialShape(grid);
    std::vector<std::string> names;
    const auto write = [&](const char* name, const std::vector<double>& values, double metres)
    {
        std::vector<float> buffer(values.size());
        layout::toFile(grid, 1, values.data(), buffer.data());
        const Handle array = hdf5::writeNumbers(group, name, shape, buffer, path);
        setVarying(array, false, false);
        hdf5::setAttribute(array, "dim_varying", std::vector<bool>(shape.size(), true));
        hdf5::setAttribute(array, layout::dimensionsAttribute, std::vector<double>{0, metres, 0, 0, 0, 0, 0});
        names.push_back(name);
    };
    if (grid.points) write(layout::volumeField, info.geometry->points->volumes, grid.dimensions);
    else write(layout::fluidField, info.geometry->fluid, 0);
    if (hasWalls(*info.geometry)) write(layout::distanceField, info.geometry->distance, 1);
    return names;
}

void DatasetWriter::Implementation::openArrays()
{
    time = hdf5::openDataset(hdf5::openGroup(file, "dimensions", path), "time", path);
    for (const Field& field : fields)
    {
        const Handle group = hdf5::openGroup(file, layout::fieldGroups[layout::rank(field, grid)], path);
        arrays.push_back(hdf5::openDataset(group, field.name, path));
    }
}

void DatasetWriter::Implementation::requireSame() const
{
    const DatasetReader old(path);
    const auto refuse = [this](const std::string& what, const std::string& expected, const std::string& found)
    {
        throw Error({"The existing data set has other " + what + " than this run", path, expected, found, {}});
    };
    if (old.nTrajectories() != info.trajectories)
    {
        refuse("trajectories", std::to_string(info.trajectories), std::to_string(old.nTrajectories()));
    }
    if (!old.grid().matches(grid)) refuse("cells", grid.describe(), old.grid().describe());
    if (!sameFields(old.fields(), fields))
    {
        refuse("fields", join(describeFields(fields), "; "), join(describeFields(old.fields()), "; "));
    }
    requireSameGeometry(old.geometry().get());
    if (std::abs(old.interval() - info.interval) > 1e-6*info.interval)
    {
        refuse("intervals", std::to_string(info.interval), std::to_string(old.interval()));
    }
    const auto expected = describeParameters(info.simulationParameters);
    const auto found = describeParameters(old.simulationParameters());
    if (expected != found) refuse("simulation parameters", join(expected), join(found));
}

void DatasetWriter::Implementation::requireSameGeometry(const Geometry* old) const
{
    if (!info.geometry) return;
    const Geometry& now = *info.geometry;
    if (grid.points)
    {
        // float32 in the file, but for the centres
        Geometry before = *old;
        for (std::size_t i = 0; i < before.distance.size(); ++i)
        {
            if (std::abs(before.distance[i] - now.distance[i]) <= 1e-5*std::abs(now.distance[i])) before.distance[i] = now.distance[i];
        }
        const double apart = difference(&before, &now, grid);
        if (apart <= 1e-5) return;
        throw Error({"The existing data set is of other cells than this run", path,
            "the same centres, volumes, wall distances and boundaries", "differences up to " + std::to_string(apart) + " cells", {}});
    }
    const auto refuse = [this](const char* name, std::size_t cell, double expected, double found)
    {
        throw Error({"The existing data set has another geometry than this run", path,
            std::string(name) + " " + std::to_string(expected) + " in grid cell " + std::to_string(cell),
            std::to_string(found), {}});
    };
    // float32 in the file; lengths against the extent of the grid
    const double extent = grid.upper[0] - grid.lower[0];
    for (std::size_t i = 0; i < grid.nCells(); ++i)
    {
        const double fluid = old ? old->fluid[i] : 1;
        if (std::abs(fluid - now.fluid[i]) > 1e-5) refuse(layout::fluidField, i, now.fluid[i], fluid);
        if (!old) continue;
        const double distance = old->distance[i];
        const double tolerance = 1e-5*(extent + std::abs(now.distance[i]));
        if (std::abs(distance - now.distance[i]) > tolerance) refuse(layout::distanceField, i, now.distance[i], distance);
    }
}

void DatasetWriter::Implementation::open()
{
    requireSame();
    file = layout::openFile(path, true);
    openArrays();
    nTimes = hdf5::shape(time)[0];
    if (nTimes > 0) start = hdf5::number(time, layout::startAttribute, path);
    // A run killed between two writes of one append leaves fields longer than the time axis
    resize(nTimes);
}

void DatasetWriter::Implementation::resize(std::size_t n)
{
    const std::string failure = "The data set cannot be resized";
    for (std::size_t i = 0; i < fields.size(); ++i)
    {
        hdf5::require(H5Dset_extent(arrays[i], extent(fields[i], n).data()), failure, path);
    }
    const hsize_t length = n;
    hdf5::require(H5Dset_extent(time, &length), failure, path);
    nTimes = n;
}

void DatasetWriter::Implementation::write(std::size_t index, const Field& field, hid_t array, const State* states) const
{
    const std::size_t size = field.components*grid.nCells();
    std::vector<float> buffer(info.trajectories*size);
    for (std::size_t i = 0; i < info.trajectories; ++i)
    {
        layout::toFile(grid, field.components, states[i].field(field.name), buffer.data() + i*size);
    }

    const std::vector<hsize_t> block = extent(field, 1);
    std::vector<hsize_t> first(block.size(), 0);
    first[1] = index;
    const Handle memory(H5Screate_simple(int(block.size()), block.data(), nullptr), H5Sclose, "HDF5 makes no space", path);
    const Handle space(H5Dget_space(array), H5Sclose, "The array has no extent", path);
    hdf5::require(H5Sselect_hyperslab(space, H5S_SELECT_SET, first.data(), nullptr, block.data(), nullptr),
        "The snapshot has no place in the array", path);
    hdf5::require(H5Dwrite(array, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, buffer.data()),
        "The snapshot of " + field.name + " cannot be written", path);
}

void DatasetWriter::Implementation::requireNext(const State& state) const
{
    if (!state.grid.matches(grid))
    {
        throw Error({"The snapshot is on another grid than the data set", path, grid.describe(), state.grid.describe(), {}});
    }
    if (!sameFields(state.fields, fields))
    {
        throw Error({"The snapshot has other fields than the data set", path, join(describeFields(fields), "; "),
            join(describeFields(state.fields), "; "), {}});
    }
    state.requireFinite("snapshot for " + path);
    const double expected = timeOf(nTimes);
    if (nTimes > 0 && std::abs(state.time - expected) > 1e-3*info.interval)
    {
        throw Error({"The snapshot does not follow the last one of the data set", path, "time " + std::to_string(expected),
            "time " + std::to_string(state.time), {}});
    }
}

void DatasetWriter::Implementation::append(const State* states)
{
    if (nTimes == 0)
    {
        start = states->time;
        hdf5::setAttribute(time, layout::startAttribute, start);
    }

    const std::size_t index = nTimes;
    resize(index + 1);
    for (std::size_t i = 0; i < fields.size(); ++i) write(index, fields[i], arrays[i], states);
    const hsize_t first = index, one = 1;
    const Handle memory(H5Screate_simple(1, &one, nullptr), H5Sclose, "HDF5 makes no space", path);
    const Handle space(H5Dget_space(time), H5Sclose, "The array has no extent", path);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, nullptr, &one, nullptr);
    hdf5::require(H5Dwrite(time, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &states->time),
        "The time cannot be written", path);
    flush();
}

DatasetWriter::DatasetWriter(const std::string& path, const Grid& grid, const FieldList& fields, const Info& info)
:
    implementation_(new Implementation)
{
    const hdf5::Quiet quiet;
    grid.check(path);
    for (const Field& field : fields) layout::rank(field, grid);
    if (info.geometry
     && (info.geometry->fluid.size() != grid.nCells() || info.geometry->distance.size() != grid.nCells()))
    {
        throw Error({"The geometry is not that of the grid", path, std::to_string(grid.nCells()) + " cells",
            std::to_string(info.geometry->fluid.size()) + " and " + std::to_string(info.geometry->distance.size()), {}});
    }
    if (grid.points)
    {
        if (!info.geometry || !info.geometry->points)
        {
            throw Error({"A data set of points needs their geometry", path, "centres, volumes and boundaries", "none", {}});
        }
        info.geometry->points->check(grid, path);
    }
    for (const char* name : {layout::fluidField, layout::distanceField, layout::volumeField})
    {
        if (fields.contains(name))
        {
            throw Error({"The name of a field belongs to the data set's geometry", path, "another name", name, {}});
        }
    }
    if (info.trajectories == 0)
    {
        throw Error({"A data set needs a trajectory", path, "1 or more", "0", {}});
    }
    if (!(info.interval > 0))
    {
        throw Error({"Not a valid interval", path, "a time above 0", std::to_string(info.interval), {}});
    }
    implementation_->path = path;
    implementation_->grid = grid;
    implementation_->fields = fields;
    implementation_->info = info;
    if (std::filesystem::exists(path)) implementation_->open();
    else implementation_->create();
}

DatasetWriter::~DatasetWriter() = default;
DatasetWriter::DatasetWriter(DatasetWriter&&) noexcept = default;

std::size_t DatasetWriter::nTimes() const
{
    return implementation_->nTimes;
}

double DatasetWriter::lastTime() const
{
    if (nTimes() == 0) throw Error({"The data set has no snapshot yet", implementation_->path, "", "", {}});
    return implementation_->timeOf(nTimes() - 1);
}

void DatasetWriter::truncateAfter(double time)
{
    const hdf5::Quiet quiet;
    std::size_t n = nTimes();
    while (n > 0 && implementation_->timeOf(n - 1) > time + 1e-3*implementation_->info.interval) --n;
    if (n == nTimes()) return;
    implementation_->resize(n);
    implementation_->flush();
}

void DatasetWriter::append(const State& state)
{
    append(std::vector<State>{state});
}

void DatasetWriter::append(const std::vector<State>& states)
{
    const hdf5::Quiet quiet;
    if (states.size() != implementation_->info.trajectories)
    {
        throw Error({"The snapshot has another number of trajectories than the data set", implementation_->path,
            std::to_string(implementation_->info.trajectories), std::to_string(states.size()), {}});
    }
    for (const State& state : states) implementation_->requireNext(state);
    implementation_->append(states.data());
}

} // namespace surrogate
