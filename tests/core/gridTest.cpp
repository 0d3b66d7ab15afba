#include "core/grid.h"
#include "core/refusal.h"

#include <functional>
#include <set>

using namespace surrogate;

namespace
{

Grid boxGrid()
{
    Grid grid;
    grid.dimensions = 3;
    grid.cells = {{4, 6, 5}};
    grid.lower = {{-1, 0, 0}};
    grid.upper = {{1, 3, 10}};
    grid.periodic = {{true, false, true}};
    return grid;
}

} // namespace

TEST(Grid, numbersCellsXFastest)
{
    const Grid grid = boxGrid();
    EXPECT_EQ(grid.nCells(), 120u);
    EXPECT_DOUBLE_EQ(grid.spacing(0), 0.5);
    EXPECT_DOUBLE_EQ(grid.spacing(2), 2);
    std::size_t expected = 0;
    for (int z = 0; z < 5; ++z)
    {
        for (int y = 0; y < 6; ++y)
        {
            for (int x = 0; x < 4; ++x) EXPECT_EQ(grid.index(x, y, z), expected++);
        }
    }
}

TEST(Grid, describesItself)
{
    EXPECT_EQ(boxGrid().describe(), "4 x 6 x 5 cells on [-1, 1] x [0, 3] x [0, 10], periodic in x z");
    Grid line;
    line.dimensions = 1;
    line.cells = {{8, 1, 1}};
    EXPECT_EQ(line.describe(), "8 cells on [0, 1], not periodic");
}

TEST(Grid, refusesWhatIsNoGrid)
{
    const auto expect = [](const std::function<void(Grid&)>& spoil, const std::string& text)
    {
        Grid grid = boxGrid();
        spoil(grid);
        expectRefusal([&] { grid.check("the dictionary"); }, {"Not a valid grid", "the dictionary", text});
    };
    boxGrid().check("the dictionary");
    expect([](Grid& g) { g.dimensions = 0; }, "1, 2 or 3 dimensions");
    expect([](Grid& g) { g.dimensions = 4; }, "1, 2 or 3 dimensions");
    expect([](Grid& g) { g.cells[1] = 0; }, "at least one cell");
    expect([](Grid& g) { g.dimensions = 2; }, "unused axis");
    expect([](Grid& g) { g.upper[2] = g.lower[2]; }, "upper bound");
}

TEST(Grid, matchesToRoundingOfItsBounds)
{
    Grid other = boxGrid();
    other.upper[0] += 1e-9;
    EXPECT_TRUE(boxGrid().matches(other));
    other.upper[0] += 1e-5;
    EXPECT_FALSE(boxGrid().matches(other));
    other = boxGrid();
    other.periodic[1] = true;
    EXPECT_FALSE(boxGrid().matches(other));
    other = boxGrid();
    other.cells[2] = 4;
    EXPECT_FALSE(boxGrid().matches(other));
}

TEST(Grid, ofPointsTakesAnyNumberOfThem)
{
    Grid points = boxGrid();
    points.points = true;
    points.cells = {{57, 1, 1}};
    points.walls = {};
    points.check("test");
    EXPECT_EQ(points.nCells(), 57u);
    EXPECT_EQ(points.describe().find("57 points in ["), 0u) << points.describe();
    Grid other = points;
    EXPECT_TRUE(points.matches(other));
    other.cells[0] = 58;
    other.upper[0] *= 2;
    EXPECT_FALSE(points.matches(other));
    EXPECT_TRUE(points.takes(other));
    other.dimensions = 2;
    EXPECT_FALSE(points.takes(other));
    EXPECT_FALSE(points.takes(boxGrid()));
    EXPECT_FALSE(boxGrid().takes(points));
    EXPECT_FALSE(boxGrid().matches(points));
    EXPECT_TRUE(boxGrid().takes(boxGrid()));

    boxGrid().requireLattice("A spectrum", "test");
    expectRefusal([&] { points.requireLattice("A spectrum", "option -spectra"); },
        {"A spectrum needs a lattice", "option -spectra", "57 points"});
    other = points;
    other.cells[1] = 2;
    expectRefusal([&] { other.check("test"); }, {"unused axis"});
}
