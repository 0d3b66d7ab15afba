#pragma once

#include <vector>

namespace surrogate
{

//- The streamfunctions psi_i of layers by combinations of them, modes, that laplacian(psi_i) + sum_j stretching_ij psi_j = q_i does
//  not couple: laplacian(mode_m) - stiffness(m) mode_m = the same combination of q.
class VerticalModes
{
public:

    using Matrix = std::vector<std::vector<double>>;

    //- depths: above 0; depths_i stretching_ij is symmetric, without positive eigenvalues
    VerticalModes(const Matrix& stretching, const std::vector<double>& depths);

    std::size_t size() const { return stiffness_.size(); }

    //- [1/m2], at least 0; that of the barotropic mode exactly
    double stiffness(std::size_t mode) const { return stiffness_[mode]; }

    //- mode = sum over layers of toMode()[mode][layer] psi_layer
    const Matrix& toMode() const { return toMode_; }

    //- psi_layer = sum over modes of toLayer()[layer][mode] mode
    const Matrix& toLayer() const { return toLayer_; }

private:

    std::vector<double> stiffness_;
    Matrix toMode_, toLayer_;
};

} // namespace surrogate
