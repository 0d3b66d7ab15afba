#pragma once

#include "core/grid.h"

#include <array>
#include <string>
#include <vector>

namespace surrogate
{

//- Where the patches of a grid lie that two convolutions after each other make tokens of. Axes are x, y, z.
struct PatchLattice
{
    int dimensions = 0;
    std::array<int, 2> kernels{{1, 1}};           //!< cells along a side of both convolutions' kernels
    std::array<int, 2> strides{{1, 1}};           //!< and their strides, which divide them
    std::array<int, 3> cells{{1, 1, 1}};          //!< of the grid
    std::array<int, 3> tokens{{1, 1, 1}};
    std::array<std::array<int, 2>, 3> padding{};  //!< cells beyond the lower and the upper side
    std::array<bool, 3> wraps{{false, false, false}};   //!< whether the last patches go on at the beginning; else they fit into the
                                                        //!< padded grid

    //- Cells from one token to the next
    int spacing() const { return strides[0]*strides[1]; }

    //- Cells along a side of what one token sees
    int extent() const { return kernels[0] + (kernels[1] - 1)*strides[0]; }

    //- Middle of a token's patch, in cells from the grid's lower side
    double centre(int axis, int token) const { return token*spacing() - padding[axis][0] + 0.5*extent(); }

    //- Tensor axes [..][(z)][y][x][..] of the grid's axes, in their order
    std::vector<bool> wrapsOfTensor() const;

    //- Kernels of (k1, k2) cells, as many cells apart: nothing overlaps. Throws Error that names `where` where the cells of an axis
    //  are not a multiple of k1 k2.
    static PatchLattice ofKernels(const Grid& grid, const std::array<int, 2>& kernels, const std::string& where);

    //- Fixed kernels, strides that divide them. A periodic axis whose cells are a multiple of the strides' product s1 s2 has as
    //  many tokens as fit, around the seam as everywhere. Another axis gets as many cells beyond its sides, half of them at each, as
    //  the transposed convolutions need to give the padded grid back. Throws Error where an axis is shorter than what a token sees.
    static PatchLattice ofStrides(const Grid& grid, const std::array<int, 2>& kernels, const std::array<int, 2>& strides,
        const std::string& where);
};

//- The sides of both convolutions' patches that together have `patch` cells along a side: as equal as whole numbers can be, the
//  larger one first: 4 = 2 x 2, 8 = 4 x 2, 16 = 4 x 4
std::array<int, 2> patchFactors(int patch);

} // namespace surrogate
