#include "core/splitAxis.h"
#include "core/refusal.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

State stateOn(int x, int y, int z, int components = 1)
{
    Grid grid;
    grid.dimensions = z > 1 ? 3 : 2;
    grid.cells = {{x, y, z}};
    grid.upper = {{2, 3, 4}};
    grid.periodic = {{true, false, z > 1}};
    grid.walls[1] = {{true, false}};
    State state(grid, FieldList({{"u", components, {}}, {"v", 1, {}}}), 0.5);
    for (std::size_t i = 0; i < state.values.size(); ++i) state.values[i] = double(i);
    auto geometry = std::make_shared<Geometry>();
    for (std::size_t i = 0; i < grid.nCells(); ++i)
    {
        geometry->fluid.push_back(0.01*double(i));
        geometry->distance.push_back(-double(i));
    }
    state.geometry = geometry;
    return state;
}

TEST(SplitAxis, givesEachSliceOnTheGridOfTheOtherAxes)
{
    const State state = stateOn(4, 3, 2);
    for (int axis = 0; axis < 3; ++axis)
    {
        const std::vector<State> states = splitAxis(state, axis, "test");
        ASSERT_EQ(int(states.size()), state.grid.cells[axis]);
        for (int position = 0; position < state.grid.cells[axis]; ++position)
        {
            const State& part = states[position];
            EXPECT_EQ(part.time, 0.5);
            ASSERT_EQ(part.grid.dimensions, 2);
            part.grid.check("test");
            std::array<int, 2> left{{axis == 0 ? 1 : 0, axis == 2 ? 1 : 2}};
            for (int i = 0; i < 2; ++i)
            {
                EXPECT_EQ(part.grid.cells[i], state.grid.cells[left[i]]);
                EXPECT_EQ(part.grid.upper[i], state.grid.upper[left[i]]);
                EXPECT_EQ(part.grid.periodic[i], state.grid.periodic[left[i]]);
                EXPECT_EQ(part.grid.walls[i], state.grid.walls[left[i]]);
            }
            for (int b = 0; b < part.grid.cells[1]; ++b)
            {
                for (int a = 0; a < part.grid.cells[0]; ++a)
                {
                    std::array<int, 3> place{};
                    place[axis] = position;
                    place[left[0]] = a;
                    place[left[1]] = b;
                    const std::size_t whole = state.grid.index(place[0], place[1], place[2]), cell = part.grid.index(a, b);
                    EXPECT_EQ(part.field("u")[cell], state.field("u")[whole]);
                    EXPECT_EQ(part.field("v")[cell], state.field("v")[whole]);
                    EXPECT_EQ(part.geometry->fluid[cell], state.geometry->fluid[whole]);
                    EXPECT_EQ(part.geometry->distance[cell], state.geometry->distance[whole]);
                }
            }
        }
    }
}

TEST(SplitAxis, refusesVectorsAndAxesThatAreNotThere)
{
    expectRefusal([] { splitAxis(stateOn(4, 3, 1, 2), 1, "entry trajectories"); }, {"entry trajectories", "u with 2"});
    expectRefusal([] { splitAxis(stateOn(4, 3, 1), 2, "entry trajectories"); }, {"entry trajectories", "axis 2", "4 x 3"});
    State line = stateOn(4, 1, 1);
    line.grid.dimensions = 1;
    expectRefusal([&] { splitAxis(line, 0, "entry trajectories"); }, {"one of two or more axes"});
}

} // namespace
} // namespace surrogate
