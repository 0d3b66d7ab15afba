#include "model/torch/networks/recurrentNetwork.h"

#include "core/error.h"
#include "core/refusal.h"
#include "core/scratch.h"
#include "core/stateFile.h"
#include "model/testModel.h"
#include "model/torch/networks/equilibriumNetwork.h"
#include "model/torch/networks/fno.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace surrogate
{
namespace
{

using torch::Tensor;

NetworkShape lineShape()
{
    NetworkShape shape;
    shape.grid.dimensions = 1;
    shape.grid.cells = {{32, 1, 1}};
    shape.grid.periodic = {{true, false, false}};
    shape.inputs = 2;
    return shape;
}

Settings options(const Settings& more = {})
{
    Settings settings("networkCoeffs");
    settings.set("width", 8L);
    settings.set("modes", std::vector<long>{6});
    settings.set("layers", 1L);
    settings.set("encoderLayers", 1L);
    settings.set("decoderLayers", 1L);
    settings.set("hidden", 16L);
    for (const auto& [keyword, value] : more.all()) settings.set(keyword, value);
    return settings;
}

Settings with(const std::string& keyword, Settings::Value value)
{
    Settings settings;
    settings.set(keyword, std::move(value));
    return settings;
}

std::shared_ptr<Network> make(const std::string& name, const Settings& settings = options())
{
    torch::manual_seed(7);
    auto network = makeNetwork(name, lineShape(), settings);
    network->to(torch::kDouble);
    return network;
}

Tensor input(int n)
{
    torch::manual_seed(3);
    return torch::randn({n, 2, 1, 32}, torch::kDouble);
}

NetworkControls controls(const std::string& keyword, Settings::Value value)
{
    return NetworkControls::read(with(keyword, std::move(value)));
}

TEST(Fno, runsInOneTwoAndThreeDimensions)
{
    const std::array<int, 3> cells{{12, 10, 8}};
    for (int d = 1; d <= 3; ++d)
    {
        for (const bool periodic : {true, false})
        {
            NetworkShape shape;
            shape.grid.dimensions = d;
            shape.inputs = 2;
            shape.outputs = 3;
            for (int axis = 0; axis < d; ++axis)
            {
                shape.grid.cells[axis] = cells[axis];
                shape.grid.periodic[axis] = periodic;
            }
            Settings settings("networkCoeffs");
            settings.set("width", 6L);
            settings.set("layers", 2L);
            torch::manual_seed(1);
            const auto network = makeNetwork("fno", shape, settings);
            std::vector<std::int64_t> sizes{2, 2, 1, 12};
            if (d == 2) sizes = {2, 2, 10, 12};
            if (d == 3) sizes = {2, 2, 8, 10, 12};
            const Tensor x = torch::randn(sizes);
            const Tensor y = network->forward(x);
            sizes[1] = 3;
            ASSERT_EQ(y.sizes(), torch::IntArrayRef(sizes));

            // moved along x: so is the output, on a periodic axis
            const Tensor moved = torch::roll(network->forward(torch::roll(x, 3, -1)), -3, -1);
            EXPECT_EQ((moved - y).abs().max().item<double>() < 1e-5, periodic);

            y.square().mean().backward();
            for (const auto& p : network->parameters()) EXPECT_GT(p.grad().abs().max().item<double>(), 0);
        }
    }
}

TEST(Fno, keepsItsSettingsAndRefusesOthers)
{
    const auto network = make("fno");
    const auto again = makeNetwork("fno", lineShape(), network->settings());
    EXPECT_EQ(again->settings().all(), network->settings().all());
    EXPECT_EQ(again->nParameters(), network->nParameters());
    for (const auto& [keyword, value] : std::vector<std::pair<std::string, Settings::Value>>
    {
        {"width", 0L}, {"layers", 0L}, {"activation", std::string("tanh")}, {"modes", std::vector<long>{17}}, {"depth", 3L},
        {"positions", std::vector<long>{1, 2}}
    })
    {
        EXPECT_THROW(makeNetwork("fno", lineShape(), options(with(keyword, value))), Error) << keyword;
    }
    EXPECT_THROW(network->tiling(), Error);
    EXPECT_THROW(network->setControls(controls("iterations", 3L)), Error);
}

// Quantiles of 1 + Poisson(log-normal) at 8 in the mean, simulated: 5 % 3, 50 % 8, 95 % 19
TEST(RecurrentNetwork, drawsIterationsFromThePoissonLogNormalLaw)
{
    const auto network = std::dynamic_pointer_cast<RecurrentNetwork>(make("recurrFno"));
    std::vector<int> drawn;
    double sum = 0;
    for (std::uint32_t i = 0; i < 4000; ++i)
    {
        network->begin(Noise(1, i));
        drawn.push_back(network->trainingIterations());
        sum += drawn.back();
    }
    EXPECT_NEAR(sum/4000, 9, 0.3);
    std::sort(drawn.begin(), drawn.end());
    EXPECT_EQ(drawn[200], 3);
    EXPECT_EQ(drawn[2000], 8);
    EXPECT_NEAR(drawn[3800], 19, 1);
    network->begin(Noise(1, 7));
    const int first = network->trainingIterations();
    network->begin(Noise(1, 8));
    network->begin(Noise(1, 7));
    EXPECT_EQ(network->trainingIterations(), first);
}

// What a sample is given depends on its number in the batch, not on how the batch is shared among processes
TEST(RecurrentNetwork, trainsOnAPureFunctionOfTheNoise)
{
    const auto network = make("recurrFno");
    const Tensor x = input(4);
    network->begin(Noise(1, 5));
    const Tensor all = network->forward(x);
    network->begin(Noise(1, 5), 2);
    const Tensor part = network->forward(x.narrow(0, 2, 2));
    EXPECT_LT((part - all.narrow(0, 2, 2)).abs().max().item<double>(), 1e-12);
    network->begin(Noise(1, 6));
    EXPECT_GT((network->forward(x) - all).abs().max().item<double>(), 1e-6);
}

TEST(RecurrentNetwork, iteratesAsOftenAsItIsTold)
{
    const auto network = make("recurrFno");
    network->eval();
    const torch::NoGradGuard noGradient;
    const Tensor x = input(3);
    network->begin(Noise());
    network->forward(x);
    EXPECT_EQ(network->convergence().at(0).iterations, 8);
    EXPECT_EQ(network->convergence().at(0).solver, "RecurrFNO");

    std::vector<Tensor> outputs;
    double residual = 1e9;
    for (const long k : {1, 2, 3, 5, 20, 60})
    {
        network->setControls(controls("iterations", k));
        network->begin(Noise());
        outputs.push_back(network->forward(x));
        ASSERT_EQ(network->convergence().size(), 3u);
        EXPECT_EQ(network->convergence()[2].iterations, k);
        EXPECT_LE(network->convergence()[2].finalResidual, residual*(1 + 1e-12));
        residual = network->convergence()[2].finalResidual;
    }
    EXPECT_GT((outputs[0] - outputs[1]).abs().max().item<double>(), 1e-6);
    EXPECT_LT((outputs[4] - outputs[5]).abs().max().item<double>(), 1e-4*(outputs[0] - outputs[5]).abs().max().item<double>());
}

// Each member ends by its own residual, and as if it were alone
TEST(RecurrentNetwork, endsByTolerancePerMember)
{
    const auto network = make("recurrFno");
    network->eval();
    const torch::NoGradGuard noGradient;
    Tensor x = input(4);
    for (int i = 0; i < 4; ++i) x[i] *= std::pow(10.0, i - 1);
    Settings settings = with("tolerance", 1e-3);
    settings.set("maxIter", 200L);
    network->setControls(NetworkControls::read(settings));
    network->begin(Noise());
    const Tensor together = network->forward(x);
    const std::vector<Convergence> convergence = network->convergence();
    std::vector<int> iterations;
    for (int i = 0; i < 4; ++i)
    {
        const Convergence& c = convergence.at(std::size_t(i));
        EXPECT_LT(c.finalResidual, 1e-3);
        EXPECT_GT(c.initialResidual, c.finalResidual);
        iterations.push_back(c.iterations);
        network->begin(Noise());
        const Tensor alone = network->forward(x.narrow(0, i, 1));
        EXPECT_EQ(network->convergence().at(0).iterations, c.iterations);
        EXPECT_LT((alone - together.narrow(0, i, 1)).abs().max().item<double>(), 1e-12);
        network->setControls(controls("iterations", long(c.iterations)));
        network->begin(Noise());
        EXPECT_LT((network->forward(x.narrow(0, i, 1)) - alone).abs().max().item<double>(), 1e-12);
        network->setControls(NetworkControls::read(settings));
    }
    EXPECT_NE(*std::min_element(iterations.begin(), iterations.end()), *std::max_element(iterations.begin(), iterations.end()));

    network->setControls(controls("relTol", 0.1));
    network->begin(Noise());
    network->forward(x);
    for (const Convergence& c : network->convergence()) EXPECT_LT(c.finalResidual, 0.1*c.initialResidual);

    // no time at all: one iteration; and never more than maxIter
    network->setControls(controls("timeBudget", 1e-9));
    network->begin(Noise());
    network->forward(x);
    EXPECT_EQ(network->convergence().at(0).iterations, 1);
    settings.set("tolerance", 1e-30);
    settings.set("maxIter", 6L);
    network->setControls(NetworkControls::read(settings));
    network->begin(Noise());
    network->forward(x);
    EXPECT_EQ(network->convergence().at(0).iterations, 6);
}

// From where the last iteration ended it takes fewer, to the same fixed point; a batch of another size starts from the random state
TEST(RecurrentNetwork, startsWarm)
{
    const auto network = make("recurrFno");
    network->eval();
    const torch::NoGradGuard noGradient;
    const Tensor x = input(3);
    const auto run = [&](const Tensor& of)
    {
        network->begin(Noise());
        const Tensor y = network->forward(of);
        return std::pair(y, network->convergence().at(0).iterations);
    };
    Settings settings = with("tolerance", 1e-6);
    settings.set("maxIter", 200L);
    network->setControls(NetworkControls::read(settings));
    const auto [cold, many] = run(x);
    run(x);
    EXPECT_EQ(network->convergence().at(0).iterations, many);
    EXPECT_FALSE(network->latent().defined());

    settings.set("warmStart", true);
    network->setControls(NetworkControls::read(settings));
    EXPECT_EQ(run(x).second, many);
    const Tensor latent = network->latent();
    EXPECT_EQ(latent.size(0), 3);
    const auto [again, none] = run(x);
    EXPECT_EQ(none, 1);
    EXPECT_LT((again - cold).abs().max().item<double>(), 1e-4*cold.abs().max().item<double>());
    network->setLatent(latent.flatten(1));
    const auto [near, few] = run(1.001*x);
    EXPECT_LT(few, many);
    EXPECT_GT(few, 1);
    EXPECT_EQ(run(x.narrow(0, 0, 2)).second, many);

    network->setControls({});
    EXPECT_FALSE(network->latent().defined());

    // what a restart's file has of a run that started warm is nothing to one that does not
    settings.set("warmStart", false);
    network->setControls(NetworkControls::read(settings));
    network->setLatent(latent);
    EXPECT_EQ(run(x).second, many);
}

TEST(RecurrentNetwork, mergesInAllWays)
{
    for (const std::string kind : {"weights", "sum", "scalar", "projection", "projectionIdentity", "concatenation"})
    {
        const auto network = make("recurrFno", options(with("recurrence.merge", kind)));
        network->begin(Noise(1, 1));
        network->forward(input(2)).square().mean().backward();
        for (const auto& p : network->named_parameters())
        {
            ASSERT_TRUE(p.value().grad().defined()) << kind << ' ' << p.key();
            EXPECT_GT(p.value().grad().abs().max().item<double>(), 0) << kind << ' ' << p.key();
        }
    }
    EXPECT_THROW(make("recurrFno", options(with("recurrence.merge", std::string("product")))), Error);
    EXPECT_THROW(make("recurrFno", options(with("recurrence.depth", 3L))), Error);
    EXPECT_THROW(make("recurrFno", options(with("recurrence.backpropagated", 0L))), Error);
}

// Gradients pass the last iterations alone: the graph of 40 is that of 4
TEST(RecurrentNetwork, backpropagatesThroughAWindow)
{
    const auto depthOfGraph = [](long iterations)
    {
        Settings more = with("recurrence.iterations", iterations);
        more.set("recurrence.spread", 0.0);
        const auto network = make("recurrFno", options(more));
        network->begin(Noise(1, 1));
        const Tensor output = network->forward(input(1));
        std::vector<torch::autograd::Node*> nodes{output.grad_fn().get()}, all;
        while (!nodes.empty())
        {
            torch::autograd::Node* node = nodes.back();
            nodes.pop_back();
            if (std::find(all.begin(), all.end(), node) != all.end()) continue;
            all.push_back(node);
            for (const auto& edge : node->next_edges()) if (edge.function) nodes.push_back(edge.function.get());
        }
        return all.size();
    };
    EXPECT_EQ(depthOfGraph(40), depthOfGraph(20));
}

TEST(RecurrentNetwork, keepsItsSettings)
{
    for (const std::string name : {"recurrFno", "deqFno"})
    {
        const auto network = make(name);
        const auto again = makeNetwork(name, lineShape(), network->settings());
        EXPECT_EQ(again->settings().all(), network->settings().all());
        EXPECT_EQ(again->nParameters(), network->nParameters());
    }
}

TEST(EquilibriumNetwork, solvesForTheFixedPoint)
{
    const auto network = make("deqFno");
    network->eval();
    const torch::NoGradGuard noGradient;
    const Tensor x = input(3);
    const auto solve = [&](double tolerance)
    {
        Settings settings = with("tolerance", tolerance);
        settings.set("maxIter", 100L);
        network->setControls(NetworkControls::read(settings));
        return network->forward(x);
    };
    const Tensor exact = solve(1e-12);
    for (const Convergence& c : network->convergence()) EXPECT_LT(c.finalResidual, 1e-12);
    const double loose = (solve(1e-2) - exact).abs().max().item<double>(), tight = (solve(1e-5) - exact).abs().max().item<double>();
    EXPECT_LT(tight, 0.05*loose);
    EXPECT_LT(tight, 1e-4*exact.abs().max().item<double>());
}

//- By central differences, in one direction for each parameter
void expectTheGradientOfTheSolution(const Settings& more)
{
    const auto network = make("deqFno", options(more));
    const Tensor x = input(2);
    const auto loss = [&] { return network->forward(x).square().mean(); };
    loss().backward();
    for (const auto& p : network->named_parameters())
    {
        const Tensor gradient = p.value().grad();
        Tensor direction = torch::randn_like(gradient), value = p.value();
        const torch::NoGradGuard noGradient;
        const double probe = 1e-5;
        value.add_(probe*direction);
        const double above = loss().item<double>();
        value.sub_(2*probe*direction);
        const double below = loss().item<double>();
        value.add_(probe*direction);
        const double expected = (gradient*direction).sum().item<double>();
        EXPECT_NEAR((above - below)/(2*probe), expected, 1e-5*std::abs(expected) + 1e-9) << p.key();
    }
}

TEST(EquilibriumNetwork, hasTheGradientOfTheImplicitFunction)
{
    Settings more = with("equilibrium.tolerance", 1e-12);
    more.set("equilibrium.maxIter", 200L);
    expectTheGradientOfTheSolution(more);
}

// Of very many iterations it is that of the implicit function
TEST(EquilibriumNetwork, phantomGradientTendsToThatOfTheImplicitFunction)
{
    Settings more = with("equilibrium.tolerance", 1e-12);
    more.set("equilibrium.maxIter", 200L);
    more.set("equilibrium.phantom", 150L);
    expectTheGradientOfTheSolution(more);

    const auto refused = [](const std::string& entry, Settings::Value value, const std::string& expected)
    {
        expectRefusal([&] { make("deqFno", options(with("equilibrium." + entry, value))); }, {entry, expected});
    };
    refused("phantom", -1L, "0 or more");
    refused("damping", 0.0, "above 0, at most 1");
    refused("damping", 1.5, "above 0, at most 1");
}

// The controls of a model file, through the Stepper
TEST(NetworkControls, ofALoadedModel)
{
    Scratch folder;
    Manifest manifest = testing::smallManifest();
    manifest.network = "recurrFno";
    manifest.networkSettings = Settings("network");
    manifest.networkSettings.set("width", 4L);
    manifest.networkSettings.set("layers", 1L);
    writeUntrainedSurrogate(folder/"m.safetensors", manifest, 1, 1);
    RuntimeOptions cpu;
    cpu.precision = "float32";
    const auto model = loadSurrogate(folder/"m.safetensors", cpu);
    State once = testing::wavyState(manifest.grid), often = once;
    model->setControls(controls("iterations", 1L));
    model->advance(once, Noise());
    ASSERT_EQ(model->convergence().size(), 1u);
    EXPECT_EQ(model->convergence()[0].iterations, 1);
    model->setControls(controls("iterations", 9L));
    model->advance(often, Noise());
    EXPECT_EQ(model->convergence()[0].iterations, 9);
    EXPECT_NE(once.values, often.values);
    EXPECT_THROW(model->setControls(controls("patch", 4L)), Error);

    // a warm start's memory: a run that goes on from a file of it is that which was not interrupted, to the bit
    for (const char* precision : {"float32", "bfloat16"})
    {
        cpu.precision = precision;
        Settings warm = with("tolerance", 1e-3);
        warm.set("warmStart", true);
        const auto whole = loadSurrogate(folder/"m.safetensors", cpu), first = loadSurrogate(folder/"m.safetensors", cpu),
            second = loadSurrogate(folder/"m.safetensors", cpu), cold = loadSurrogate(folder/"m.safetensors", cpu);
        for (const auto& stepper : {whole.get(), first.get(), second.get(), cold.get()}) stepper->setControls(NetworkControls::read(warm));
        std::vector<State> straight{testing::wavyState(manifest.grid), often}, parts = straight;
        EXPECT_TRUE(whole->memory().empty());
        whole->advance(straight, Noise());
        first->advance(parts, Noise());
        writeStateFile(folder/"memory.safetensors", withPrefix("model.", first->memory()));
        second->setMemory(withoutPrefix("model.", readStateFile(folder/"memory.safetensors")));
        std::vector<State> started = parts;
        whole->advance(straight, Noise());
        second->advance(parts, Noise());
        cold->advance(started, Noise());
        EXPECT_EQ(straight[0].values, parts[0].values) << precision;
        EXPECT_EQ(straight[1].values, parts[1].values) << precision;
        EXPECT_NE(straight[0].values, started[0].values) << precision;
    }

    RuntimeOptions shared = cpu;
    shared.tiles = {2, 2};
    EXPECT_THROW(loadSurrogate(folder/"m.safetensors", shared), Error);
}

TEST(NetworkControls, refusesWhatDoesNotGoTogether)
{
    const auto refused = [](std::initializer_list<std::pair<const char*, Settings::Value>> entries)
    {
        Settings settings("dict");
        for (const auto& [keyword, value] : entries) settings.set(keyword, value);
        try
        {
            NetworkControls::read(settings);
        }
        catch (const Error&)
        {
            return true;
        }
        return false;
    };
    EXPECT_FALSE(refused({}));
    EXPECT_FALSE(refused({{"iterations", 4L}}));
    EXPECT_FALSE(refused({{"tolerance", 1e-3}, {"relTol", 0.0}, {"maxIter", 30L}}));
    EXPECT_FALSE(refused({{"patchCycle", std::vector<long>{4, 8, 16}}}));
    EXPECT_TRUE(refused({{"iterations", 0L}}));
    EXPECT_TRUE(refused({{"iterations", 4L}, {"tolerance", 1e-3}}));
    EXPECT_TRUE(refused({{"maxIter", 4L}}));
    EXPECT_TRUE(refused({{"tolerance", -1.0}}));
    EXPECT_TRUE(refused({{"patch", 4L}, {"patchCycle", std::vector<long>{4, 8}}}));
    EXPECT_FALSE(refused({{"warmStart", true}, {"tolerance", 1e-3}}));
    EXPECT_TRUE(refused({{"patch", 0L}}));
    EXPECT_TRUE(refused({{"sweeps", 4L}}));
}

} // namespace
} // namespace surrogate
