#include "core/boxAverage.h"
#include "core/refusal.h"

#include <cmath>
#include <numeric>

using namespace surrogate;

namespace
{

State ramp(int dimensions)
{
    Grid grid;
    grid.dimensions = dimensions;
    for (int axis = 0; axis < dimensions; ++axis) grid.cells[axis] = 4 + 2*axis;
    State state(grid, FieldList({{"p", 1, {}}, {"T", 1, {}}}), 0.5);
    std::iota(state.values.begin(), state.values.end(), 0.0);
    return state;
}

} // namespace

TEST(BoxAverage, isTheMeanOfTheCellsInEach)
{
    const State coarse = boxAverage(ramp(2), 2, "");
    EXPECT_EQ(coarse.grid.cells, (std::array<int, 3>{{2, 3, 1}}));
    EXPECT_EQ(coarse.time, 0.5);
    EXPECT_DOUBLE_EQ(coarse.values[0], (0 + 1 + 4 + 5)/4.0);
    EXPECT_DOUBLE_EQ(coarse.values[coarse.grid.index(1, 2)], (18 + 19 + 22 + 23)/4.0);
    EXPECT_DOUBLE_EQ(coarse.channel(1)[0], coarse.values[0] + 24);
}

TEST(BoxAverage, keepsTheMeanInAnyDimension)
{
    for (int dimensions = 1; dimensions <= 3; ++dimensions)
    {
        const State fine = ramp(dimensions), coarse = boxAverage(fine, 2, "");
        const auto mean = [](const State& s) { return std::accumulate(s.values.begin(), s.values.end(), 0.0)/s.values.size(); };
        EXPECT_NEAR(mean(coarse), mean(fine), 1e-12*mean(fine)) << dimensions << "-D";
        EXPECT_EQ(coarse.values.size()*(1u << dimensions), fine.values.size());
    }
}

TEST(BoxAverage, isTheMeanOfTheFluid)
{
    State fine = ramp(2);
    auto geometry = std::make_shared<Geometry>();
    geometry->fluid.assign(fine.grid.nCells(), 1.0);
    for (std::size_t i = 0; i < fine.grid.nCells(); ++i) geometry->distance.push_back(0.5 + double(i%4));   // from the side at x = 0
    geometry->fluid[1] = 0.5;
    for (const std::size_t solid : {2, 3, 6, 7}) geometry->fluid[solid] = 0;
    fine.geometry = geometry;

    const State coarse = boxAverage(fine, 2, "");
    ASSERT_NE(coarse.geometry, nullptr);
    EXPECT_DOUBLE_EQ(coarse.geometry->fluid[0], 3.5/4);
    EXPECT_DOUBLE_EQ(coarse.values[0], (0 + 0.5*1 + 4 + 5)/3.5);
    EXPECT_DOUBLE_EQ(coarse.geometry->fluid[1], 0);
    EXPECT_DOUBLE_EQ(coarse.values[1], 0);
    EXPECT_DOUBLE_EQ(coarse.geometry->distance[0], 1);
    EXPECT_DOUBLE_EQ(coarse.geometry->distance[1], 3);

    geometry->distance.assign(fine.grid.nCells(), Geometry::noWall);
    EXPECT_EQ(boxAverage(fine, 2, "").geometry->distance[2], Geometry::noWall);
    EXPECT_EQ(coarsened(fine.geometry, fine.grid, 1, ""), fine.geometry);
    EXPECT_EQ(coarsened(nullptr, fine.grid, 2, ""), nullptr);
}

TEST(BoxAverage, refusesAFactorThatDoesNotDivide)
{
    expectRefusal([] { boxAverage(ramp(2), 4, "entry coarsening"); }, {"entry coarsening", "4 x 6 cells", "found:    4"});
    expectRefusal([] { boxAverage(ramp(2), 0, "entry coarsening"); }, {"found:    0"});
}
