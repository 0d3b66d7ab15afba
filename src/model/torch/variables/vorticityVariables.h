#pragma once

#include "model/torch/variables/variables.h"

namespace surrogate
{

//- Two-dimensional periodic incompressible flow: the network sees vorticity and velocity and predicts the vorticity's increment;
//  the velocity is recovered through a stream function, so that its linear interpolation to the faces of the grid is
//  divergence-free to rounding.
//
//  With wave vector k, the symbol s of the central difference, s_a = sin(k_a h_a)/h_a, and hats for Fourier coefficients:
//      vorticity^ = (i s_x v^ - i s_y u^) |k|/|s|       (so |vorticity^| = |k| |U^| for a discretely divergence-free U)
//      psi^ = vorticity^/(|k| |s|),   u^ = i s_y psi^,   v^ = -i s_x psi^
//  Both directions are well conditioned up to the grid's Nyquist wave number, where s = 0 and the coefficient is dropped; to
//  second order in h it is the usual vorticity. The mean velocity is kept from the step before.
class VorticityVariables : public Variables
{
public:

    //- Throws Error unless the grid is 2-D and periodic in both directions and the one field is a vector
    VorticityVariables(const Grid& grid, const FieldList& fields);

    std::vector<std::string> names() const override { return {"vorticity", "U_x", "U_y"}; }
    int nPredicted() const override { return 1; }
    bool pointwise() const override { return false; }

    //- [n][2][y][x] -> [n][3][y][x]
    torch::Tensor inputs(const torch::Tensor& fields) const override;

    //- [n][1][y][x] -> [n][2][y][x]
    torch::Tensor fields(const torch::Tensor& predicted, const torch::Tensor& previous) const override;

private:

    //- Symbols, [ny][nx/2+1], complex, in the precision and on the device of use
    struct Symbols { torch::Tensor vorticityFromU, vorticityFromV, uFromVorticity, vFromVorticity; };

    const Symbols& symbols(const torch::Tensor& like) const;

    Symbols reference_;           //!< complex128, CPU
    mutable Symbols inUse_;
    std::vector<std::int64_t> sizes_;
};

} // namespace surrogate
