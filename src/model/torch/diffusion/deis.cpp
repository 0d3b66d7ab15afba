#include "model/torch/diffusion/linearSampler.h"
#include "model/torch/diffusion/quadrature.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

//- DEIS (Zhang & Chen 2023). With v = x/alpha and rho = sigma/alpha the probability flow is dv/drho = eps, so a step is
//      u' = (alpha_t/alpha_s) x + alpha_t int_s^t eps drho
class Deis : public LinearSampler
{
public:

    using LinearSampler::LinearSampler;

protected:

    //- The newest `order` nodes of a multistep method, newest first
    std::vector<double> newest(const Track& track, int e, int order) const
    {
        std::vector<double> levels;
        for (int j = 0; j < order; ++j) levels.push_back(track.levels[static_cast<std::size_t>(e - j)]);
        return levels;
    }

    int orderAt(const Track& track, int e) const
    {
        return track.levels[static_cast<std::size_t>(e) + 1] <= -1 ? 1 : std::min(options().order, e + 1);
    }
};

//- Adams and Bashforth's methods: polynomials through the last estimates, in the level (tAB) or in rho (rhoAB)
class DeisMultistep : public Deis
{
public:

    DeisMultistep(const SamplerOptions& options, const Schedule& schedule)
    :
        Deis(options, schedule), inRho_(options.variant == "rhoAB")
    {}

protected:

    std::vector<Row> rows(const Track& track, int e) const override
    {
        const double t = track.levels[static_cast<std::size_t>(e) + 1];
        std::vector<double> nodes = newest(track, e, orderAt(track, e));
        const double s = nodes[0];
        Row row = firstOrder(s, t);
        if (nodes.size() == 1) return {row};

        const double factor = schedule().alpha(t);
        if (inRho_) for (double& node : nodes) node = schedule().rho(node);
        for (std::size_t j = 0; j < nodes.size(); ++j)
        {
            row.weights[j] = factor*(inRho_
                ? integrate(nodes[0], schedule().rho(t), [&](double rho) { return lagrange(nodes, j, rho); })
                : overLevels(s, t, nodes, j));
        }
        return {row};
    }

private:

    //- The integral over rho of polynomial j in the level: from whole level to whole level, where log(alpha) has its kinks, in
    //  lambda = -log(rho)
    double overLevels(double s, double t, const std::vector<double>& nodes, std::size_t j) const
    {
        double sum = 0;
        for (double a = s; a > t;)
        {
            const double b = std::max(std::ceil(a) - 1, t);
            sum += integrate(schedule().lambda(a), schedule().lambda(b), [&](double lambda)
            {
                return -std::exp(-lambda)*lagrange(nodes, j, schedule().levelAtLambda(lambda));
            });
            a = b;
        }
        return sum;
    }

    bool inRho_;
};

//- Adams and Bashforth's coefficients of even steps (Liu et al. 2022, without its starting steps)
class Ipndm : public Deis
{
public:

    using Deis::Deis;

protected:

    std::vector<Row> rows(const Track& track, int e) const override
    {
        static const std::vector<std::vector<double>> coefficients
        {
            {1}, {3.0/2, -1.0/2}, {23.0/12, -16.0/12, 5.0/12}, {55.0/24, -59.0/24, 37.0/24, -9.0/24}
        };
        Row row = firstOrder(track.levels[static_cast<std::size_t>(e)], track.levels[static_cast<std::size_t>(e) + 1]);
        const double weight = row.weights[0];
        const auto& c = coefficients[static_cast<std::size_t>(orderAt(track, e) - 1)];
        for (std::size_t j = 0; j < c.size(); ++j) row.weights[j] = c[j]*weight;
        return {row};
    }
};

//- Runge and Kutta's methods in rho: Heun's of order 2, Kutta's of order 3
class DeisRungeKutta : public Deis
{
public:

    using Deis::Deis;

protected:

    Track track(double from, double to) const override { return stagedTrack(from, to); }

    //- Heun's second stage and Kutta's third are at the end of the step, Kutta's second half way in rho
    double stageLevel(double s, double t, int j, int stages) const override
    {
        return j == stages - 1 ? t : schedule().levelAtLambda(-std::log(0.5*(schedule().rho(s) + schedule().rho(t))));
    }

    std::vector<Row> rows(const Track& track, int e) const override
    {
        // By stages and stage: the shares of the step in rho of the predictions, newest first
        static const std::vector<std::vector<std::vector<double>>> tableaus
        {
            {{1}}, {{1}, {1.0/2, 1.0/2}}, {{1.0/2}, {2, -1}, {1.0/6, 4.0/6, 1.0/6}}
        };
        const auto at = static_cast<std::size_t>(e);
        const auto stage = static_cast<std::size_t>(track.stage[at]);
        const auto stages = static_cast<std::size_t>(track.stages[at]);
        const double s = track.levels[at - stage];
        const double end = track.levels[at - stage + stages];
        const double t = track.levels[at + 1];

        Row row = firstOrder(s, t);
        const double step = schedule().alpha(t)*(schedule().rho(end) - schedule().rho(s));
        const auto& shares = tableaus[stages - 1][stage];
        for (std::size_t j = 0; j < shares.size(); ++j) row.weights[j] = shares[j]*step;
        return {row};
    }
};

} // namespace

std::unique_ptr<Sampler> makeDeis(const SamplerOptions& options, const Schedule& schedule)
{
    if (options.variant == "iPNDM") return std::make_unique<Ipndm>(options, schedule);
    if (options.variant == "rhoRK") return std::make_unique<DeisRungeKutta>(options, schedule);
    return std::make_unique<DeisMultistep>(options, schedule);
}

} // namespace surrogate
