#pragma once

#include "core/grid.h"
#include "model/torch/networks/rotaryPositions.h"

#include <torch/torch.h>

#include <vector>

namespace surrogate
{

//- Sines and cosines of places in metres: of `count` wavelengths along each axis, from the longest to the shortest in geometric steps.
//  Along a periodic axis of length L a wavelength is brought to the nearest L/m, m whole and at least 1.
class PointWaves
{
public:

    PointWaves(double longest, double shortest, int count) : longest_(longest), shortest_(shortest), count_(count) {}

    //- Numbers for a place
    std::int64_t size(const Grid& grid) const { return 2*std::int64_t(count_)*grid.dimensions; }

    //- x: [..][axes], float64 [m]; result: [..][size]: sines, then cosines
    torch::Tensor operator()(const torch::Tensor& x, const Grid& grid) const;

    //- Turns of queries and keys by their places, for which the product of the two depends on how far they are apart; x as above,
    //  with one leading axis
    RotaryPositions::Turn turn(const torch::Tensor& x, const Grid& grid) const;

private:

    //- [..][axes*count]
    torch::Tensor angles(const torch::Tensor& x, const Grid& grid) const;

    double longest_, shortest_;
    int count_;
};

} // namespace surrogate
