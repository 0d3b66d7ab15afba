#pragma once

#include "model/torch/kernels/activation.h"

#include <array>
#include <cstdint>

namespace surrogate::kernels
{

//- What stands beyond one side of an axis: the far side's cells, zero, or the side's outermost cell
enum class Padding { wrap, zero, replicate };

//- Of the lower and the upper side of each axis (x, y, z); an axis wraps at both or at neither
using PaddingOfSides = std::array<std::array<Padding, 2>, 3>;

//- A channels-last block [n][z][y][x][channel] and how it is padded: `pad` cells at both ends of each axis (x, y, z)
struct PaddedShape
{
    std::int64_t n = 1;
    std::array<std::int64_t, 3> cells{{1, 1, 1}};
    std::int64_t channels = 1;
    std::array<std::int64_t, 3> pad{{0, 0, 0}};
    PaddingOfSides padding{{{{Padding::zero, Padding::zero}}, {{Padding::zero, Padding::zero}}, {{Padding::zero, Padding::zero}}}};

    std::int64_t padded(int axis) const { return cells[axis] + 2*pad[axis]; }
    std::int64_t nRows() const { return n*cells[1]*cells[2]; }
};

//- out = pad(activation(in)) in one memory pass: each element is read once and activated once.
//  Storage: float, double or Bfloat16. Threads: at::parallel_for over images and rows.
template<class Storage>
void paddedActivation(Activation activation, const PaddedShape& shape, const Storage* in, Storage* out);

//- Its backward: gradIn = activation'(in) times the sum of gradOut over the places that a cell was copied to
template<class Storage>
void paddedActivationBackward(Activation activation, const PaddedShape& shape,
    const Storage* in, const Storage* gradOut, Storage* gradIn);

} // namespace surrogate::kernels
