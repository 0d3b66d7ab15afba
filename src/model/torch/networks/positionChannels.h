#pragma once

#include "model/torch/networks/network.h"

#include <vector>

namespace surrogate
{

//- Where a cell is, as extra inputs of a network: for each axis of a wave number m that is not 0, sine and cosine of
//  2 pi m x over the whole grid's extent. [1][2 for each][(z)][y][x], float32; undefined where there are none.
torch::Tensor positionWaves(const NetworkShape& shape, const std::vector<long>& waveNumbers);

//- For each axis that is not periodic, the place between its sides, from -1 to 1 in the whole grid: [1][axes][(z)][y][x], float32;
//  undefined where there are none
torch::Tensor placesBetweenSides(const NetworkShape& shape);

} // namespace surrogate
