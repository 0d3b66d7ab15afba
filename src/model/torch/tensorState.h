#pragma once

#include "core/state.h"

#include <torch/torch.h>

namespace surrogate
{

//- [1][channel][(z)][y][x], float64, on the CPU; a 1-D grid has [1][channel][1][x]. A copy.
torch::Tensor toTensor(const State& state);

//- Writes such a tensor (any precision or device) into state.values
void fromTensor(const torch::Tensor& tensor, State& state);

//- The spatial sizes of a grid's tensors: {ny, nx}, or {nz, ny, nx}
std::vector<std::int64_t> spatialSizes(const Grid& grid);

} // namespace surrogate
