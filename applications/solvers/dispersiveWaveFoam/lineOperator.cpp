#include "lineOperator.h"

#include "core/error.h"
#include "core/fft.h"

#include <cmath>
#include <map>

namespace surrogate
{

namespace
{

constexpr double pi = 3.14159265358979323846;

//- Weights of the neighbours 1, 2, 3 cells away; those on the other side are the opposite for the first derivative and the same
//  for the second, whose weight of the cell itself makes the sum zero. By Taylor series (Fornberg 1988).
struct Weights
{
    std::vector<double> first, second;
};

const std::map<std::string, Weights>& weights()
{
    static const std::map<std::string, Weights> table
    {
        {"central2", {{1.0/2}, {1.0}}},
        {"central4", {{2.0/3, -1.0/12}, {4.0/3, -1.0/12}}},
        {"central6", {{3.0/4, -3.0/20, 1.0/60}, {3.0/2, -3.0/20, 1.0/90}}},
    };
    return table;
}

} // namespace

std::vector<std::string> LineOperator::names()
{
    std::vector<std::string> all{"spectral"};
    for (const auto& entry : weights()) all.push_back(entry.first);
    return all;
}

LineOperator::LineOperator(const std::string& name, std::size_t n, double dx, const std::string& where)
:
    first_(n), second_(n)
{
    const auto found = weights().find(name);
    if (name != "spectral" && found == weights().end())
    {
        throw Error({"Unknown scheme", where, "one of the names below", name, names()});
    }

    for (std::size_t i = 0; i < n; ++i)
    {
        const double angle = 2*pi*waveNumber(i, n)/double(n);   // of the wave from a cell to the next
        double first = angle, second = -angle*angle;
        if (name != "spectral")
        {
            first = second = 0;
            for (std::size_t j = 0; j < found->second.first.size(); ++j)
            {
                first += 2*found->second.first[j]*std::sin(double(j + 1)*angle);
                second += 2*found->second.second[j]*(std::cos(double(j + 1)*angle) - 1);
            }
        }
        first_[i] = {0, 2*i == n ? 0.0 : first/dx};
        second_[i] = second/(dx*dx);
    }
}

LineOperator::Complex LineOperator::linear(std::size_t i, const WaveCoefficients& coefficients) const
{
    const double second = second_[i];
    return (coefficients.nu - coefficients.c)*second - coefficients.b*second*first_[i] - coefficients.d*second*second;
}

} // namespace surrogate
