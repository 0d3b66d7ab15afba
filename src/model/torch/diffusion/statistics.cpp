#include "model/torch/diffusion/statistics.h"
#include "core/error.h"
#include "model/torch/diffusion/nodes.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;

namespace
{

constexpr double probe = 1.0/20;      // of sigma
constexpr double interval = 1.0/50;   // in lambda, to either side

//- The network on all data at one lambda
class Probe
{
public:

    Probe(const NoiseEstimate& estimate, const Schedule& schedule, const Tensor& data)
    :
        estimate_(estimate), schedule_(schedule), data_(data)
    {}

    Tensor noisy(double lambda, const Tensor& eps) const
    {
        const double level = schedule_.levelAtLambda(lambda);
        return schedule_.alpha(level)*data_ + schedule_.sigma(level)*eps;
    }

    Tensor noiseOf(const Tensor& x, double lambda) const
    {
        const std::vector<double> levels(static_cast<std::size_t>(x.size(0)), schedule_.levelAtLambda(lambda));
        return estimate_(x, levels);
    }

    //- x at `lambda` after a first-order step of the probability flow
    Tensor moved(const Tensor& x, const Tensor& eps, double lambda, double to) const
    {
        const double s = schedule_.levelAtLambda(lambda);
        const double t = schedule_.levelAtLambda(to);
        const double ratio = schedule_.alpha(t)/schedule_.alpha(s);
        return ratio*x + (schedule_.sigma(t) - ratio*schedule_.sigma(s))*eps;
    }

private:

    const NoiseEstimate& estimate_;
    const Schedule& schedule_;
    Tensor data_;
};

Tensor normal(const Tensor& like, const Noise& noise, std::uint32_t stream)
{
    Tensor numbers = torch::empty(like.sizes(), torch::kFloat64);
    noise.normal(stream, numbers.data_ptr<double>(), static_cast<std::size_t>(numbers.numel()));
    return numbers.to(like.device(), like.scalar_type());
}

//- Mean over all but the channels, in double precision
Tensor channelMean(const Tensor& x, const FlowGeometry& geometry)
{
    return geometry.channelMean(x.to(torch::kFloat64)).to(torch::kCPU);
}

//- One number a channel, for the coordinates of x
Tensor perChannel(const Tensor& values, const Tensor& x)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    shape[1] = x.size(1);
    return values.to(x.device(), x.scalar_type()).view(shape);
}

Tensor linearTerm(const Probe& network, double sigma, const Tensor& x, double lambda, const Tensor& signs,
    const FlowGeometry& geometry)
{
    const double d = probe*sigma;
    const Tensor difference = network.noiseOf(x + d*signs, lambda) - network.noiseOf(x - d*signs, lambda);
    return channelMean(signs*difference, geometry)*(sigma/(2*d));
}

//- s and b [channel]. Where the variance of f is not above the least one, l explains the network: f is rounding and sampling
//  error, and s is 0.
std::pair<Tensor, Tensor> regression(const Tensor& f, const Tensor& slope, const Tensor& least,
    const FlowGeometry& geometry)
{
    const Tensor meanF = channelMean(f, geometry);
    const Tensor meanSlope = channelMean(slope, geometry);
    const Tensor variance = channelMean(f*f, geometry) - meanF*meanF;
    const Tensor covariance = channelMean(f*slope, geometry) - meanF*meanSlope;

    const Tensor s = torch::where(variance > least, covariance/torch::maximum(variance, least), torch::zeros_like(variance));
    return {s, meanSlope - s*meanF};
}

} // namespace

void ModelStatistics::check() const
{
    const auto nodes = static_cast<std::int64_t>(lambda.size());
    for (const Tensor& t : {l, s, b})
    {
        if (nodes < 2 || !t.defined() || t.dim() != 2 || t.size(0) != nodes || t.size(1) != l.size(1))
        {
            throw Error({"Network statistics of the wrong shape", "statistics l, s and b",
                "two nodes or more, and [node][channel] in each", std::to_string(nodes) + " nodes", {}});
        }
    }
    for (std::size_t k = 1; k < lambda.size(); ++k)
    {
        if (!(lambda[k] > lambda[k - 1]))
        {
            throw Error({"Network statistics whose nodes do not rise", "statistics, lambda", "rising numbers",
                std::to_string(lambda[k - 1]) + " before " + std::to_string(lambda[k]), {}});
        }
    }
}

ModelStatistics estimateStatistics(const NoiseEstimate& estimate, const Schedule& schedule, const Tensor& data,
    const Noise& noise, int nNodes, const FlowGeometry& geometry)
{
    if (nNodes < 2)
    {
        throw Error({"Too few nodes for network statistics", "statistics", "2 or more", std::to_string(nNodes), {}});
    }
    const torch::NoGradGuard noGradient;
    const Probe network(estimate, schedule, data);
    const double first = std::max(schedule.lambda(schedule.levels() - 1), leastLambda) + interval;
    const double last = schedule.lambda(0);

    // The same numbers at all nodes, so that the functions of lambda are smooth
    const Tensor eps0 = geometry.masked(normal(data, noise, 0));
    const Tensor signs = geometry.masked(torch::sign(normal(data, noise, 1)));

    ModelStatistics statistics;
    std::vector<Tensor> l;
    for (int k = 0; k < nNodes; ++k)
    {
        const double lambda = first + (last - first)*k/(nNodes - 1);
        const Tensor x = network.noisy(lambda, eps0);
        statistics.lambda.push_back(lambda);
        l.push_back(linearTerm(network, schedule.sigma(schedule.levelAtLambda(lambda)), x, lambda, signs, geometry));
    }
    statistics.l = torch::stack(l);

    std::vector<Tensor> s;
    std::vector<Tensor> b;
    for (int k = 0; k < nNodes; ++k)
    {
        const auto at = static_cast<std::int64_t>(k);
        const double lambda = statistics.lambda[static_cast<std::size_t>(k)];
        const double level = schedule.levelAtLambda(lambda);
        const Tensor x = network.noisy(lambda, eps0);
        const Tensor eps = network.noiseOf(x, lambda);
        const auto around = [&](double to) { return network.noiseOf(network.moved(x, eps, lambda, to), to); };
        const Tensor epsSlope = (around(lambda + interval) - around(lambda - interval))/(2*interval);

        // f = e^-lambda eps - l v with v = x/alpha and dv/dlambda = -e^-lambda eps
        const std::int64_t below = std::max<std::int64_t>(at - 1, 0);
        const std::int64_t above = std::min<std::int64_t>(at + 1, nNodes - 1);
        const double width = static_cast<double>(above - below)*(last - first)/(nNodes - 1);
        const Tensor lHere = perChannel(statistics.l[at], x);
        const Tensor lSlope = perChannel((statistics.l[above] - statistics.l[below])/width, x);
        const Tensor v = x/schedule.alpha(level);
        const double rho = schedule.rho(level);
        const auto [sHere, bHere] = regression(rho*eps - lHere*v, rho*((lHere - 1)*eps + epsSlope) - lSlope*v,
            1e-6*rho*rho*channelMean(eps*eps, geometry), geometry);
        s.push_back(sHere);
        b.push_back(bHere);
    }
    statistics.s = torch::stack(s);
    statistics.b = torch::stack(b);
    return statistics;
}

} // namespace surrogate
