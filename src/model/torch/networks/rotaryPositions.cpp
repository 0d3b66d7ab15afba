#include "model/torch/networks/rotaryPositions.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

RotaryPositions::RotaryPositions(const Grid& grid, int headSize, const std::array<int, 3>& tokens)
:
    grid_(grid),
    waveNumbers_(grid.dimensions)
{
    const int pairs = headSize/(2*grid.dimensions);
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        const double most = std::max(1, tokens[axis]/2);
        for (int j = 0; j < pairs; ++j)
        {
            waveNumbers_[axis].push_back(std::round(pairs == 1 ? 1 : 1 + (most - 1)*j/(pairs - 1)));
        }
    }
}

RotaryPositions::Turn RotaryPositions::of(const PatchLattice& lattice, const torch::TensorOptions& options) const
{
    const c10::InferenceMode ordinary(false);   // later uses may want gradients
    const int d = grid_.dimensions;
    std::vector<Tensor> angles;
    for (int axis = 0; axis < d; ++axis)
    {
        std::vector<std::int64_t> sizes(d, 1), all;
        sizes[d - 1 - axis] = lattice.tokens[axis];
        for (int a = d - 1; a >= 0; --a) all.push_back(lattice.tokens[a]);
        std::vector<double> places;
        for (int token = 0; token < lattice.tokens[axis]; ++token) places.push_back(lattice.centre(axis, token)/lattice.cells[axis]);
        const Tensor place = torch::tensor(places, torch::kDouble).reshape(sizes).expand(all).reshape({-1, 1});
        const Tensor waves = torch::tensor(waveNumbers_[axis], torch::kDouble);
        angles.push_back((grid_.periodic[axis] ? 2*M_PI : M_PI)*place*waves);
    }
    const Tensor all = torch::cat(angles, 1);
    return {torch::cos(all).to(options), torch::sin(all).to(options)};
}

Tensor RotaryPositions::apply(const Tensor& x, const Turn& turn)
{
    const std::int64_t pairs = turn.cosine.size(-1), rest = x.size(-1) - 2*pairs;
    const Tensor a = x.narrow(-1, 0, pairs), b = x.narrow(-1, pairs, pairs);
    std::vector<Tensor> parts{a*turn.cosine - b*turn.sine, a*turn.sine + b*turn.cosine};
    if (rest > 0) parts.push_back(x.narrow(-1, 2*pairs, rest));
    return torch::cat(parts, -1);
}

} // namespace surrogate
