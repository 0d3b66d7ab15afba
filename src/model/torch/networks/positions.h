#pragma once

#include "model/torch/networks/network.h"

#include <vector>

namespace surrogate
{

//- For each axis with a wave number m (in 2 pi over the extent of the whole grid) its sine and cosine in the cells' centres:
//  [1][2 times the axes with m > 0][(z)][y][x], float32; undefined where there are none. Without them a network whose padding wraps
//  cannot tell where in the box it is.
torch::Tensor positionChannels(const NetworkShape& shape, const std::vector<long>& waveNumbers);

//- x with the positions behind its channels; these are cast, where they are not yet, to x's precision and device
torch::Tensor withPositions(const torch::Tensor& x, torch::Tensor& positions);

} // namespace surrogate
