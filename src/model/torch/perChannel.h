#pragma once

#include "core/manifest.h"
#include "model/torch/variables/variables.h"

#include <torch/torch.h>

#include <string>
#include <vector>

namespace surrogate
{

//- A number a channel, to be multiplied with fields on the grid: [1][channel][1][1].., float64
torch::Tensor perChannel(const std::vector<double>& values, const Grid& grid);

//- The reverse, of any shape and precision
std::vector<double> toVector(const torch::Tensor& x);

//- Throws Error, naming `where`, unless the manifest has a mean and a standard deviation for each of the variables
void requireStatistics(const Manifest& manifest, const Variables& variables, const std::string& where);

} // namespace surrogate
