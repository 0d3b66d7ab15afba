#include "model/torch/training/trajectories.h"

#include "core/refusal.h"
#include "core/scratch.h"
#include "dataset/datasetWriter.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace surrogate
{
namespace
{

//- Snapshots whose values are first, first + 1, ..., so that each tells its time
void record(const std::string& path, int first, int snapshots)
{
    Grid grid;
    grid.dimensions = 2;
    grid.cells = {{4, 2, 1}};
    grid.periodic = {{true, true, false}};
    const FieldList fields({Field{"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}});
    DatasetWriter::Info info;
    info.name = "ramp";
    info.interval = 0.5;
    DatasetWriter writer(path, grid, fields, info);
    for (int i = 0; i < snapshots; ++i)
    {
        State state(grid, fields, 0.5*i);
        std::fill(state.values.begin(), state.values.end(), first + i);
        writer.append(state);
    }
}

//- [offset][window]
std::vector<std::vector<int>> valuesOf(const torch::Tensor& windows)
{
    std::vector<std::vector<int>> values;
    for (std::int64_t o = 0; o < windows.size(0); ++o)
    {
        values.emplace_back();
        for (std::int64_t w = 0; w < windows.size(1); ++w) values.back().push_back(int(windows[o][w].mean().item<float>()));
    }
    return values;
}

class TrajectoriesTest : public ::testing::Test
{
protected:

    void SetUp() override
    {
        record(folder_/"a.h5", 0, 10);
        record(folder_/"b.h5", 100, 7);
    }

    Trajectories read(int stride) const { return Trajectories({folder_/"a.h5", folder_/"b.h5"}, {}, stride); }

    Scratch folder_;
};

} // namespace

TEST_F(TrajectoriesTest, hasWindowsOfAllTrajectoriesAndNoneAcross)
{
    const Trajectories data = read(1);
    EXPECT_EQ(data.nSnapshots(), 17u);
    EXPECT_EQ(data.timeStep(), 0.5);

    // windows of 4 steps: from 0 to 5, and from 100 to 102
    const auto values = valuesOf(data.spread(9, {0, 1, 4}));
    EXPECT_EQ(values[0], (std::vector<int>{0, 1, 2, 3, 4, 5, 100, 101, 102}));
    for (std::size_t w = 0; w < 9; ++w)
    {
        EXPECT_EQ(values[1][w], values[0][w] + 1);
        EXPECT_EQ(values[2][w], values[0][w] + 4);
    }
}

TEST_F(TrajectoriesTest, countsOffsetsInModelSteps)
{
    const Trajectories data = read(3);
    EXPECT_EQ(data.timeStep(), 1.5);
    const auto values = valuesOf(data.sample(64, {0, 2}, Noise(1)));
    for (std::size_t w = 0; w < 64; ++w)
    {
        const int first = values[0][w];
        EXPECT_TRUE((first >= 0 && first <= 3) || first == 100) << first;
        EXPECT_EQ(values[1][w], first + 6);
    }
    EXPECT_EQ(*std::max_element(values[0].begin(), values[0].end()), 100);
}

TEST_F(TrajectoriesTest, takesAnyFirstOffset)
{
    const torch::Tensor windows = read(1).sample(5, {3}, Noise(2));
    EXPECT_EQ(windows.sizes().vec(), (std::vector<std::int64_t>{1, 5, 1, 2, 4}));
    const std::vector<int> values = valuesOf(windows)[0];
    for (int value : values) EXPECT_TRUE((value >= 3 && value <= 9) || (value >= 103 && value <= 106)) << value;
}

TEST_F(TrajectoriesTest, samplesByTheNumbersThatItIsGiven)
{
    const Trajectories data = read(1);
    const torch::Tensor one = data.sample(8, {0, 1}, Noise(1, 5));
    EXPECT_TRUE(torch::equal(one, data.sample(8, {0, 1}, Noise(1, 5))));
    EXPECT_FALSE(torch::equal(one, data.sample(8, {0, 1}, Noise(1, 6))));
}

TEST_F(TrajectoriesTest, refusesWindowsThatNoTrajectoryHolds)
{
    EXPECT_EQ(valuesOf(read(1).spread(1, {0, 9}))[1][0], 9);
    expectRefusal([&] { read(1).spread(1, {0, 10}); }, {"No trajectory is long enough", "maxLag", "11 snapshots"});
    expectRefusal([&] { read(4); }, {"too short", "b.h5", "9 snapshots", "7"});
}

} // namespace surrogate
