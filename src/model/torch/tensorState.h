#pragma once

#include "core/manifest.h"
#include "core/state.h"

#include <torch/torch.h>

#include <string>
#include <vector>

namespace surrogate
{

//- The members as [n][channel][(z)][y][x], float64, on the CPU; a 1-D grid has [n][channel][1][x]. A copy.
torch::Tensor toTensor(const std::vector<State>& members);
torch::Tensor toTensor(const State& state);

//- Writes such a tensor (any precision or device) into the members' values
void fromTensor(const torch::Tensor& tensor, std::vector<State>& members);
void fromTensor(const torch::Tensor& tensor, State& state);

//- The spatial sizes of a grid's tensors: {ny, nx}, or {nz, ny, nx}; of points {1, n}
std::vector<std::int64_t> spatialSizes(const Grid& grid);

//- Throws Error, naming `where`, unless there is a member, and each has the manifest's grid and fields and finite values
void requireMembers(const std::vector<State>& members, const Manifest& manifest, const std::string& where);

} // namespace surrogate
