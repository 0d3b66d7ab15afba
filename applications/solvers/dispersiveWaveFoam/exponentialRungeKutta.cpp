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

//- a v + b w + c (x - w), position by position; a, b and c repeat
Waves sum(const Waves& a, const Waves& v, const Waves& b, const Waves& w, const Waves& c, const Waves& x)
{
    Waves result(v.size());
    const std::size_t n = a.size();
    for (std::size_t i = 0; i < v.size(); ++i) result[i] = a[i%n]*v[i] + b[i%n]*w[i] + c[i%n]*(x[i] - w[i]);
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
    for (Waves* waves : {&whole_, &half_, stage_, stage_ + 1, stage_ + 2, stage_ + 3, &first_, &middle_, &last_})
    {
        waves->resize(n);
    }

    // (exp(z) - 1)/z and the next two of its kind
    const auto phi1 = [](Complex z) { return (std::exp(z) - 1.0)/z; };
    const auto phi2 = [](Complex z) { return (std::exp(z) - 1.0 - z)/(z*z); };
    const auto phi3 = [](Complex z) { return (std::exp(z) - 1.0 - z - 0.5*z*z)/(z*z*z); };
    for (std::size_t i = 0; i < n; ++i)
    {
        const Complex z = deltaT*linear_[i];
        const Complex f1 = deltaT*circleMean(z, phi1), f2 = deltaT*circleMean(z, phi2);
        whole_[i] = std::exp(z);
        stage_[2][i] = f1;
        if (!fourthOrder_)
        {
            last_[i] = f2;
            continue;
        }
        const Complex f3 = deltaT*circleMean(z, phi3);
        half_[i] = std::exp(0.5*z);
        stage_[0][i] = 0.5*deltaT*circleMean(0.5*z, phi1);
        stage_[1][i] = deltaT*circleMean(0.5*z, phi2);
        stage_[3][i] = 2.0*f2;
        first_[i] = f1 - 3.0*f2 + 4.0*f3;
        middle_[i] = 2.0*f2 - 4.0*f3;
        last_[i] = 4.0*f3 - f2;
    }
}

void ExponentialRungeKutta::step(Waves& v, double deltaT, const Rest& rest)
{
    prepare(deltaT);
    const std::size_t n = linear_.size();
    const Waves atStart = rest(v);

    if (!fourthOrder_)
    {
        v = sum(whole_, v, stage_[2], atStart, last_, atStart);
        const Waves atEnd = rest(v);
        for (std::size_t i = 0; i < v.size(); ++i) v[i] += last_[i%n]*(atEnd[i] - atStart[i]);
        return;
    }

    const Waves atA = rest(sum(half_, v, stage_[0], atStart, stage_[1], atStart));
    const Waves atB = rest(sum(half_, v, stage_[0], atStart, stage_[1], atA));
    const Waves atC = rest(sum(whole_, v, stage_[2], atStart, stage_[3], atB));
    for (std::size_t i = 0; i < v.size(); ++i)
    {
        const std::size_t k = i%n;
        v[i] = whole_[k]*v[i] + first_[k]*atStart[i] + middle_[k]*(atA[i] + atB[i]) + last_[k]*atC[i];
    }
}

} // namespace surrogate
