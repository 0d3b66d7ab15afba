#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace surrogate
{

//- Uniform structured block in 1, 2 or 3 dimensions: a lattice. Or the cells of any mesh, as a list of points.
//  Axes beyond `dimensions` have one cell, bounds 0..1 and are not periodic. Lengths in metres.
//  Cells are numbered x fastest: cell = x + cells[0]*(y + cells[1]*z).
//  Of points, cells is {number of points, 1, 1}, the bounds are the mesh's, `walls` are not used; Geometry::points has the rest.
struct Grid
{
    int dimensions = 0;
    std::array<int, 3> cells{{1, 1, 1}};
    std::array<double, 3> lower{{0, 0, 0}};
    std::array<double, 3> upper{{1, 1, 1}};
    std::array<bool, 3> periodic{{false, false, false}};
    std::array<std::array<bool, 2>, 3> walls{};   //!< whether the lower and the upper side of each axis are walls; else, where
                                                  //!< not periodic, they are open: an inlet, outlet, symmetry plane, far field

    bool points = false;                          //!< a list of points; then spacing() and index() mean nothing

    std::size_t nCells() const { return std::size_t(cells[0])*cells[1]*cells[2]; }

    double spacing(int axis) const { return (upper[axis] - lower[axis])/cells[axis]; }

    std::size_t index(int x, int y = 0, int z = 0) const
    {
        return x + std::size_t(cells[0])*(y + std::size_t(cells[1])*z);
    }

    //- Throws Error unless 1 to 3 dimensions, cells > 0, upper > lower and no walls along periodic axes. `where` names the source
    //  in the message.
    void check(const std::string& where) const;

    //- Throws Error of points. what: that needs a lattice; where: the entry or file that asks for it
    void requireLattice(const std::string& what, const std::string& where) const;

    //- "64 x 64 cells on [0, 6.28319] x [0, 6.28319], periodic in x, walls at lower y upper y"
    std::string describe() const;

    //- Same cells, periodicity, walls and, to 1e-6 of the extent, the same bounds. Of points it does not say that they are the same.
    bool matches(const Grid& other) const;

    //- Whether a model for this grid can be given a state on the other one: as matches(), but of points any number anywhere
    bool takes(const Grid& other) const;
};

} // namespace surrogate
