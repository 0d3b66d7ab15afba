#include "exponentialRungeKutta.h"

#include "core/error.h"

namespace surrogate
{

namespace
{

using Complex = ExponentialRungeKutta::Complex;
using Waves = ExponentialRungeKutta::Waves;

constexpr double pi = 3.14159265358979323846;

//- Mean of f over the circle of radius 1 about z: f(z) for an analytic one
template<class Function>
Complex circleMean(Complex z, const Function& f)
{
    constexpr int n = 64;
    Complex sum = 0;
    for (int j = 0; j < n; ++j) sum += f(z + std::polar(1.0, 2*pi*(j + 0.5)/n));
    return sum/double(n);
}

//- a v + b w, position by position; a and b repeat
Waves sum(const Waves& a, const Waves& v, const Waves& b, const Waves& w)
{
    Waves result(v.size());
    const std::size_t n = a.size();
    for (std::size_t i = 0; i < v.size(); ++i) result[i] = a[i%n]*v[i] + b[i%n]*w[i];
    return result;
}

} // namespace

ExponentialRungeKutta::ExponentialRungeKutta(const std::string& scheme, Waves linear, const std::string& where)
:
    fourthOrder_(scheme == "ETDRK4"), linear_(std::move(linear))
{
    if (!fourthOrder_ && scheme != "ETDRK2")
    {
        throw Error({"Unknown time scheme", where, "one of the names below", scheme, names()});
    }
}

void ExponentialRungeKutta::prepare(double deltaT)
{
    if (deltaT == deltaT_) return;
    deltaT_ = deltaT;
    const std::size_t n = linear_.size();
    for (Waves* waves : {&whole_, &half_, &halfStep_, &first_, &middle_, &last_}) waves->resize(n);

    for (std::size_t i = 0; i < n; ++i)
    {
        const Complex z = deltaT*linear_[i];
        whole_[i] = std::exp(z);
        half_[i] = std::exp(0.5*z);
        if (fourthOrder_)
        {
            halfStep_[i] = deltaT*circleMean(z, [](Complex r) { return (std::exp(0.5*r) - 1.0)/r; });
            first_[i] = deltaT*circleMean(z, [](Complex r)
                { return (-4.0 - r + std::exp(r)*(4.0 - 3.0*r + r*r))/(r*r*r); });
            middle_[i] = 2*deltaT*circleMean(z, [](Complex r) { return (2.0 + r + std::exp(r)*(r - 2.0))/(r*r*r); });
            last_[i] = deltaT*circleMean(z, [](Complex r)
                { return (-4.0 - 3.0*r - r*r + std::exp(r)*(4.0 - r))/(r*r*r); });
        }
        else
        {
            first_[i] = deltaT*circleMean(z, [](Complex r) { return (std::exp(r) - 1.0)/r; });
            last_[i] = deltaT*circleMean(z, [](Complex r) { return (std::exp(r) - 1.0 - r)/(r*r); });
        }
    }
}

void ExponentialRungeKutta::step(Waves& v, double deltaT, const Rest& rest)
{
    prepare(deltaT);
    const std::size_t n = linear_.size();
    const Waves atStart = rest(v);

    if (!fourthOrder_)
    {
        v = sum(whole_, v, first_, atStart);
        const Waves atEnd = rest(v);
        for (std::size_t i = 0; i < v.size(); ++i) v[i] += last_[i%n]*(atEnd[i] - atStart[i]);
        return;
    }

    const Waves a = sum(half_, v, halfStep_, atStart);
    const Waves atA = rest(a);
    const Waves atB = rest(sum(half_, v, halfStep_, atA));
    Waves slope(v.size());
    for (std::size_t i = 0; i < v.size(); ++i) slope[i] = 2.0*atB[i] - atStart[i];
    const Waves atC = rest(sum(half_, a, halfStep_, slope));
    for (std::size_t i = 0; i < v.size(); ++i)
    {
        const std::size_t k = i%n;
        v[i] = whole_[k]*v[i] + first_[k]*atStart[i] + middle_[k]*(atA[i] + atB[i]) + last_[k]*atC[i];
    }
}

} // namespace surrogate
