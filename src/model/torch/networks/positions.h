#pragma once

#include "model/torch/networks/network.h"

#include <torch/torch.h>

#include <vector>

namespace surrogate
{

//- Sine and cosine channels that tell a network where it is, for flows whose forcing depends on the place: for each axis a wave
//  number m (in 2 pi over the axis' whole extent); 0: none of that axis. Float32, on the CPU: [1][2 per wave number][(z)][y][x].
//  Undefined where there are none. Throws Error, naming `where`, unless there are none at all or one an axis.
torch::Tensor positionChannels(const NetworkShape& shape, const std::vector<long>& waveNumbers, const std::string& where);

//- x with them behind its channels; `positions` is brought to x's device and precision
torch::Tensor withPositions(const torch::Tensor& x, torch::Tensor& positions);

} // namespace surrogate
