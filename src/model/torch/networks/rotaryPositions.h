#pragma once

#include "model/torch/networks/patchLattice.h"

#include <torch/torch.h>

#include <array>
#include <vector>

namespace surrogate
{

//- Axial rotary embedding of tokens (Su et al. 2021, "RoFormer"): pairs of a head's channels are turned by angles that grow with
//  the token's place along an axis, so that the product of a query and a key depends on how far they are apart alone. Each axis has
//  an equal number of pairs, of wave numbers spread evenly from 1 to what `tokens` along it resolve. Along a periodic axis an angle
//  is 2 pi m x/L, m whole, so that apart is apart round the axis; along another one, pi m x/L.
class RotaryPositions
{
public:

    struct Turn
    {
        torch::Tensor cosine, sine;   //!< [tokens][pairs]
    };

    //- tokens: along x, y, z, of the finest lattice. A head has at least two channels an axis.
    RotaryPositions(const Grid& grid, int headSize, const std::array<int, 3>& tokens);

    //- Of the lattice's tokens, x fastest
    Turn of(const PatchLattice& lattice, const torch::TensorOptions& options) const;

    //- x: [n][heads][tokens][headSize]. The first channels are turned: one half of the pairs' members, then the others.
    static torch::Tensor apply(const torch::Tensor& x, const Turn& turn);

private:

    Grid grid_;
    std::vector<std::vector<double>> waveNumbers_;   //!< of each axis
};

} // namespace surrogate
