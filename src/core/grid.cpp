#include "core/grid.h"
#include "core/error.h"

#include <cmath>
#include <sstream>

namespace surrogate
{

void Grid::check(const std::string& where) const
{
    const auto refuse = [&](const std::string& expected)
    {
        throw Error({"Not a valid grid", where, expected, describe(), {}});
    };

    if (dimensions < 1 || dimensions > 3) refuse("1, 2 or 3 dimensions");
    for (int axis = 0; axis < 3; ++axis)
    {
        if (cells[axis] < 1) refuse("at least one cell along each axis");
        if (axis >= (points ? 1 : dimensions) && cells[axis] != 1) refuse("one cell along each unused axis");
        if (!(upper[axis] > lower[axis])) refuse("an upper bound above the lower bound along each axis");
        if (periodic[axis] && (walls[axis][0] || walls[axis][1])) refuse("no walls along a periodic axis");
    }
}

void Grid::requireLattice(const std::string& what, const std::string& where) const
{
    if (points) throw Error({what + " needs a lattice of cells", where, "a uniform grid", describe(), {}});
}

std::string Grid::describe() const
{
    std::ostringstream text;
    std::string periodicAxes, wallSides;
    if (points) text << cells[0];
    for (int axis = 0; axis < dimensions && axis < 3; ++axis)
    {
        if (!points) text << (axis ? " x " : "") << cells[axis];
        if (periodic[axis]) periodicAxes += std::string(" ") + "xyz"[axis];
        if (walls[axis][0]) wallSides += std::string(" lower ") + "xyz"[axis];
        if (walls[axis][1]) wallSides += std::string(" upper ") + "xyz"[axis];
    }
    text << (points ? " points in " : " cells on ");
    for (int axis = 0; axis < dimensions && axis < 3; ++axis)
    {
        text << (axis ? " x " : "") << "[" << lower[axis] << ", " << upper[axis] << "]";
    }
    text << (periodicAxes.empty() ? ", not periodic" : ", periodic in" + periodicAxes);
    if (!wallSides.empty()) text << ", walls at" << wallSides;
    return text.str();
}

bool Grid::matches(const Grid& other) const
{
    if (dimensions != other.dimensions || points != other.points || cells != other.cells) return false;
    for (int axis = 0; axis < dimensions; ++axis)
    {
        const double tolerance = 1e-6*(upper[axis] - lower[axis]);
        if (periodic[axis] != other.periodic[axis] || walls[axis] != other.walls[axis]
         || std::abs(lower[axis] - other.lower[axis]) > tolerance
         || std::abs(upper[axis] - other.upper[axis]) > tolerance) return false;
    }
    return true;
}

bool Grid::takes(const Grid& other) const
{
    return points ? other.points && dimensions == other.dimensions : matches(other);
}

} // namespace surrogate
