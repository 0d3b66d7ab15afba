#include "verticalModes.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

//- Jacobi's rotations make the symmetric a diagonal; returns the product of them, whose columns are the eigenvectors
VerticalModes::Matrix diagonalise(VerticalModes::Matrix& a)
{
    const std::size_t n = a.size();
    VerticalModes::Matrix v(n, std::vector<double>(n, 0));
    for (std::size_t i = 0; i < n; ++i) v[i][i] = 1;

    for (int sweep = 0; sweep < 100; ++sweep)
    {
        double off = 0, all = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            for (std::size_t j = 0; j < n; ++j)
            {
                all += a[i][j]*a[i][j];
                if (i != j) off += a[i][j]*a[i][j];
            }
        }
        if (off <= 1e-32*all) break;

        for (std::size_t p = 0; p < n; ++p)
        {
            for (std::size_t q = p + 1; q < n; ++q)
            {
                if (a[p][q] == 0) continue;
                const double angle = 0.5*std::atan2(2*a[p][q], a[q][q] - a[p][p]);
                const double c = std::cos(angle), s = std::sin(angle);
                for (std::size_t k = 0; k < n; ++k)
                {
                    const double kp = a[k][p], kq = a[k][q];
                    a[k][p] = c*kp - s*kq;
                    a[k][q] = s*kp + c*kq;
                }
                for (std::size_t k = 0; k < n; ++k)
                {
                    const double pk = a[p][k], qk = a[q][k];
                    a[p][k] = c*pk - s*qk;
                    a[q][k] = s*pk + c*qk;
                    const double kp = v[k][p], kq = v[k][q];
                    v[k][p] = c*kp - s*kq;
                    v[k][q] = s*kp + c*kq;
                }
            }
        }
    }
    return v;
}

} // namespace

VerticalModes::VerticalModes(const Matrix& stretching, const std::vector<double>& depths)
:
    stiffness_(depths.size()),
    toMode_(depths.size(), std::vector<double>(depths.size())),
    toLayer_(toMode_)
{
    const std::size_t n = depths.size();
    Matrix symmetric(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i)
    {
        for (std::size_t j = 0; j < n; ++j) symmetric[i][j] = stretching[i][j]*std::sqrt(depths[i]/depths[j]);
    }
    const Matrix vectors = diagonalise(symmetric);

    double stiffest = 0;
    for (std::size_t m = 0; m < n; ++m)
    {
        stiffness_[m] = -symmetric[m][m];
        stiffest = std::max(stiffest, stiffness_[m]);
        for (std::size_t i = 0; i < n; ++i)
        {
            toMode_[m][i] = vectors[i][m]*std::sqrt(depths[i]);
            toLayer_[i][m] = vectors[i][m]/std::sqrt(depths[i]);
        }
    }
    for (double& stiffness : stiffness_)
    {
        if (stiffness < 1e-12*stiffest) stiffness = 0;
    }
}

} // namespace surrogate
