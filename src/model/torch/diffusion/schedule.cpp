#include "model/torch/diffusion/schedule.h"
#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

namespace surrogate
{

namespace
{

constexpr double halfPi = 1.57079632679489661923;

std::vector<double> cosine(int levels, double)
{
    const double offset = 0.008;
    const auto f = [&](int s)
    {
        const double c = std::cos((static_cast<double>(s)/levels + offset)/(1 + offset)*halfPi);
        return c*c;
    };
    std::vector<double> beta;
    for (int s = 0; s < levels; ++s) beta.push_back(std::min(std::max(1 - f(s + 1)/f(s), 0.0), 0.999));
    return beta;
}

std::vector<double> linear(int levels, double)
{
    const double first = 1e-4*500/levels;
    const double last = 2e-2*500/levels;
    std::vector<double> beta;
    for (int s = 0; s < levels; ++s)
    {
        const double b = levels == 1 ? first : first + (last - first)*s/(levels - 1);
        beta.push_back(std::min(std::max(b, 1e-4), 0.9999));
    }
    return beta;
}

std::vector<double> exponential(int levels, double minNoise)
{
    std::vector<double> beta;
    double before = 1;
    for (int s = 0; s < levels; ++s)
    {
        const double exponent = 1 - static_cast<double>(s)/(levels - 1);
        const double alphaBar = -std::expm1(exponent*std::log(minNoise));
        beta.push_back(s == 0 ? minNoise : std::min(1 - alphaBar/before, 0.9999));
        before = alphaBar;
    }
    return beta;
}

using Maker = std::function<std::vector<double>(int levels, double minNoise)>;

const std::map<std::string, Maker>& table()
{
    static const std::map<std::string, Maker> makers{{"cosine", cosine}, {"exponential", exponential}, {"linear", linear}};
    return makers;
}

} // namespace

Schedule Schedule::make(const std::string& name, int levels, double minNoise)
{
    const auto maker = table().find(name);
    if (maker == table().end())
    {
        throw Error({"Unknown noise schedule", "noise schedule", "one of the names below", name, names()});
    }
    const int least = name == "exponential" ? 2 : 1;
    if (levels < least)
    {
        throw Error({"Too few noise levels", "noise schedule " + name, std::to_string(least) + " or more",
            std::to_string(levels), {}});
    }
    if (!(minNoise > 0 && minNoise < 1))
    {
        throw Error({"Smallest noise variance out of range", "noise schedule " + name, "above 0 and below 1",
            std::to_string(minNoise), {}});
    }
    return Schedule(name, maker->second(levels, minNoise));
}

std::vector<std::string> Schedule::names()
{
    std::vector<std::string> names;
    for (const auto& entry : table()) names.push_back(entry.first);
    return names;
}

Schedule::Schedule(std::string name, const std::vector<double>& beta) : name_(std::move(name)), beta_(beta)
{
    double sum = 0;
    for (const double b : beta_) logAlphaBar_.push_back(sum += std::log1p(-b));
}

double Schedule::logAlphaBar(double level) const
{
    if (level <= -1) return 0;
    if (level <= 0) return std::log1p((level + 1)*std::expm1(logAlphaBar_[0]));
    const auto below = static_cast<std::size_t>(level);
    if (below + 1 >= logAlphaBar_.size()) return logAlphaBar_.back();
    const double share = level - static_cast<double>(below);
    return (1 - share)*logAlphaBar_[below] + share*logAlphaBar_[below + 1];
}

double Schedule::alphaBar(double level) const
{
    return std::exp(logAlphaBar(level));
}

double Schedule::alpha(double level) const
{
    return std::exp(0.5*logAlphaBar(level));
}

double Schedule::sigma(double level) const
{
    return std::sqrt(-std::expm1(logAlphaBar(level)));
}

double Schedule::rho(double level) const
{
    return std::sqrt(std::expm1(-logAlphaBar(level)));
}

double Schedule::lambda(double level) const
{
    return level <= -1 ? std::numeric_limits<double>::infinity() : -std::log(rho(level));
}

double Schedule::levelAtLambda(double lambda) const
{
    const double logAlphaBar = -std::log1p(std::exp(-2*lambda));
    if (logAlphaBar >= logAlphaBar_[0]) return std::expm1(logAlphaBar)/std::expm1(logAlphaBar_[0]) - 1;
    if (logAlphaBar <= logAlphaBar_.back()) return levels() - 1;

    const auto above = std::lower_bound(logAlphaBar_.begin(), logAlphaBar_.end(), logAlphaBar, std::greater<double>());
    const double upper = *above;
    const double lower = *(above - 1);
    return static_cast<double>(above - logAlphaBar_.begin()) - 1 + (lower - logAlphaBar)/(lower - upper);
}

double Schedule::beta(int level) const
{
    if (level < 0 || level >= levels())
    {
        throw Error({"Noise level out of range", "noise schedule " + name_, "0 to " + std::to_string(levels() - 1),
            std::to_string(level), {}});
    }
    return beta_[static_cast<std::size_t>(level)];
}

} // namespace surrogate
