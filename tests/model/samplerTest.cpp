#include "core/error.h"
#include "core/noise.h"
#include "model/torch/diffusion/memberNoise.h"
#include "model/torch/diffusion/sampler.h"
#include "model/torch/diffusion/statistics.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace surrogate
{
namespace
{

using torch::Tensor;

//- A sampler as the tests name it
SamplerOptions options(const std::string& name, const std::string& variant, int order, int evaluations,
    const std::string& spacing = "logSNR")
{
    SamplerOptions o;
    o.name = name;
    o.variant = variant;
    o.order = order;
    o.evaluations = evaluations;
    o.spacing = spacing;
    return o;
}

struct Method
{
    std::string name;
    std::string variant;
    int order;
    double accuracy;   //!< the order to be observed

    std::string print() const { return name + ' ' + variant + ' ' + std::to_string(order); }
};

//- All deterministic ones
std::vector<Method> methods()
{
    std::vector<Method> all{{"ddim", "", 1, 1}, {"dpmSolverV3", "", 1, 1}, {"dpmSolverV3", "", 2, 2}, {"dpmSolverV3", "", 3, 3},
        {"deis", "iPNDM", 1, 1}, {"deis", "iPNDM", 2, 2}, {"deis", "iPNDM", 3, 2}, {"deis", "iPNDM", 4, 2}};
    for (int order = 1; order <= 4; ++order)
    {
        all.push_back({"deis", "tAB", order, 1.0*order});
        all.push_back({"deis", "rhoAB", order, 1.0*order});
        if (order == 4) continue;
        all.push_back({"deis", "rhoRK", order, 1.0*order});
        for (const char* variant : {"singlestep", "multistep"})
        {
            all.push_back({"dpmSolver", variant, order, 1.0*order});
            all.push_back({"dpmSolverPP", variant, order, 1.0*order});
        }
    }
    return all;
}

//- The same statistics for all lambda
ModelStatistics constantStatistics(double l, double s, double b, std::int64_t channels = 1)
{
    const auto values = [&](double value) { return torch::full({2, channels}, value, torch::kFloat64); };
    return {{-12, 12}, values(l), values(s), values(b)};
}

std::unique_ptr<Sampler> make(const SamplerOptions& o, const Schedule& schedule)
{
    const ModelStatistics statistics = constantStatistics(0.4, -1, 0);
    return makeSampler(o, schedule, o.name == "dpmSolverV3" ? &statistics : nullptr);
}

Tensor noNoise(const Tensor& like, const std::vector<bool>&)
{
    return torch::zeros_like(like);
}

//- Standard normal numbers that differ from call to call
NoiseSource randomNoise(std::uint64_t seed)
{
    const auto generator = std::make_shared<torch::Generator>(torch::make_generator<torch::CPUGeneratorImpl>(seed));
    return [generator](const Tensor& like, const std::vector<bool>&)
    {
        return torch::randn(like.sizes(), *generator, like.options());
    };
}

//- Each member's own
NoiseSource memberNoise(const std::vector<std::size_t>& members)
{
    const auto numbers = std::make_shared<MemberNoise>(Noise(1), members);
    return [numbers](const Tensor& like, const std::vector<bool>& active) { return numbers->draw(like, active); };
}

//- One number a member, for the coordinates of x
Tensor perMember(const Tensor& x, const std::vector<double>& levels, const std::function<double(double)>& f)
{
    std::vector<double> values;
    for (const double level : levels) values.push_back(f(level));
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    shape[0] = x.size(0);
    return torch::tensor(values, torch::kFloat64).to(x.scalar_type()).view(shape);
}

//- Data N(0, deviation^2), with a deviation a point
NoiseEstimate gaussian(const Schedule& schedule, const Tensor& deviation)
{
    return [&schedule, deviation](const Tensor& x, const std::vector<double>& levels)
    {
        const Tensor alpha = perMember(x, levels, [&](double level) { return schedule.alpha(level); });
        const Tensor sigma = perMember(x, levels, [&](double level) { return schedule.sigma(level); });
        return x*sigma/(torch::pow(alpha*deviation, 2) + sigma*sigma);
    };
}

//- Data of a mixture of two normal distributions in one dimension
struct Mixture
{
    double weight = 0.35;    //!< of the first
    double mean[2] = {-1.2, 0.8};
    double deviation[2] = {0.25, 0.4};

    NoiseEstimate estimate(const Schedule& schedule) const
    {
        return [*this, &schedule](const Tensor& x, const std::vector<double>& levels)
        {
            const Tensor alpha = perMember(x, levels, [&](double level) { return schedule.alpha(level); });
            const Tensor sigma = perMember(x, levels, [&](double level) { return schedule.sigma(level); });
            Tensor density[2];
            Tensor slope[2];
            for (int k = 0; k < 2; ++k)
            {
                const Tensor variance = alpha*alpha*deviation[k]*deviation[k] + sigma*sigma;
                const Tensor d = x - alpha*mean[k];
                density[k] = std::log(k == 0 ? weight : 1 - weight) - 0.5*torch::log(variance) - d*d/(2*variance);
                slope[k] = d/variance;
            }
            const Tensor first = torch::sigmoid(density[0] - density[1]);
            return sigma*(first*slope[0] + (1 - first)*slope[1]);
        };
    }

    double distribution(double x) const
    {
        const auto normal = [&](int k) { return 0.5*std::erfc((mean[k] - x)/deviation[k]*std::sqrt(0.5)); };
        return weight*normal(0) + (1 - weight)*normal(1);
    }

    std::vector<double> draw(int n, std::uint64_t seed) const
    {
        const Noise noise(seed);
        std::vector<double> values;
        for (int i = 0; i < n; ++i)
        {
            const int k = noise.uniform(0, static_cast<std::uint64_t>(i)) < weight ? 0 : 1;
            values.push_back(mean[k] + deviation[k]*noise.normal(1, static_cast<std::uint64_t>(i)));
        }
        return values;
    }
};

//- Kolmogorov and Smirnov's distance from a sample to the distribution, times sqrt(n)
double distance(std::vector<double> values, const Mixture& mixture)
{
    std::sort(values.begin(), values.end());
    const double n = static_cast<double>(values.size());
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        const double f = mixture.distribution(values[i]);
        largest = std::max({largest, f - static_cast<double>(i)/n, static_cast<double>(i + 1)/n - f});
    }
    return largest*std::sqrt(n);
}

double distance(const Tensor& x, const Mixture& mixture)
{
    const Tensor values = x.to(torch::kFloat64).contiguous();
    return distance(std::vector<double>(values.data_ptr<double>(), values.data_ptr<double>() + values.numel()), mixture);
}

// The probability flow of Gaussian data is x_t = x_s sqrt((alpha_t^2 d^2 + sigma_t^2)/(alpha_s^2 d^2 + sigma_s^2)).
// Multistep methods start with steps of lower order. These do not show from a level with hardly any signal, where both the
// estimated noise and the estimated clean state have derivatives near zero (and dpmSolverV3's f, scaled with s = -1, too).
double observedOrder(const Method& method, const std::vector<int>& evaluations)
{
    const Schedule schedule = Schedule::make("cosine", 1000);
    const Tensor deviation = torch::tensor({0.1, 0.13, 0.16, 0.2, 0.25}, torch::kFloat64).view({1, 1, 1, 5});
    const double from = schedule.levelAtLambda(-5);
    const double to = schedule.levelAtLambda(2);
    const auto spread = [&](double level)
    {
        return torch::sqrt(schedule.alphaBar(level)*deviation*deviation + std::pow(schedule.sigma(level), 2));
    };
    const Tensor x = torch::ones({1, 1, 1, 5}, torch::kFloat64);
    std::vector<double> errors;
    for (const int n : evaluations)
    {
        const auto result = make(options(method.name, method.variant, method.order, n), schedule)
            ->sample(x, {from}, to, gaussian(schedule, deviation), noNoise);
        errors.push_back((result.x - x*(spread(to)/spread(from))).pow(2).mean().sqrt().item<double>());
    }
    return std::log(errors.front()/errors.back())/std::log(1.0*evaluations.back()/evaluations.front());
}

TEST(Sampler, convergesWithItsOrder)
{
    for (const Method& method : methods())
    {
        EXPECT_NEAR(observedOrder(method, {96, 192}), method.accuracy, 0.25) << method.print();
    }
}


TEST(Sampler, firstOrderIsDdim)
{
    const Schedule schedule = Schedule::make("cosine", 100);
    const NoiseEstimate network = Mixture().estimate(schedule);
    const Tensor x = torch::linspace(-2, 2, 8, torch::kFloat64).view({1, 1, 8});
    const Tensor expected = make(options("ddim", "", 1, 6), schedule)->sample(x, {90}, -1, network, noNoise).x;
    for (const Method& method : methods())
    {
        if (method.order > 1 || method.name == "dpmSolverV3") continue;
        const Tensor found = make(options(method.name, method.variant, 1, 6), schedule)
            ->sample(x, {90}, -1, network, noNoise).x;
        EXPECT_LT((found - expected).abs().max().item<double>(), 1e-12) << method.print();
    }
}

//- Levels of a state that nothing is known of
std::vector<double> noisiest(const Schedule& schedule, std::int64_t n)
{
    return std::vector<double>(static_cast<std::size_t>(n), schedule.levels() - 1);
}

// A one-sample test with 40000 values at the significance 0.001 (critical value 1.95). Weights that are off by 5 % (0.35 to
// 0.3325) move the distribution by 0.017, 3.4 in these units: detected with a probability above 0.99.
constexpr int sampleSize = 40000;
constexpr double critical = 1.95;

TEST(Sampler, theTestOfDistributionsHasPower)
{
    const Mixture mixture;
    Mixture wrongWeights;
    wrongWeights.weight *= 0.95;
    Mixture wrongDeviation;
    wrongDeviation.deviation[0] *= 0.8;
    for (std::uint64_t seed = 0; seed < 5; ++seed)
    {
        EXPECT_LT(distance(mixture.draw(sampleSize, seed), mixture), critical);
        EXPECT_GT(distance(wrongWeights.draw(sampleSize, seed), mixture), critical);
        EXPECT_GT(distance(wrongDeviation.draw(sampleSize, seed), mixture), critical);
    }
}

TEST(Sampler, allReachTheDistribution)
{
    const Mixture mixture;
    const Schedule schedule = Schedule::make("cosine", 200);
    const Tensor data = torch::tensor(mixture.draw(4000, 1), torch::kFloat64).view({1, 1, 4000});
    const ModelStatistics statistics = estimateStatistics(mixture.estimate(schedule), schedule, data, Noise(1), 60);
    std::vector<Method> all = methods();
    all.push_back({"ddpm", "", 1, 1});
    std::uint64_t seed = 0;
    for (const Method& method : all)
    {
        // The others of order 1 are DDIM, see firstOrderIsDdim
        if (method.order == 1 && method.name != "ddim" && method.name != "ddpm" && method.name != "dpmSolverV3") continue;
        const NoiseSource noise = randomNoise(++seed);
        const Tensor start = noise(torch::empty({4, 1, sampleSize/4}), {});
        const int n = method.accuracy > 1 ? 60 : method.name == "ddpm" ? 0 : 400;
        const auto sampler = makeSampler(options(method.name, method.variant, method.order, n), schedule, &statistics);
        const Tensor x = sampler->sample(start, noisiest(schedule, 4), -1, mixture.estimate(schedule), noise).x;
        EXPECT_LT(distance(x, mixture), critical) << method.print();
    }
}

// The ancestral sampler on a few of the levels, from a state that is not all noise
TEST(Sampler, stridedAncestralStepsReachTheDistribution)
{
    const Mixture mixture;
    const Schedule schedule = Schedule::make("linear", 300);
    const NoiseSource noise = randomNoise(3);
    const std::vector<double> clean = mixture.draw(sampleSize, 3);
    const Tensor data = torch::tensor(clean, torch::kFloat64).view({4, 1, sampleSize/4});
    const std::vector<double> from{10, 60, 150, 299};
    const Tensor start = data*perMember(data, from, [&](double level) { return schedule.alpha(level); })
        + noise(data, {})*perMember(data, from, [&](double level) { return schedule.sigma(level); });
    for (const int evaluations : {0, 150})
    {
        const auto sampler = makeSampler(options("ddpm", "", 1, evaluations, "quadratic"), schedule);
        const Tensor x = sampler->sample(start, from, -1, mixture.estimate(schedule), noise).x;
        EXPECT_LT(distance(x, mixture), critical);
    }
}

// By the formula of Ho et al., written out
TEST(Sampler, ancestralStepsAreThoseOfDdpm)
{
    const Schedule schedule = Schedule::make("cosine", 50);
    const NoiseEstimate network = Mixture().estimate(schedule);
    Tensor x = torch::linspace(-2, 2, 9, torch::kFloat64).view({1, 1, 9});
    const Tensor z = torch::linspace(1, -1, 9, torch::kFloat64).view({1, 1, 9});
    const auto result = make(options("ddpm", "", 1, 0), schedule)
        ->sample(x, {7}, -1, network, [&](const Tensor&, const std::vector<bool>&) { return z; });
    for (int s = 7; s >= 0; --s)
    {
        const double beta = schedule.beta(s);
        x = (x - beta/schedule.sigma(s)*network(x, {1.0*s}))/std::sqrt(1 - beta);
        if (s > 0) x = x + std::sqrt(beta*(1 - schedule.alphaBar(s - 1))/(1 - schedule.alphaBar(s)))*z;
    }
    EXPECT_LT((result.x - x).abs().max().item<double>(), 1e-12);
    EXPECT_EQ(result.evaluations, 8);
}

TEST(Sampler, membersDoNotSeeEachOther)
{
    const Schedule schedule = Schedule::make("cosine", 60);
    const NoiseEstimate network = Mixture().estimate(schedule);
    const std::vector<double> from{3, 59, 30.5, -1, 12, 5};
    const Tensor x = torch::randn({6, 1, 2, 3}, torch::kFloat64);
    std::vector<Method> all = methods();
    all.push_back({"ddpm", "", 1, 1});
    for (const Method& method : all)
    {
        for (const int evaluations : {0, 1, 7})
        {
            for (const double to : {-1.0, 4.0})
            {
                const auto sampler = make(options(method.name, method.variant, method.order, evaluations), schedule);
                const auto together = sampler->sample(x, from, to, network, memberNoise({0, 1, 2, 3, 4, 5}));
                int most = 0;
                for (std::int64_t i = 0; i < x.size(0); ++i)
                {
                    const double level = from[static_cast<std::size_t>(i)];
                    const auto alone = sampler->sample(x.narrow(0, i, 1), {level}, to, network, memberNoise({std::size_t(i)}));
                    most = std::max(most, alone.evaluations);
                    EXPECT_EQ(together.ofMembers.at(static_cast<std::size_t>(i)), alone.evaluations)
                        << method.print() << ", " << evaluations << " evaluations, level " << level;
                    EXPECT_LT((alone.x - together.x.narrow(0, i, 1)).abs().max().item<double>(), 1e-12)
                        << method.print() << ", " << evaluations << " evaluations, level " << level;
                    if (level <= to) EXPECT_TRUE(torch::equal(alone.x, x.narrow(0, i, 1)));
                }
                EXPECT_EQ(together.evaluations, most);
            }
        }
    }
}

// Whatever the network returns for a member that has nowhere to go or waits
TEST(Sampler, waitingMembersAreLeftAlone)
{
    const Schedule schedule = Schedule::make("cosine", 60);
    const NoiseEstimate exact = Mixture().estimate(schedule);
    const Tensor x = torch::randn({3, 1, 4}, torch::kFloat64);
    int call = 0;
    const NoiseEstimate network = [&](const Tensor& u, const std::vector<double>& levels)
    {
        Tensor eps = exact(u, levels);
        eps[0].fill_(NAN);
        if (++call <= 10) eps[1].fill_(NAN);
        return eps;
    };
    const auto result = make(options("ddim", "", 1, 0), schedule)->sample(x, {-1, 9, 19}, -1, network, noNoise);
    EXPECT_EQ(result.evaluations, 20);
    EXPECT_TRUE(torch::equal(result.x[0], x[0]));
    EXPECT_TRUE(torch::isfinite(result.x).all().item<bool>());
}

TEST(Sampler, makesTheEvaluationsThatWereAskedForAndEndsFinite)
{
    std::vector<Method> all = methods();
    all.push_back({"ddpm", "", 1, 1});
    const Tensor x = torch::randn({2, 1, 5});
    for (const char* name : {"cosine", "exponential"})
    {
        const Schedule schedule = Schedule::make(name, 100);
        for (const Method& method : all)
        {
            for (int n = 1; n <= 20; ++n)
            {
                const char* spacing = n%3 == 0 ? "uniform" : n%3 == 1 ? "logSNR" : "quadratic";
                const double to = n%4 == 3 ? 2 : -1;
                int calls = 0;
                const NoiseEstimate exact = Mixture().estimate(schedule);
                const auto sampler = make(options(method.name, method.variant, method.order, n, spacing), schedule);
                const auto result = sampler->sample(x, {99, 6}, to, [&](const Tensor& u, const std::vector<double>& levels)
                {
                    ++calls;
                    EXPECT_GE(*std::min_element(levels.begin(), levels.end()), to);
                    return exact(u, levels);
                }, noNoise);
                EXPECT_EQ(calls, n) << method.print();
                EXPECT_EQ(result.evaluations, n) << method.print();
                EXPECT_EQ(sampler->evaluations(99, to), n) << method.print();
                EXPECT_EQ(result.x.scalar_type(), torch::kFloat32);
                EXPECT_LT(result.x.abs().max().item<double>(), 1e3) << method.print() << ' ' << n << ' ' << name;
            }
        }
    }
}

// Where all data are one state, its estimate is exact and the last step is there, in single precision too
TEST(Sampler, endsInTheEstimatedCleanState)
{
    std::vector<Method> all = methods();
    all.push_back({"ddpm", "", 1, 1});
    for (const char* name : {"cosine", "linear", "exponential"})
    {
        const Schedule schedule = Schedule::make(name, 1000);
        const NoiseEstimate network = [&](const Tensor& x, const std::vector<double>& levels)
        {
            return (x - 0.6*perMember(x, levels, [&](double level) { return schedule.alpha(level); }))
                /perMember(x, levels, [&](double level) { return schedule.sigma(level); });
        };
        for (const Method& method : all)
        {
            for (const int evaluations : {1, 2, 9})
            {
                const Tensor x = make(options(method.name, method.variant, method.order, evaluations), schedule)
                    ->sample(torch::randn({2, 1, 5}), {999, 20}, -1, network, noNoise).x;
                EXPECT_LT((x - 0.6).abs().max().item<double>(), 2e-3) << method.print() << ' ' << evaluations << ' ' << name;
            }
        }
    }
}

TEST(Sampler, readsItsOptions)
{
    Settings settings("refinement");
    settings.set("sampler", std::string("deis"));
    settings.set("variant", std::string("rhoAB"));
    settings.set("order", 4L);
    settings.set("evaluations", 12L);
    settings.set("spacing", std::string("quadratic"));
    settings.set("sada", true);
    const SamplerOptions o = SamplerOptions::read(settings);
    EXPECT_EQ(o.name + o.variant + o.spacing, "deisrhoABquadratic");
    EXPECT_EQ(o.order, 4);
    EXPECT_EQ(o.evaluations, 12);
    EXPECT_TRUE(o.sada);
    EXPECT_NO_THROW(settings.requireOnly(SamplerOptions::keywords()));
}

TEST(Sampler, refusesWhatIsNone)
{
    struct Case
    {
        SamplerOptions options;
        std::string message;
        std::vector<std::string> choices;
    };
    const std::vector<Case> cases
    {
        {options("euler", "", 1, 4), "entry sampler", {"ddim", "ddpm", "deis", "dpmSolver", "dpmSolverPP", "dpmSolverV3"}},
        {options("deis", "rhoBA", 2, 4), "entry variant", {"tAB", "rhoAB", "rhoRK", "iPNDM"}},
        {options("ddim", "tAB", 2, 4), "entry variant", {}},
        {options("dpmSolverPP", "", 4, 4), "entry order", {"1", "2", "3"}},
        {options("deis", "rhoRK", 4, 4), "entry order", {"1", "2", "3"}},
        {options("deis", "", 5, 4), "entry order", {"1", "2", "3", "4"}},
        {options("deis", "", 2, -1), "entry evaluations", {}},
        {options("deis", "", 2, 4, "log"), "entry spacing", {"logSNR", "uniform", "quadratic"}},
    };
    for (const Case& c : cases)
    {
        try
        {
            c.options.check("coeffs");
            FAIL() << "accepted: " << c.message;
        }
        catch (const Error& error)
        {
            EXPECT_NE(error.report().where.find("coeffs, " + c.message), std::string::npos) << error.what();
            EXPECT_EQ(error.report().choices, c.choices);
        }
    }
}

TEST(Sampler, refusesWhatDoesNotFit)
{
    const Schedule schedule = Schedule::make("cosine", 10);
    const auto sampler = makeSampler(options("ddim", "", 1, 2), schedule);
    const Tensor x = torch::zeros({2, 1, 3});
    const NoiseEstimate network = gaussian(schedule, torch::ones({1}));
    EXPECT_THROW(sampler->sample(x, {3}, -1, network, noNoise), Error);
    EXPECT_THROW(sampler->sample(x, {3, 10}, -1, network, noNoise), Error);
    EXPECT_THROW(sampler->sample(x, {3, NAN}, -1, network, noNoise), Error);
    EXPECT_THROW(sampler->sample(x, {3, 3}, -2, network, noNoise), Error);
    const NoiseEstimate ofOneMember = [](const Tensor& u, const std::vector<double>&) { return u.narrow(0, 0, 1); };
    EXPECT_THROW(sampler->sample(x, {3, 3}, -1, ofOneMember, noNoise), Error);
    try
    {
        makeSampler(options("dpmSolverV3", "", 2, 4), schedule);
        FAIL() << "accepted";
    }
    catch (const Error& error)
    {
        EXPECT_NE(std::string(error.what()).find("surrogateStatistics"), std::string::npos);
    }
}

// The data's deviation is about 1. Methods of order 1 and Heun's slow down less often in the sense of SADA's criterion.
TEST(Sampler, sadaSavesEvaluations)
{
    const Schedule schedule = Schedule::make("cosine", 1000);
    const NoiseEstimate network = Mixture().estimate(schedule);
    const Tensor x = randomNoise(1)(torch::empty({4, 1, 16, 16}, torch::kFloat64), {});
    for (const Method& method : methods())
    {
        SamplerOptions o = options(method.name, method.variant, method.order, 50);
        const auto full = make(o, schedule)->sample(x, noisiest(schedule, 4), -1, network, noNoise);
        o.sada = true;
        int calls = 0;
        const auto fewer = make(o, schedule)->sample(x, noisiest(schedule, 4), -1,
            [&](const Tensor& u, const std::vector<double>& levels)
            {
                ++calls;
                return network(u, levels);
            }, noNoise);
        EXPECT_EQ(full.evaluations, 50);
        EXPECT_EQ(fewer.evaluations, calls);
        EXPECT_LT((fewer.x - full.x).pow(2).mean().sqrt().item<double>(), 0.015) << method.print();
        if (method.order > 1 && method.variant != "rhoRK") EXPECT_LE(calls, 40) << method.print();
    }
}

TEST(Sampler, sadaEvaluatesWhereTheEstimateIsRough)
{
    const Schedule schedule = Schedule::make("cosine", 1000);
    const NoiseSource noise = randomNoise(2);
    SamplerOptions o = options("dpmSolverPP", "", 2, 50);
    o.sada = true;
    const Tensor x = noise(torch::empty({2, 1, 16, 16}), {});
    const NoiseEstimate smooth = Mixture().estimate(schedule);
    const NoiseEstimate rough = [&](const Tensor& u, const std::vector<double>& levels)
    {
        return smooth(u, levels) + 0.1*noise(u, {});
    };
    EXPECT_EQ(make(o, schedule)->sample(x, {900, 900}, -1, rough, noise).evaluations, 50);

    // One member that is rough is enough
    const NoiseEstimate mixed = [&](const Tensor& u, const std::vector<double>& levels)
    {
        return smooth(u, levels) + torch::tensor({0.0f, 0.1f}).view({2, 1, 1, 1})*noise(u, {});
    };
    EXPECT_EQ(make(o, schedule)->sample(x, {900, 900}, -1, mixed, noise).evaluations, 50);

    // ... and one that is not on its way is not
    EXPECT_LT(make(o, schedule)->sample(x, {900, -1}, -1, mixed, noise).evaluations, 45);
}

} // namespace
} // namespace surrogate
