#pragma once

#include "model/torch/flowGeometry.h"

#include <torch/torch.h>

#include <vector>

namespace surrogate
{

//- What the objectives of emulators measure over the fluid; a and b, prediction and truth are [n][channel][(z)][y][x]

//- Pearson's coefficient, mean over samples and channels
double meanCorrelation(const torch::Tensor& a, const torch::Tensor& b, const FlowGeometry& geometry);

//- Root mean square error over the standard deviation of the truth, mean over samples and channels
double meanVrmse(const torch::Tensor& prediction, const torch::Tensor& truth, const FlowGeometry& geometry);

//- 0, 1, .., last
std::vector<int> upTo(int last);

} // namespace surrogate
