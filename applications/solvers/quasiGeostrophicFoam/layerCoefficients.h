#pragma once

#include "core/settings.h"

#include <vector>

namespace surrogate
{

//- Coefficients of quasiGeostrophicFoam, in SI units; the layers from the top down
struct LayerCoefficients
{
    std::vector<double> depths;      // as parts of the whole
    std::vector<double> radii;       // of deformation, one for each interface [m]
    std::vector<double> velocities;  // of the mean flow along x [m/s]
    double beta = 0;                 // [1/(m s)]
    double drag = 0, bottomDrag = 0; // [1/s]
    double nu = 0;                   // [m2/s]
    double nu4 = 0;                  // [m4/s]
    double forcing = 0;              // amplitude [m/s2]
    double forcingX = 0, forcingY = 0; // its wave numbers [1/m]

    //- Throws Error that names the settings' place on unknown keywords, values below 0 where none may be, and lists of other lengths
    //  than there are layers, or interfaces
    explicit LayerCoefficients(const Settings& settings);

    std::size_t nLayers() const { return depths.size(); }

    //- q_i - laplacian(psi_i) = sum_j stretching()[i][j] psi_j [1/m2]; each row's sum is 0
    std::vector<std::vector<double>> stretching() const;

    //- Gradient along y of layer i's mean potential vorticity [1/(m s)]
    double meanGradient(std::size_t i) const;
};

} // namespace surrogate
