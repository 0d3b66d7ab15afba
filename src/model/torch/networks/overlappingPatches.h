#pragma once

#include <torch/torch.h>

#include <vector>

namespace surrogate
{

//- How patches lie on a grid: `kernel` cells along each side, one every `stride` cells; stride divides kernel. One flag in `wraps`
//  for each spatial axis of a tensor [n][(z)][y][x][channel]: whether the patches go round it, or as many as fit are taken.
struct Patching
{
    int kernel = 1;
    int stride = 1;
    std::vector<bool> wraps;
};

//- Cells to patches: [n][(z)][y][x][channel] -> [n][(tz)][ty][tx][kernel^d channel], contiguous, cells of a patch x fastest. With a
//  linear layer after it, it is a convolution. Cells along a wrapping axis are a multiple of the stride, along another one,
//  stride*(patches - 1) + kernel. Differentiable, twice.
torch::Tensor toPatches(const torch::Tensor& x, const Patching& patching);

//- The adjoint: patches are added up where they overlap, [n][(tz)][ty][tx][kernel^d channel] -> [n][(z)][y][x][channel],
//  contiguous. With a linear layer before it, it is a transposed convolution. Differentiable, twice.
torch::Tensor fromPatches(const torch::Tensor& patches, const Patching& patching);

} // namespace surrogate
