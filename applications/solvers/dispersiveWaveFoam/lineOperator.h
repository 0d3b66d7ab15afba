#pragma once

#include <complex>
#include <string>
#include <vector>

namespace surrogate
{

//- Coefficients of u_t + a (u^2/2)_x = nu u_xx - b u_xxx - c u_xx - d u_xxxx, in SI units
struct WaveCoefficients
{
    double a = 1, nu = 0, b = 0, c = 0, d = 0;
};

//- Derivatives along a uniform periodic line, by what they multiply each of its waves with. Central differences of order p multiply
//  by i k (1 + O((k dx)^p)), the spectral derivative by i k. Third and fourth derivatives are compositions of the first and second.
class LineOperator
{
public:

    using Complex = std::complex<double>;

    //- name: spectral, central2, central4 or central6; n cells of length dx [m]. Throws Error that names `where` on another one.
    LineOperator(const std::string& name, std::size_t n, double dx, const std::string& where);

    static std::vector<std::string> names();

    //- Of position i in the transform: 0, 1, ..., -2, -1. The odd derivatives of the wave of two cells are 0.
    Complex first(std::size_t i) const { return first_[i]; }
    double second(std::size_t i) const { return second_[i]; }

    //- What the linear terms of the equation multiply position i with [1/s]
    Complex linear(std::size_t i, const WaveCoefficients& coefficients) const;

    std::size_t size() const { return first_.size(); }

private:

    std::vector<Complex> first_;
    std::vector<double> second_;
};

} // namespace surrogate
