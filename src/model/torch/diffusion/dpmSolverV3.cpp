#include "model/torch/diffusion/linearSampler.h"
#include "model/torch/diffusion/quadrature.h"
#include "model/torch/diffusion/statistics.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

//- A piecewise linear function with its integral
class Table
{
public:

    Table(const std::vector<double>& x, std::vector<double> y) : x_(x), y_(std::move(y)), integral_(x.size(), 0)
    {
        for (std::size_t k = 1; k < x_.size(); ++k)
        {
            integral_[k] = integral_[k - 1] + 0.5*(x_[k] - x_[k - 1])*(y_[k] + y_[k - 1]);
        }
    }

    double operator()(double x) const
    {
        if (x <= x_.front()) return y_.front();
        if (x >= x_.back()) return y_.back();
        const std::size_t k = below(x);
        return y_[k] + (x - x_[k])*slope(k);
    }

    //- From the first node to x
    double integral(double x) const
    {
        if (x <= x_.front()) return (x - x_.front())*y_.front();
        if (x >= x_.back()) return integral_.back() + (x - x_.back())*y_.back();
        const std::size_t k = below(x);
        const double d = x - x_[k];
        return integral_[k] + d*(y_[k] + 0.5*d*slope(k));
    }

private:

    std::size_t below(double x) const
    {
        return static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), x) - x_.begin()) - 1;
    }

    double slope(std::size_t k) const { return (y_[k + 1] - y_[k])/(x_[k + 1] - x_[k]); }

    std::vector<double> x_;
    std::vector<double> y_;
    std::vector<double> integral_;
};

//- Zheng et al. 2023, the multistep predictor without its corrector. The prediction is f = (sigma eps - l x)/alpha. With
//  integrals that start at lambda_s, L of l, S of s, B of e^-S b, the function g = e^-S f - B varies slowly, and
//      alpha_s/alpha_t u' = e^-L(t) (x - alpha_s int_s^t e^(L+S) (g + B) dlambda)
//  with the polynomial g through the last predictions. l = 1, s = 0: DPM-Solver++; l = 0, s = -1: DPM-Solver (both b = 0).
class DpmSolverV3 : public LinearSampler
{
public:

    DpmSolverV3(const SamplerOptions& options, const Schedule& schedule, const ModelStatistics& statistics)
    :
        LinearSampler(options, schedule)
    {
        const auto column = [&](const torch::Tensor& values, std::int64_t channel)
        {
            const torch::Tensor host = values.select(1, channel).to(torch::kCPU, torch::kFloat64).contiguous();
            return Table(statistics.lambda,
                std::vector<double>(host.data_ptr<double>(), host.data_ptr<double>() + host.numel()));
        };
        statistics.check();
        for (std::int64_t channel = 0; channel < statistics.l.size(1); ++channel)
        {
            channels_.push_back({column(statistics.l, channel), column(statistics.s, channel), column(statistics.b, channel)});
        }
    }

protected:

    std::int64_t channels() const override { return static_cast<std::int64_t>(channels_.size()); }

    std::vector<Row> rows(const Track& track, int e) const override
    {
        std::vector<Row> rows;
        for (const Channel& channel : channels_) rows.push_back(row(channel, track, e));
        return rows;
    }

private:

    struct Channel
    {
        Table l;
        Table s;
        Table b;
    };

    Row row(const Channel& channel, const Track& track, int e) const
    {
        const double s = track.levels[static_cast<std::size_t>(e)];
        const double t = track.levels[static_cast<std::size_t>(e) + 1];
        const double alpha = schedule().alpha(s);
        const double from = schedule().lambda(s);
        Row row;
        row.fromState = -channel.l(from)/alpha;
        row.fromNoise = schedule().rho(s);
        if (t <= -1)
        {
            // The estimated clean state
            row.start = (1 - channel.l(from))/alpha;
            row.weights[0] = -1;
            return row;
        }
        const double to = schedule().lambda(t);
        const auto L = [&](double lambda) { return channel.l.integral(lambda) - channel.l.integral(from); };
        const auto S = [&](double lambda) { return channel.s.integral(lambda) - channel.s.integral(from); };
        const auto B = [&](double lambda)
        {
            return integrate(from, lambda, [&](double at) { return std::exp(-S(at))*channel.b(at); });
        };
        const double factor = schedule().alpha(t)*std::exp(-L(to));
        row.start = factor/alpha;
        row.constant = -factor*integrate(from, to, [&](double at) { return std::exp(L(at) + S(at))*B(at); });

        std::vector<double> nodes;
        for (int j = 0; j < std::min(options().order, e + 1); ++j)
        {
            nodes.push_back(schedule().lambda(track.levels[static_cast<std::size_t>(e - j)]));
        }
        for (std::size_t j = 0; j < nodes.size(); ++j)
        {
            const double weight = -factor*integrate(from, to,
                [&](double at) { return std::exp(L(at) + S(at))*lagrange(nodes, j, at); });
            row.weights[j] = weight*std::exp(-S(nodes[j]));
            row.constant -= weight*B(nodes[j]);
        }
        return row;
    }

    std::vector<Channel> channels_;
};

} // namespace

std::unique_ptr<Sampler> makeDpmSolverV3(const SamplerOptions& options, const Schedule& schedule,
    const ModelStatistics& statistics)
{
    return std::make_unique<DpmSolverV3>(options, schedule, statistics);
}

} // namespace surrogate
