#include "vtk/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace surrogate
{

namespace
{

constexpr double slack = 1e-9;   // of the range: a tick at its very end belongs to it

//- 1, 2 or 5 times a power of ten, at least `step`
double roundStep(double step)
{
    const double power = std::pow(10, std::floor(std::log10(step)));
    for (const double factor : {1.0, 2.0, 5.0})
    {
        if (factor*power >= step*(1 - slack)) return factor*power;
    }
    return 10*power;
}

std::vector<Axis::Tick> linearTicks(const Axis& axis, int count)
{
    std::vector<Axis::Tick> ticks;
    const double step = roundStep((axis.high - axis.low)/count), tolerance = slack*(axis.high - axis.low);
    const long last = std::lround(std::floor((axis.high + tolerance)/step));
    for (long i = std::lround(std::ceil((axis.low - tolerance)/step)); i <= last; ++i)
    {
        ticks.push_back({double(i)*step, shortNumber(double(i)*step), ""});
    }
    return ticks;
}

//- Plain numbers at 1, 2, 5 where the range has at most two decades, else powers of ten
std::vector<Axis::Tick> logarithmicTicks(const Axis& axis, int count)
{
    std::vector<Axis::Tick> ticks;
    const int first = int(std::floor(std::log10(axis.low) + slack)), last = int(std::ceil(std::log10(axis.high) - slack));
    const bool plain = last - first <= 2;
    const int every = std::max(1, int(std::ceil(double(last - first)/count)));
    for (int decade = first; decade <= last; ++decade)
    {
        for (int digit = 1; digit < 10; ++digit)
        {
            const double value = digit*std::pow(10, decade);
            if (value < axis.low*(1 - slack) || value > axis.high*(1 + slack)) continue;
            const bool power = digit == 1 && (decade - first)%every == 0;
            if (plain && (digit == 1 || digit == 2 || digit == 5)) ticks.push_back({value, shortNumber(value), ""});
            else if (!plain && power) ticks.push_back({value, "10", std::to_string(decade)});
            else if (every == 1 || digit == 1) ticks.push_back({value, "", ""});
        }
    }
    return ticks;
}

} // namespace

double Axis::fraction(double value) const
{
    if (!logarithmic) return (value - low)/(high - low);
    if (!(value > 0)) return std::numeric_limits<double>::quiet_NaN();
    return std::log(value/low)/std::log(high/low);
}

std::vector<Axis::Tick> Axis::ticks(int count) const
{
    return logarithmic ? logarithmicTicks(*this, count) : linearTicks(*this, count);
}

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value == 0 ? 0.0 : value);
    return text;
}

} // namespace surrogate
