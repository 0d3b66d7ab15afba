#pragma once

#include <torch/torch.h>

namespace surrogate
{

//- How a field on one number of cells is taken to another number
enum class Interpolation { linear, cubic };

//- Cubic in one and two dimensions, linear in three
Interpolation patchInterpolation(int dimensions);

//- The matrix B of an interpolation along one axis, [to][from], float64: cell centres of both lie evenly on the same interval
//  (align_corners = false), no antialiasing. In several dimensions an interpolation is the product of one an axis.
torch::Tensor interpolationMatrix(int from, int to, Interpolation interpolation);

//- PI-resize (Beyer et al. 2023, "FlexiViT") along one axis: the pseudo-inverse of B^T, [to][from], float64, computed once for
//  each pair of sizes. A kernel w that is resized to w' = (B^T)^+ w finds in an interpolated patch what w finds in the patch:
//  <w', B x> = <w, x>, exactly where to >= from, else in the least-squares sense.
torch::Tensor patchResizeMatrix(int from, int to, Interpolation interpolation);

//- The kernel with its `dimensions` axes from `first` on, of equal sizes, brought to `size` cells each, in its own precision.
//  Differentiable. As pseudo-inverses of products (of Kronecker's kind) are products of pseudo-inverses, axis by axis is the same
//  as all at once.
torch::Tensor patchResize(const torch::Tensor& kernel, int first, int dimensions, int size);

} // namespace surrogate
