#include "core/refusal.h"
#include "core/state.h"

#include <limits>

using namespace surrogate;

namespace
{

Grid smallGrid()
{
    Grid grid;
    grid.dimensions = 2;
    grid.cells = {{4, 3, 1}};
    return grid;
}

State smallState()
{
    return State(smallGrid(), FieldList({{"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}, {"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}}), 0.5);
}

} // namespace

TEST(State, isZeroAndLaidOutByChannel)
{
    State state = smallState();
    EXPECT_EQ(state.values, std::vector<double>(36, 0.0));
    EXPECT_EQ(state.time, 0.5);
    EXPECT_EQ(state.channel(1), state.values.data() + 12);
    EXPECT_EQ(state.field("p"), state.channel(0));
    EXPECT_EQ(state.field("U"), state.channel(1));
    expectRefusal([&] { state.field("T"); }, {"No such field", "T", "p, U"});
}

TEST(State, namesTheFirstValueThatIsNotFinite)
{
    State state = smallState();
    state.requireFinite("the solver");
    state.channel(2)[7] = std::numeric_limits<double>::quiet_NaN();
    expectRefusal([&] { state.requireFinite("the solver"); },
        {"the solver", "field U", "component 1", "grid cell 7", "0.5", "NaN"});
    state.channel(0)[3] = -std::numeric_limits<double>::infinity();
    expectRefusal([&] { state.requireFinite("the model"); },
        {"the model", "field p", "component 0", "grid cell 3", "infinity"});
}
