#include "model/torch/networks/pointWaves.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

Tensor PointWaves::angles(const Tensor& x, const Grid& grid) const
{
    const c10::InferenceMode ordinary(false);   // later uses may want gradients
    std::vector<Tensor> all;
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        const double length = grid.upper[axis] - grid.lower[axis];
        std::vector<double> numbers;
        for (int i = 0; i < count_; ++i)
        {
            const double wavelength = count_ == 1 ? longest_ : longest_*std::pow(shortest_/longest_, double(i)/(count_ - 1));
            const double waves = grid.periodic[axis] ? std::max(1.0, std::round(length/wavelength))/length : 1/wavelength;
            numbers.push_back(2*M_PI*waves);
        }
        all.push_back(x.select(-1, axis).unsqueeze(-1)*torch::tensor(numbers, torch::kDouble));
    }
    return torch::cat(all, -1);
}

Tensor PointWaves::operator()(const Tensor& x, const Grid& grid) const
{
    const c10::InferenceMode ordinary(false);
    const Tensor phase = angles(x, grid);
    return torch::cat({torch::sin(phase), torch::cos(phase)}, -1);
}

RotaryPositions::Turn PointWaves::turn(const Tensor& x, const Grid& grid) const
{
    const c10::InferenceMode ordinary(false);
    const Tensor phase = angles(x, grid);
    return {torch::cos(phase), torch::sin(phase)};
}

} // namespace surrogate
