#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace surrogate
{

//- Uniform structured block in 1, 2 or 3 dimensions.
//  Axes beyond `dimensions` have one cell, bounds 0..1 and are not periodic. Lengths in metres.
//  Cells are numbered x fastest: cell = x + cells[0]*(y + cells[1]*z).
struct Grid
{
    int dimensions = 0;
    std::array<int, 3> cells{{1, 1, 1}};
    std::array<double, 3> lower{{0, 0, 0}};
    std::array<double, 3> upper{{1, 1, 1}};
    std::array<bool, 3> periodic{{false, false, false}};
    std::array<std::array<bool, 2>, 3> walls{};   //!< whether the lower and the upper side of each axis are walls; else, where
                                                  //!< not periodic, they are open: an inlet, outlet, symmetry plane, far field

    std::size_t nCells() const { return std::size_t(cells[0])*cells[1]*cells[2]; }

    double spacing(int axis) const { return (upper[axis] - lower[axis])/cells[axis]; }

    std::size_t index(int x, int y = 0, int z = 0) const
    {
        return x + std::size_t(cells[0])*(y + std::size_t(cells[1])*z);
    }

    //- Throws Error unless 1 to 3 dimensions, cells > 0, upper > lower and no walls along periodic axes. `where` names the source
    //  in the message.
    void check(const std::string& where) const;

    //- "64 x 64 cells on [0, 6.28319] x [0, 6.28319], periodic in x, walls at lower y upper y"
    std::string describe() const;

    //- Same cells, periodicity, walls and, to 1e-6 of the extent, the same bounds
    bool matches(const Grid& other) const;
};

} // namespace surrogate
