#include "model/torch/diffusion/sada.h"
#include "core/error.h"
#include "model/torch/diffusion/denoiser.h"
#include "model/torch/diffusion/quadrature.h"

namespace surrogate
{

using torch::Tensor;

namespace
{

constexpr std::size_t needed = 3;
constexpr double tolerance = 0.05;

//- Over all but the members
Tensor innerProduct(const Tensor& a, const Tensor& b)
{
    return (a*b).flatten(1).sum(1);
}

//- Whether it holds for all active members
bool holds(const Tensor& condition, const std::vector<bool>& active)
{
    const Tensor host = condition.to(torch::kCPU);
    for (std::size_t i = 0; i < active.size(); ++i)
    {
        if (active[i] && !host.data_ptr<bool>()[i]) return false;
    }
    return true;
}

std::string sizesOf(const Tensor& x)
{
    std::string sizes;
    for (const auto size : x.sizes()) sizes += (sizes.empty() ? "" : " x ") + std::to_string(size);
    return sizes;
}

} // namespace

Tensor Sada::estimate(const Call& call, const NoiseEstimate& network)
{
    if (!enabled_) return ask(call, network);

    const bool history = haveHistory(call);
    if (history && accurate_ && !leftOut_ && !call.last && isStable(call))
    {
        leftOut_ = true;
        return extrapolate(call);
    }
    leftOut_ = false;
    const Tensor eps = ask(call, network);
    if (history)
    {
        const Tensor miss = eps - extrapolate(call);
        accurate_ = holds(innerProduct(miss, miss) < tolerance*tolerance*innerProduct(eps, eps), call.active);
    }

    // Heun's and Kutta's methods ask twice at a level: the second state is the better one
    bool again = !past_.empty();
    for (std::size_t i = 0; again && i < call.levels.size(); ++i) again = call.levels[i] == past_[0].levels[i];
    if (again) past_.pop_front();
    past_.push_front({call.levels, scaled(call), eps});
    if (past_.size() > needed) past_.pop_back();
    return eps;
}

Tensor Sada::ask(const Call& call, const NoiseEstimate& network)
{
    ++evaluations_;
    ofMembers_.resize(call.active.size());
    for (std::size_t i = 0; i < call.active.size(); ++i) ofMembers_[i] += call.active[i];
    const Tensor eps = network(call.x, call.levels);
    if (eps.sizes() != call.x.sizes())
    {
        throw Error({"The estimated noise does not fit the state", "sampler", sizesOf(call.x), sizesOf(eps), {}});
    }
    return eps.to(call.x.scalar_type());
}

bool Sada::haveHistory(const Call& call) const
{
    if (past_.size() < needed) return false;
    for (std::size_t i = 0; i < call.levels.size(); ++i)
    {
        if (!call.active[i]) continue;
        double level = call.levels[i];
        for (const Past& past : past_)
        {
            if (!(past.levels[i] > level)) return false;
            level = past.levels[i];
        }
    }
    return true;
}

bool Sada::isStable(const Call& call) const
{
    std::vector<double> step;
    for (std::size_t i = 0; i < call.levels.size(); ++i)
    {
        step.push_back(schedule_.rho(call.levels[i]) - schedule_.rho(past_[0].levels[i]));
    }
    const Tensor& e1 = past_[0].eps;
    const Tensor& e2 = past_[1].eps;
    const Tensor& e3 = past_[2].eps;
    const Tensor guess = past_[0].v + perMember(step, call.x)*(5.0/6*e1 + 5.0/6*e2 - 2.0/3*e3);
    return holds(innerProduct(scaled(call) - guess, e1 - 2*e2 + e3) < 0, call.active);
}

Tensor Sada::extrapolate(const Call& call) const
{
    std::vector<std::vector<double>> weights(needed, std::vector<double>(call.levels.size(), 0));
    for (std::size_t i = 0; i < call.levels.size(); ++i)
    {
        if (!call.active[i]) continue;
        std::vector<double> nodes;
        for (const Past& past : past_) nodes.push_back(schedule_.lambda(past.levels[i]));
        for (std::size_t j = 0; j < needed; ++j) weights[j][i] = lagrange(nodes, j, schedule_.lambda(call.levels[i]));
    }
    Tensor eps = perMember(weights[0], call.x)*past_[0].eps;
    for (std::size_t j = 1; j < needed; ++j) eps = eps + perMember(weights[j], call.x)*past_[j].eps;
    return eps;
}

Tensor Sada::scaled(const Call& call) const
{
    std::vector<double> factor;
    for (const double level : call.levels) factor.push_back(1/schedule_.alpha(level));
    return perMember(factor, call.x)*call.x;
}

} // namespace surrogate
