#pragma once

#include "model/torch/kernels/simd.h"

#include <cmath>
#include <cstdint>

// Scalar bodies that the compiler turns into vector code inside a function of a given target (see paddedActivation.cpp).
// float: absolute error below 2e-7; double: the standard library's.

namespace surrogate
{

enum class Activation { identity, gelu, silu };

namespace kernels
{

//- exp(x) for x in [-87, 87]: 2^n times a polynomial on [-ln2/2, ln2/2]
SURROGATE_INLINE float fastExp(float x)
{
    x = x < -87.0f ? -87.0f : (x > 87.0f ? 87.0f : x);
    const float n = __builtin_rintf(x*1.44269504f);
    const float r = (x - n*0.693359375f) + n*2.12194440e-4f;
    float p = 1.9875691e-4f;
    p = p*r + 1.3981999e-3f;
    p = p*r + 8.3334519e-3f;
    p = p*r + 4.1665796e-2f;
    p = p*r + 1.6666665e-1f;
    p = p*r + 0.5f;
    p = p*r*r + r + 1.0f;
    const std::int32_t bits = (std::int32_t(n) + 127) << 23;
    return p*__builtin_bit_cast(float, bits);
}

SURROGATE_INLINE double fastExp(double x) { return std::exp(x); }

//- Distribution function and density of the standard normal law; Abramowitz and Stegun 7.1.26 for erf
SURROGATE_INLINE void normalLaw(float x, float& distribution, float& density)
{
    const float z = (x < 0 ? -x : x)*0.70710678f;
    const float e = fastExp(-z*z);
    const float t = 1.0f/(1.0f + 0.3275911f*z);
    const float tail = 0.5f*e*t
        *(0.254829592f + t*(-0.284496736f + t*(1.421413741f + t*(-1.453152027f + t*1.061405429f))));
    distribution = x < 0 ? tail : 1.0f - tail;
    density = 0.39894228f*e;
}

SURROGATE_INLINE void normalLaw(double x, double& distribution, double& density)
{
    distribution = 0.5*std::erfc(-x*0.70710678118654752);
    density = 0.39894228040143268*std::exp(-0.5*x*x);
}

template<Activation activation, class Real>
SURROGATE_INLINE Real activate(Real x)
{
    if constexpr (activation == Activation::gelu)
    {
        Real distribution, density;
        normalLaw(x, distribution, density);
        return x*distribution;
    }
    else if constexpr (activation == Activation::silu) return x/(1 + fastExp(-x));
    else return x;
}

//- Derivative of activate
template<Activation activation, class Real>
SURROGATE_INLINE Real slope(Real x)
{
    if constexpr (activation == Activation::gelu)
    {
        Real distribution, density;
        normalLaw(x, distribution, density);
        return distribution + x*density;
    }
    else if constexpr (activation == Activation::silu)
    {
        const Real s = 1/(1 + fastExp(-x));
        return s*(1 + x*(1 - s));
    }
    else return 1;
}

} // namespace kernels
} // namespace surrogate
