#include "core/error.h"
#include "model/torch/diffusion/sampler.h"
#include "model/torch/diffusion/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace surrogate
{
namespace
{

using torch::Tensor;

Tensor noNoise(const Tensor& like, const std::vector<bool>&)
{
    return torch::zeros_like(like);
}

Sampler::Result run(const char* name, const char* variant, int order, int evaluations, const ModelStatistics* statistics,
    const Schedule& schedule, const Tensor& x, double from, double to, const NoiseEstimate& network)
{
    SamplerOptions o;
    o.name = name;
    o.variant = variant;
    o.order = order;
    o.evaluations = evaluations;
    const std::vector<double> levels(static_cast<std::size_t>(x.size(0)), from);
    return makeSampler(o, schedule, statistics)->sample(x, levels, to, network, noNoise);
}

double furthest(const Tensor& a, const Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

//- The same statistics for all lambda
ModelStatistics constant(double l, double s, double b, std::int64_t channels)
{
    const auto values = [&](double value) { return torch::full({2, channels}, value, torch::kFloat64); };
    return {{-12, 12}, values(l), values(s), values(b)};
}

//- Data N(0, 1) and N(0, 0.3^2) in two channels
Tensor deviations()
{
    return torch::tensor({1.0, 0.3}, torch::kFloat64).view({1, 2, 1, 1});
}

NoiseEstimate gaussian(const Schedule& schedule)
{
    return [&schedule](const Tensor& x, const std::vector<double>& levels)
    {
        const double sigma = schedule.sigma(levels[0]);
        return (sigma*x/(schedule.alphaBar(levels[0])*deviations()*deviations() + sigma*sigma)).to(x.scalar_type());
    };
}

//- Half of the data at 1, half at -1, each with a deviation of 0.3
NoiseEstimate twoPeaks(const Schedule& schedule)
{
    return [&schedule](const Tensor& x, const std::vector<double>& levels)
    {
        const double alpha = schedule.alpha(levels[0]);
        const double sigma = schedule.sigma(levels[0]);
        const double variance = alpha*alpha*0.09 + sigma*sigma;
        return sigma/variance*(x - alpha*torch::tanh(alpha*x/variance));
    };
}

// Order 2 of the others has an approximate weight, so that the two only agree to the order of the method
TEST(Statistics, v3HasTheOtherSolversInIt)
{
    struct Case
    {
        const char* name;
        double l;
        double s;
    };
    const Schedule schedule = Schedule::make("cosine", 100);
    const Tensor x = torch::linspace(-2, 2, 12, torch::kFloat64).view({2, 2, 3, 1});
    for (const Case& c : {Case{"dpmSolverPP", 1, 0}, Case{"dpmSolver", 0, -1}})
    {
        const ModelStatistics statistics = constant(c.l, c.s, 0, 2);
        for (const double to : {-1.0, 10.0})
        {
            const auto difference = [&](int order, int n)
            {
                return furthest(run("dpmSolverV3", "", order, n, &statistics, schedule, x, 80, to, twoPeaks(schedule)).x,
                    run(c.name, "multistep", order, n, nullptr, schedule, x, 80, to, twoPeaks(schedule)).x);
            };
            EXPECT_LT(difference(1, 10), 1e-11) << c.name;
            EXPECT_LT(difference(3, 10), 1e-11) << c.name;
            EXPECT_LT(difference(2, 80), difference(2, 20)/8) << c.name;
        }
    }
}

// eps = c + k e^lambda has f = c e^-lambda + k and f' = -f + k for l = 0, which s = -1, b = k solve in one step
TEST(Statistics, v3IsExactForTheRegressionItIsGiven)
{
    const Schedule schedule = Schedule::make("cosine", 100);
    const double k = 0.7;
    const NoiseEstimate network = [&](const Tensor& x, const std::vector<double>& levels)
    {
        return torch::full_like(x, 0.3 + k/schedule.rho(levels[0]));
    };
    const Tensor x = torch::ones({1, 2, 1, 1}, torch::kFloat64);
    const double from = 90;
    const double to = 3;
    const double exact = schedule.alpha(to)*(1/schedule.alpha(from) + 0.3*(schedule.rho(to) - schedule.rho(from))
        - k*(schedule.lambda(to) - schedule.lambda(from)));
    const ModelStatistics statistics = constant(0, -1, k, 2);
    for (const int order : {1, 2, 3})
    {
        for (const int n : {1, 3})
        {
            const Tensor result = run("dpmSolverV3", "", order, n, &statistics, schedule, x, from, to, network).x;
            EXPECT_NEAR(result.min().item<double>(), exact, 1e-9);
            EXPECT_NEAR(result.max().item<double>(), exact, 1e-9);
        }
    }
}

// Of Gaussian data l is sigma^2/(alpha^2 d^2 + sigma^2), f is 0
TEST(Statistics, gaussianDataAreExplained)
{
    const Schedule schedule = Schedule::make("cosine", 200);
    const Tensor data = torch::randn({4, 2, 8, 8}, torch::kFloat64)*deviations();
    const ModelStatistics statistics = estimateStatistics(gaussian(schedule), schedule, data, Noise(1), 80);
    ASSERT_EQ(statistics.lambda.size(), 80u);
    for (std::size_t k = 0; k < 80; ++k)
    {
        const double level = schedule.levelAtLambda(statistics.lambda[k]);
        const double sigma2 = std::pow(schedule.sigma(level), 2);
        const Tensor exact = sigma2/(schedule.alphaBar(level)*torch::pow(deviations().flatten(), 2) + sigma2);
        EXPECT_LT(furthest(statistics.l[static_cast<std::int64_t>(k)], exact), 1e-10);
    }
    EXPECT_LT(statistics.s.abs().max().item<double>(), 1e-10);

    const Tensor x = torch::randn({2, 2, 4, 4}, torch::kFloat64);
    const auto error = [&](const char* name, const ModelStatistics* s)
    {
        const Tensor exact = run("dpmSolverPP", "", 3, 150, nullptr, schedule, x, 150, 0, gaussian(schedule)).x;
        return furthest(run(name, "", 2, 3, s, schedule, x, 150, 0, gaussian(schedule)).x, exact);
    };
    EXPECT_LT(error("dpmSolverV3", &statistics), 1e-3);   // of the table
    EXPECT_GT(error("dpmSolverPP", nullptr), 0.1);
}

// eps = e^(a lambda) sign(x) has f = e^((a - 1) lambda) sign(x) and f' = (a - 1) f, where no data are near the jump
TEST(Statistics, regressionFindsTheSlope)
{
    const Schedule schedule = Schedule::make("cosine", 100);
    const double a = 0.4;
    const NoiseEstimate network = [&](const Tensor& x, const std::vector<double>& levels)
    {
        return std::pow(schedule.rho(levels[0]), -a)*torch::sign(x);
    };
    const Tensor data = 5000*torch::sign(torch::randn({4, 1, 8, 8}, torch::kFloat64));
    const ModelStatistics statistics = estimateStatistics(network, schedule, data, Noise(1), 10);
    EXPECT_LT(statistics.l.abs().max().item<double>(), 1e-12);
    EXPECT_LT((statistics.s - (a - 1)).abs().max().item<double>(), 1e-3);
    EXPECT_LT(statistics.b.abs().max().item<double>(), 1e-9);
}

// The error of order 1 halves; orders 2 and 3 gain nothing reliable in one dimension
TEST(Statistics, helpWhereDataAreNotGaussian)
{
    torch::manual_seed(1);
    const Schedule schedule = Schedule::make("cosine", 200);
    const NoiseEstimate network = twoPeaks(schedule);
    const Tensor data = torch::sign(torch::randn({8, 1, 16, 16}, torch::kFloat64))
        + 0.3*torch::randn({8, 1, 16, 16}, torch::kFloat64);
    const ModelStatistics statistics = estimateStatistics(network, schedule, data, Noise(2), 60);
    const Tensor x = torch::randn({2, 1, 16, 16}, torch::kFloat64);
    const Tensor exact = run("dpmSolverPP", "", 3, 300, nullptr, schedule, x, 199, 0, network).x;
    const auto error = [&](const char* name, int order, const ModelStatistics* s)
    {
        return (run(name, "", order, 12, s, schedule, x, 199, 0, network).x - exact).pow(2).mean().sqrt().item<double>();
    };
    EXPECT_LT(error("dpmSolverV3", 1, &statistics), 0.7*error("dpmSolverPP", 1, nullptr));

    // In single precision, as networks run
    const ModelStatistics single = estimateStatistics(network, schedule, data.to(torch::kFloat32), Noise(2), 60);
    EXPECT_LT(furthest(single.l, statistics.l), 1e-4);
    EXPECT_LT(error("dpmSolverV3", 2, &single), 1.1*error("dpmSolverV3", 2, &statistics));
}

TEST(Statistics, refusesWhatDoesNotFit)
{
    const Schedule schedule = Schedule::make("cosine", 10);
    ModelStatistics statistics = constant(1, 0, 0, 2);
    EXPECT_NO_THROW(statistics.check());
    statistics.lambda = {1, 1};
    EXPECT_THROW(statistics.check(), Error);
    statistics.lambda = {0, 1, 2};
    EXPECT_THROW(statistics.check(), Error);
    EXPECT_THROW(estimateStatistics(gaussian(schedule), schedule, torch::zeros({1, 2, 2, 2}), Noise(), 1), Error);

    // A state of other channels
    statistics = constant(1, 0, 0, 2);
    const Tensor x = torch::zeros({1, 3, 2, 2});
    EXPECT_THROW(run("dpmSolverV3", "", 2, 3, &statistics, schedule, x, 5, -1, twoPeaks(schedule)), Error);
}

} // namespace
} // namespace surrogate
