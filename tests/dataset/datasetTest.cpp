#include "core/refusal.h"
#include "core/scratch.h"
#include "dataset/datasetReader.h"
#include "dataset/datasetWriter.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

namespace fs = std::filesystem;

namespace surrogate
{
namespace
{

Grid grid2()
{
    Grid grid;
    grid.dimensions = 2;
    grid.cells = {{6, 4, 1}};
    grid.lower = {{-1, 2, 0}};
    grid.upper = {{5, 4, 1}};
    grid.periodic = {{true, false, false}};
    grid.walls[1] = {{true, false}};
    return grid;
}

Grid grid3()
{
    Grid grid = grid2();
    grid.dimensions = 3;
    grid.cells[2] = 3;
    grid.upper[2] = 0.5;
    return grid;
}

FieldList velocityAndPressure(const Grid& grid)
{
    return FieldList({{"U", grid.dimensions, {{0, 1, -1, 0, 0, 0, 0}}}, {"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}});
}

//- A value that tells snapshot, field, component and cell apart, and that float32 holds exactly
double value(int snapshot, int channel, int x, int y, int z)
{
    return snapshot + 0.5*channel + 4*x + 32*y + 128*z;
}

State snapshot(const Grid& grid, int index, double time)
{
    State state(grid, velocityAndPressure(grid), time);
    for (int c = 0; c < state.fields.nChannels(); ++c)
        for (int z = 0; z < grid.cells[2]; ++z)
            for (int y = 0; y < grid.cells[1]; ++y)
                for (int x = 0; x < grid.cells[0]; ++x)
                    state.channel(c)[grid.index(x, y, z)] = value(index, c, x, y, z);
    return state;
}

DatasetWriter::Info information()
{
    DatasetWriter::Info info;
    info.name = "test";
    info.simulationParameters = {{"nu", 0.01}, {"drag", 0.1}};
    info.solver = "pimpleFoam";
    info.caseDigest = "0123abcd";
    info.interval = 0.1;
    return info;
}

//- Differs from cell to cell along each axis; float32 holds it exactly
std::shared_ptr<Geometry> geometryOf(const Grid& grid)
{
    auto geometry = std::make_shared<Geometry>();
    for (std::size_t i = 0; i < grid.nCells(); ++i)
    {
        geometry->fluid.push_back(double(i)/128);
        geometry->distance.push_back(double(i) - 3);
    }
    return geometry;
}

class Dataset : public testing::Test
{
protected:

    DatasetWriter writer(const Grid& grid) const
    {
        return DatasetWriter(path_, grid, velocityAndPressure(grid), information());
    }

    //- n snapshots from time 3
    void record(const Grid& grid, int n) const
    {
        DatasetWriter set = writer(grid);
        for (int i = 0; i < n; ++i) set.append(snapshot(grid, i, 3 + 0.1*i));
    }

    Scratch folder_;
    const std::string path_ = folder_/"set.h5";
};

TEST_F(Dataset, holdsSeveralTrajectories)
{
    DatasetWriter::Info info = information();
    info.trajectories = 3;
    for (const Grid& grid : {grid2(), grid3()})
    {
        fs::remove(path_);
        DatasetWriter set(path_, grid, velocityAndPressure(grid), info);
        for (int i = 0; i < 2; ++i)
        {
            std::vector<State> states;
            for (int trajectory = 0; trajectory < 3; ++trajectory)
            {
                states.push_back(snapshot(grid, 10*trajectory + i, 3 + 0.1*i));
            }
            set.append(states);
        }
        expectRefusal([&] { set.append(snapshot(grid, 2, 3.2)); }, {"number of trajectories", path_, "expected: 3", "found:    1"});

        const DatasetReader reader(path_);
        ASSERT_EQ(reader.nTrajectories(), 3u);
        ASSERT_EQ(reader.nTimes(), 2u);
        for (int trajectory = 0; trajectory < 3; ++trajectory)
        {
            for (int i = 0; i < 2; ++i)
            {
                const State state = reader.read(trajectory, i), expected = snapshot(grid, 10*trajectory + i, 3);
                for (const char* name : {"p", "U"})
                {
                    const std::size_t n = expected.fields.get(name).components*grid.nCells();
                    EXPECT_TRUE(std::equal(state.field(name), state.field(name) + n, expected.field(name)))
                        << name << " of trajectory " << trajectory << ", snapshot " << i;
                }
            }
        }
    }
    expectRefusal([&] { writer(grid3()); }, {"trajectories", path_, "expected: 1", "found:    3"});
}

TEST_F(Dataset, givesBackWhatWasAppended)
{
    for (const Grid& grid : {grid2(), grid3()})
    {
        fs::remove(path_);
        record(grid, 3);
        const DatasetReader reader(path_);
        EXPECT_TRUE(reader.grid().matches(grid)) << reader.grid().describe();
        EXPECT_EQ(reader.nTrajectories(), 1u);
        ASSERT_EQ(reader.nTimes(), 3u);
        EXPECT_DOUBLE_EQ(reader.interval(), 0.1);
        EXPECT_DOUBLE_EQ(reader.times()[2], 3.2);
        EXPECT_EQ(reader.fields().names(), (std::vector<std::string>{"p", "U"}));
        EXPECT_EQ(reader.fields().get("U").dimensions, velocityAndPressure(grid).get("U").dimensions);
        EXPECT_EQ(reader.simulationParameters(), information().simulationParameters);
        EXPECT_EQ(reader.solver(), "pimpleFoam");
        EXPECT_EQ(reader.caseDigest(), "0123abcd");

        const State expected = snapshot(grid, 1, 3.1);
        const State found = reader.read(0, 1, {"U", "p"});
        EXPECT_EQ(found.values, expected.values);
        EXPECT_DOUBLE_EQ(found.time, 3.1);
    }
}

TEST_F(Dataset, givesBackWallsOfEachSide)
{
    for (int sides = 0; sides < 4; ++sides)
    {
        fs::remove(path_);
        Grid grid = grid2();
        grid.walls[1] = {{(sides & 1) != 0, (sides & 2) != 0}};
        record(grid, 1);
        EXPECT_EQ(DatasetReader(path_).grid().walls, grid.walls) << grid.describe();
        EXPECT_EQ(DatasetReader(path_).grid().periodic, grid.periodic);
    }
}

TEST_F(Dataset, givesBackTheGeometry)
{
    for (const Grid& grid : {grid2(), grid3()})
    {
        fs::remove(path_);
        record(grid, 1);
        EXPECT_EQ(DatasetReader(path_).geometry(), nullptr);
        EXPECT_EQ(DatasetReader(path_).read(0, 0).geometry, nullptr);

        fs::remove(path_);
        DatasetWriter::Info info = information();
        info.geometry = geometryOf(grid);
        DatasetWriter(path_, grid, velocityAndPressure(grid), info).append(snapshot(grid, 0, 3));
        const DatasetReader reader(path_);
        ASSERT_NE(reader.geometry(), nullptr);
        EXPECT_EQ(reader.geometry()->fluid, info.geometry->fluid);
        EXPECT_EQ(reader.geometry()->distance, info.geometry->distance);
        EXPECT_EQ(reader.fields().names(), (std::vector<std::string>{"p", "U"})) << "the geometry is no field";
        EXPECT_EQ(reader.read(0, 0).geometry, reader.geometry());
    }
}

TEST_F(Dataset, tellsThatThereIsNoWall)
{
    const Grid grid = grid2();
    DatasetWriter::Info info = information();
    auto geometry = geometryOf(grid);
    geometry->distance.assign(grid.nCells(), Geometry::noWall);
    info.geometry = geometry;
    DatasetWriter(path_, grid, velocityAndPressure(grid), info).append(snapshot(grid, 0, 3));
    EXPECT_EQ(DatasetReader(path_).geometry()->distance, geometry->distance);
}

TEST_F(Dataset, refusesAnotherGeometry)
{
    const Grid grid = grid2();
    DatasetWriter::Info info = information();
    const auto reopen = [&] { DatasetWriter(path_, grid, velocityAndPressure(grid), info); };
    record(grid, 1);
    auto fluidAlone = geometryOf(grid);
    fluidAlone->fluid.assign(grid.nCells(), 1);
    info.geometry = fluidAlone;
    EXPECT_NO_THROW(reopen()) << "a data set from before there was geometry";
    info.geometry = geometryOf(grid);
    expectRefusal(reopen, {"another geometry", "fluidFraction", "grid cell 0", path_});

    fs::remove(path_);
    reopen();
    EXPECT_NO_THROW(reopen());
    auto moved = geometryOf(grid);
    moved->distance[5] += 0.01;
    info.geometry = moved;
    expectRefusal(reopen, {"another geometry", "wallDistance", "grid cell 5", path_});
    moved->distance.pop_back();
    expectRefusal(reopen, {"not that of the grid", "24 cells", "23"});
    info.geometry = nullptr;
    expectRefusal([&] { DatasetWriter(folder_/"x.h5", grid, FieldList({{"wallDistance", 1, {}}}), info); },
        {"belongs to the data set's geometry", "wallDistance"});
}

TEST_F(Dataset, findsASnapshotByItsTime)
{
    record(grid2(), 4);
    const DatasetReader reader(path_);
    EXPECT_EQ(reader.indexAt(3), 0u);
    EXPECT_EQ(reader.indexAt(3.2005), 2u);
    EXPECT_FALSE(reader.indexAt(3.25));
    EXPECT_FALSE(reader.indexAt(3.4));
}

TEST_F(Dataset, readsManySnapshotsAtOnceInTheOrderAsked)
{
    const Grid grid = grid2();
    record(grid, 4);
    std::vector<float> values(2*3*grid.nCells());
    DatasetReader(path_).read(0, 2, 2, {"p", "U"}, values.data());
    const std::size_t n = grid.nCells(), cell = grid.index(5, 3);
    EXPECT_FLOAT_EQ(values[cell], value(2, 2, 5, 3, 0));
    EXPECT_FLOAT_EQ(values[n + cell], value(2, 0, 5, 3, 0));
    EXPECT_FLOAT_EQ(values[2*n + cell], value(2, 1, 5, 3, 0));
    EXPECT_FLOAT_EQ(values[3*n + cell], value(3, 2, 5, 3, 0));
}

TEST_F(Dataset, goesOnAfterARestartWithoutDuplicateOrGap)
{
    const Grid grid = grid2();
    record(grid, 5);
    DatasetWriter set = writer(grid);
    EXPECT_EQ(set.nTimes(), 5u);
    EXPECT_DOUBLE_EQ(set.lastTime(), 3.4);
    set.truncateAfter(3.299);
    EXPECT_DOUBLE_EQ(set.lastTime(), 3.2);
    expectRefusal([&] { set.append(snapshot(grid, 9, 3.4)); }, {"does not follow", "3.3", "3.4"});
    set.append(snapshot(grid, 7, 3.3));

    const DatasetReader reader(path_);
    ASSERT_EQ(reader.nTimes(), 4u);
    EXPECT_DOUBLE_EQ(reader.read(0, 2).field("p")[0], value(2, 2, 0, 0, 0));
    EXPECT_DOUBLE_EQ(reader.read(0, 3).field("p")[0], value(7, 2, 0, 0, 0));
}

TEST_F(Dataset, startsAnewWhenTruncatedToNothing)
{
    const Grid grid = grid2();
    record(grid, 2);
    DatasetWriter set = writer(grid);
    set.truncateAfter(0);
    EXPECT_EQ(set.nTimes(), 0u);
    expectRefusal([&] { set.lastTime(); }, {"no snapshot", path_});
    set.append(snapshot(grid, 0, 10));
    EXPECT_DOUBLE_EQ(DatasetReader(path_).times().at(0), 10);
}

TEST_F(Dataset, keepsExactTimesOverALongRun)
{
    const Grid grid = grid2();
    DatasetWriter set = writer(grid);
    set.append(snapshot(grid, 0, 54321));
    set.append(snapshot(grid, 1, 54321.1));
    EXPECT_DOUBLE_EQ(DatasetReader(path_).times()[1], 54321.1);
}

TEST_F(Dataset, isReadableAfterTheRecorderWasKilled)
{
    const Grid grid = grid2();
    const pid_t child = fork();
    if (child == 0)
    {
        DatasetWriter set = writer(grid);
        for (int i = 0; i < 7; ++i) set.append(snapshot(grid, i, 3 + 0.1*i));
        ::kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(DatasetReader(path_).nTimes(), 7u);
    EXPECT_DOUBLE_EQ(DatasetReader(path_).read(0, 6).field("p")[0], value(6, 2, 0, 0, 0));
    DatasetWriter set = writer(grid);
    set.append(snapshot(grid, 7, 3.7));
    EXPECT_EQ(DatasetReader(path_).nTimes(), 8u) << "while the recorder still has it open";
}

TEST_F(Dataset, isInTheWellsLayout)
{
    if (std::system("/usr/bin/python3 -c 'import h5py' 2>/dev/null") != 0) GTEST_SKIP() << "no h5py for /usr/bin/python3";
    for (const Grid& grid : {grid2(), grid3()})
    {
        fs::remove(path_);
        DatasetWriter::Info info = information();
        info.geometry = geometryOf(grid);
        DatasetWriter(path_, grid, velocityAndPressure(grid), info);
        record(grid, 3);
        const int z = grid.cells[2] - 1;
        const auto claim = [&](const std::string& field, int component, int channel)
        {
            return " " + field + " 2 5 1 " + std::to_string(z) + " " + std::to_string(component) + " "
                + std::to_string(value(2, channel, 5, 1, z));
        };
        const std::string claims = claim("U", 1, 1) + claim("p", 0, grid.dimensions);
        const std::string command = "/usr/bin/python3 " CHECK_WELL_LAYOUT " " + path_;
        EXPECT_EQ(std::system((command + claims).c_str()), 0) << claims;
        EXPECT_NE(std::system((command + " p 2 5 1 0 0 -1 2>/dev/null").c_str()), 0) << "the check finds nothing";
    }
}

TEST_F(Dataset, refusesToGoOnWithAnotherSetUp)
{
    const Grid grid = grid2();
    record(grid, 1);
    Grid finer = grid;
    finer.cells[0] = 12;
    expectRefusal([&] { writer(finer); }, {"other cells", "12 x 4", "6 x 4", path_});

    DatasetWriter::Info info = information();
    info.interval = 0.2;
    const auto reopen = [&](const FieldList& fields) { DatasetWriter(path_, grid, fields, info); };
    expectRefusal([&] { reopen(velocityAndPressure(grid)); }, {"other intervals", "0.2", "0.1"});
    info = information();
    info.simulationParameters["nu"] = 0.02;
    expectRefusal([&] { reopen(velocityAndPressure(grid)); }, {"other simulation parameters", "nu 0.02", "nu 0.01"});
    info = information();
    expectRefusal([&] { reopen(FieldList({{"T", 1, {}}})); }, {"other fields", "T, 1", "p, 1"});
    FieldList otherUnits({{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}, {"p", 1, {{1, -1, -2, 0, 0, 0, 0}}}});
    expectRefusal([&] { reopen(otherUnits); }, {"other fields", "[1 -1 -2 0 0 0 0]", "[0 2 -2 0 0 0 0]"});
}

TEST_F(Dataset, refusesASnapshotThatDoesNotFit)
{
    const Grid grid = grid2();
    DatasetWriter set = writer(grid);
    State state = snapshot(grid, 0, 3);
    state.values[7] = std::numeric_limits<double>::quiet_NaN();
    expectRefusal([&] { set.append(state); }, {"not finite", "field U", "grid cell 7", "NaN"});
    EXPECT_EQ(set.nTimes(), 0u);
    expectRefusal([&] { set.append(State(grid, FieldList({{"T", 1, {}}}))); }, {"other fields", "T, 1", path_});
    expectRefusal([&] { set.append(snapshot(grid3(), 0, 3)); }, {"another grid", "6 x 4 cells", "6 x 4 x 3 cells"});
    const FieldList odd({{"odd", 3, {}}});
    expectRefusal([&] { DatasetWriter(folder_/"odd.h5", grid, odd, information()); },
        {"no place", "field odd", "1, 2 or 4", "3"});
}

TEST_F(Dataset, saysWhatIsWrongWithAFile)
{
    const auto open = [&] { DatasetReader reader(path_); };
    expectRefusal(open, {"no such data set", path_});
    std::ofstream(path_) << "not HDF5";
    expectRefusal(open, {"not a data set", "HDF5", path_});
    fs::remove(path_);
    record(grid2(), 3);
    fs::resize_file(path_, fs::file_size(path_)/2);
    expectRefusal(open, {"truncated", path_});
}

TEST_F(Dataset, saysWhichSnapshotOrFieldIsMissing)
{
    record(grid2(), 2);
    const DatasetReader reader(path_);
    expectRefusal([&] { reader.read(0, 2); }, {"no such snapshots", "2 snapshots", "snapshots 2 to 3"});
    expectRefusal([&] { reader.read(0, 0, {"T"}); }, {"no field \"T\"", "p, U"});
}

//- 7 points in 2 or 3 dimensions
State pointSnapshot(int dimensions, int index, double time)
{
    Grid grid;
    grid.dimensions = dimensions;
    grid.points = true;
    grid.cells[0] = 7;
    grid.lower = {{-1, 2, 0}};
    grid.upper = {{5, 4, 1}};
    grid.periodic[1] = true;
    State state(grid, velocityAndPressure(grid), time);
    for (int c = 0; c < state.fields.nChannels(); ++c)
    {
        for (int i = 0; i < 7; ++i) state.channel(c)[i] = value(index, c, i, 0, 0);
    }
    auto geometry = std::make_shared<Geometry>();
    CellPoints points;
    for (int i = 0; i < 7; ++i)
    {
        for (int axis = 0; axis < dimensions; ++axis) points.centres.push_back(1.0/3 + i + 10*axis);   // no float32
        points.volumes.push_back(0.5*(i + 1));
        points.boundaries.push_back(std::uint8_t(i == 0 ? 3 : i == 6 ? 8 : 0));
        geometry->distance.push_back(0.25*i);
    }
    geometry->fluid.assign(7, 1);
    geometry->points = points;
    state.geometry = geometry;
    return state;
}

DatasetWriter::Info pointInformation(const State& state)
{
    DatasetWriter::Info info = information();
    info.geometry = state.geometry;
    return info;
}

TEST_F(Dataset, keepsPointsOfAMesh)
{
    for (const int dimensions : {2, 3})
    {
        const std::string path = folder_/("points" + std::to_string(dimensions) + ".h5");
        const State first = pointSnapshot(dimensions, 0, 0);
        {
            DatasetWriter set(path, first.grid, first.fields, pointInformation(first));
            set.append(first);
        }
        {
            DatasetWriter again(path, first.grid, first.fields, pointInformation(first));
            again.append(pointSnapshot(dimensions, 1, again.lastTime() + pointInformation(first).interval));
        }
        const DatasetReader reader(path);
        EXPECT_TRUE(reader.grid().matches(first.grid)) << reader.grid().describe();
        EXPECT_EQ(reader.nTimes(), 2u);
        EXPECT_EQ(reader.fields().size(), 2u);   // volumes and distances are no fields
        const State read = reader.read(0, 1, {"U", "p"});
        EXPECT_EQ(read.values, pointSnapshot(dimensions, 1, 0).values);
        ASSERT_TRUE(read.geometry && read.geometry->points);
        EXPECT_EQ(difference(read.geometry.get(), first.geometry.get(), first.grid), 0);
        EXPECT_EQ(read.geometry->points->centres, first.geometry->points->centres);
        EXPECT_EQ(read.geometry->points->boundaries, first.geometry->points->boundaries);
    }
}

TEST_F(Dataset, refusesOtherPointsThanItHas)
{
    const State first = pointSnapshot(2, 0, 0);
    DatasetWriter(path_, first.grid, first.fields, pointInformation(first)).append(first);

    const auto refused = [&](const std::function<void(Geometry&)>& change)
    {
        auto other = std::make_shared<Geometry>(*first.geometry);
        change(*other);
        DatasetWriter::Info info = information();
        info.geometry = other;
        expectRefusal([&] { DatasetWriter(path_, first.grid, first.fields, info); }, {path_, "other cells than this run"});
    };
    refused([](Geometry& g) { g.points->centres[4] += 0.01; });
    refused([](Geometry& g) { g.points->boundaries[1] = 16; });
    refused([](Geometry& g) { g.points->volumes[2] *= 1.01; });
    refused([](Geometry& g) { g.distance[2] += 0.1; });

    DatasetWriter::Info without = information();
    expectRefusal([&] { DatasetWriter(folder_/"new.h5", first.grid, first.fields, without); }, {"points needs their geometry"});
    auto bad = std::make_shared<Geometry>(*first.geometry);
    bad->points->volumes[3] = 0;
    without.geometry = bad;
    expectRefusal([&] { DatasetWriter(folder_/"new.h5", first.grid, first.fields, without); }, {"volumes above 0"});
}

} // namespace
} // namespace surrogate
