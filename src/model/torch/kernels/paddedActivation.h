#pragma once

#include "model/torch/kernels/activation.h"

#include <array>
#include <cstdint>

namespace surrogate::kernels
{

//- A channels-last block [n][z][y][x][channel] and how it is padded: `pad` cells at both ends of each axis (x, y, z), wrapped
//  where periodic, zero elsewhere
struct PaddedShape
{
    std::int64_t n = 1;
    std::array<std::int64_t, 3> cells{{1, 1, 1}};
    std::int64_t channels = 1;
    std::array<std::int64_t, 3> pad{{0, 0, 0}};
    std::array<bool, 3> periodic{{false, false, false}};

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
