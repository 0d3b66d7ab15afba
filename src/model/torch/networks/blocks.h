#pragma once

#include <torch/torch.h>

namespace surrogate
{

//- Blocks of factor^d cells of [n][channel][(z)][y][x], each axis' cells a multiple of the factor; d = 1 to 3 dimensions, in one of
//  which a tensor is [n][channel][1][x]. Gradients pass through.

//- Mean over each block: [n][channel][(z/factor)][y/factor][x/factor]
torch::Tensor blockMean(const torch::Tensor& x, int dimensions, int factor);

//- Value in each block's first cell: exact where all of a block are equal
torch::Tensor firstOfBlocks(const torch::Tensor& x, int dimensions, int factor);

//- The reverse: each value in all cells of its block
torch::Tensor repeatBlocks(const torch::Tensor& x, int dimensions, int factor);

} // namespace surrogate
