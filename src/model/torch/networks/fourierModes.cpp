#include "model/torch/networks/fourierModes.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

FourierModes::FourierModes(int cells, bool periodic, int wanted)
{
    const int period = periodic ? cells : 2*cells;
    highest = std::min(wanted, period/2);
    const Tensor k = torch::arange(highest + 1, torch::kDouble), x = torch::arange(cells, torch::kDouble);
    const Tensor phases = (2*M_PI/period)*torch::outer(k, x);
    const Tensor waves = torch::cat({torch::cos(phases), torch::sin(phases)});

    // the mean, and where there is one the wave that alternates from cell to cell, have no partner of opposite wave number
    Tensor scale = torch::full({highest + 1}, 2.0/period, torch::kDouble);
    scale[0] = 1.0/period;
    if (2*highest == period) scale[highest] = 1.0/period;
    forward = waves*torch::cat({scale, scale}).unsqueeze(1);
    inverse = waves.transpose(0, 1).contiguous();
}

} // namespace surrogate
