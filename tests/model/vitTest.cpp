#include "model/torch/networks/vit.h"

#include "core/error.h"
#include "core/metrics.h"
#include "dataset/datasetWriter.h"
#include "model/testModel.h"
#include "model/torch/networks/layers.h"
#include "model/torch/weights.h"
#include "model/training.h"

#include <gtest/gtest.h>

#include <set>

namespace surrogate
{
namespace
{

using testing::smallManifest;
using testing::wavyState;
using torch::Tensor;
using Entries = std::vector<std::pair<std::string, Settings::Value>>;

Grid box(int dimensions, int cells, bool periodic = true)
{
    Grid grid;
    grid.dimensions = dimensions;
    for (int axis = 0; axis < dimensions; ++axis)
    {
        grid.cells[axis] = cells;
        grid.periodic[axis] = periodic;
        grid.walls[axis] = {{!periodic, false}};
    }
    return grid;
}

//- A small transformer's options; later entries replace earlier ones
Settings small(const Entries& more = {})
{
    Settings s("networkCoeffs");
    s.set("width", 24L);
    s.set("heads", 2L);
    s.set("blocks", 2L);
    for (const auto& [keyword, value] : more) s.set(keyword, value);
    return s;
}

Settings small(const std::string& modulation, const std::vector<long>& patches = {2, 4, 8})
{
    return small({{"modulation", modulation}, {"patches", patches}});
}

//- Random weights everywhere, biases and what is zero at the start included
std::shared_ptr<ViT> shaken(const NetworkShape& shape, const Settings& settings)
{
    torch::manual_seed(3);
    auto network = std::make_shared<ViT>(shape, settings);
    torch::NoGradGuard noGradient;
    for (auto& p : network->parameters()) p.add_(0.1*torch::randn_like(p));
    return network;
}

NetworkControls cycle(std::vector<long> patches)
{
    NetworkControls controls;
    controls.patchCycle = std::move(patches);
    return controls;
}

//- The network with a patch, as a user has it
void use(ViT& network, long patch)
{
    network.eval();
    network.setControls(cycle({patch}));
    network.begin(Noise());
    ASSERT_EQ(network.patch(), patch);
}

std::vector<std::int64_t> tensorSizes(const Grid& grid, int n, int channels)
{
    if (grid.dimensions == 3) return {n, channels, grid.cells[2], grid.cells[1], grid.cells[0]};
    return {n, channels, grid.cells[1], grid.cells[0]};
}

Tensor random(const Grid& grid, int n, int channels, torch::ScalarType type = torch::kDouble)
{
    return torch::randn(tensorSizes(grid, n, channels), type);
}

template<class Function>
std::string messageOf(Function&& f)
{
    try { f(); }
    catch (const Error& error) { return error.what(); }
    return "nothing";
}

TEST(ViT, runsInOneTwoAndThreeDimensionsWithEveryPatch)
{
    for (const int dimensions : {1, 2, 3})
    {
        for (const bool periodic : {true, false})
        {
            for (const std::string modulation : {"kernel", "stride"})
            {
                const Grid grid = box(dimensions, 16, periodic);
                auto network = shaken({grid, 3, 2}, small(modulation));
                torch::NoGradGuard noGradient;
                std::vector<Tensor> results;
                for (const long patch : {2, 4, 8})
                {
                    use(*network, patch);
                    const Tensor x = torch::ones(tensorSizes(grid, 2, 3)).cumsum(-1).sin();
                    const Tensor latent = network->encode(x);
                    EXPECT_EQ(latent.dim(), dimensions + 2);
                    EXPECT_EQ(latent.size(-1), network->nChannels());
                    EXPECT_TRUE(latent.is_contiguous());
                    if (periodic || modulation == "kernel") EXPECT_EQ(latent.size(1), 16/patch);
                    const Tensor out = network->forward(x);
                    EXPECT_EQ(out.sizes().vec(), tensorSizes(grid, 2, 2));
                    EXPECT_TRUE(torch::isfinite(out).all().item<bool>());
                    for (const Tensor& other : results) EXPECT_FALSE(torch::allclose(out, other, 1e-3, 1e-3));
                    results.push_back(out);
                }
            }
        }
    }
}

// Stride modulation takes any number of cells, each side padded as it is
TEST(ViT, takesAnyGridWithStrideModulation)
{
    Grid grid = box(2, 21);
    grid.cells[1] = 18;
    grid.periodic[1] = false;
    grid.walls[1] = {{true, false}};
    auto network = shaken({grid, 1, 1}, small("stride"));
    torch::NoGradGuard noGradient;
    for (const long patch : {2, 4, 8})
    {
        use(*network, patch);
        EXPECT_EQ(network->forward(random(grid, 1, 1, torch::kFloat)).sizes().vec(), tensorSizes(grid, 1, 1)) << patch;
    }
    EXPECT_NE(messageOf([&] { ViT({grid, 1, 1}, small("kernel")); }).find("cells along x"), std::string::npos);
}

// On a periodic grid a shift by a patch commutes with the network, whichever the patch; between walls it does not
TEST(ViT, isEquivariantToShiftsByAPatchOnPeriodicAxesAlone)
{
    for (const bool periodic : {true, false})
    {
        for (const std::string modulation : {"kernel", "stride"})
        {
            const Grid grid = box(2, 16, periodic);
            auto network = shaken({grid, 2, 1}, small(modulation));
            network->to(torch::kDouble);
            torch::NoGradGuard noGradient;
            const Tensor x = random(grid, 1, 2);
            for (const long patch : {2, 4, 8})
            {
                use(*network, patch);
                const auto difference = [&](std::int64_t y, std::int64_t by)
                {
                    const Tensor shifted = network->forward(x.roll({y, by}, {2, 3}));
                    return (shifted - network->forward(x).roll({y, by}, {2, 3})).abs().max().item<double>();
                };
                if (periodic) EXPECT_LT(difference(patch, -2*patch), 1e-10) << modulation << patch;
                else EXPECT_GT(difference(patch, -2*patch), 1e-4) << modulation << patch;
                EXPECT_GT(difference(0, 1), 1e-4) << modulation << patch;   // the lattice is there
            }
        }
    }
}

// What is beyond a bounded side is learned for each side, and is used where patches reach there
TEST(ViT, learnsWhatIsBeyondItsSides)
{
    const Grid grid = box(2, 18, false);
    auto network = shaken({grid, 1, 1}, small("stride"));
    const auto parameters = network->named_parameters();
    ASSERT_TRUE(parameters.contains("coder.sideValues"));
    EXPECT_EQ(parameters["coder.sideValues"].size(0), 4);
    torch::NoGradGuard noGradient;
    use(*network, 8);
    const Tensor x = random(grid, 1, 1, torch::kFloat), before = network->forward(x);
    for (int side = 0; side < 4; ++side)
    {
        parameters["coder.sideValues"][side] += 3;
        EXPECT_FALSE(torch::allclose(network->forward(x), before)) << side;
        parameters["coder.sideValues"][side] -= 3;
    }
    EXPECT_FALSE(shaken({box(2, 16), 1, 1}, small("stride"))->named_parameters().contains("coder.sideValues"));
}

TEST(ViT, seesPositionsWhereAsked)
{
    const Grid grid = box(2, 16);
    auto network = shaken({grid, 1, 1}, small({{"patches", std::vector<long>{4}}, {"positions", std::vector<long>{0, 1}}}));
    network->to(torch::kDouble);
    torch::NoGradGuard noGradient;
    const Tensor x = random(grid, 1, 1), out = network->forward(x);
    EXPECT_TRUE(torch::allclose(network->forward(x.roll(4, 3)), out.roll(4, 3), 1e-9, 1e-9));
    EXPECT_FALSE(torch::allclose(network->forward(x.roll(4, 2)), out.roll(4, 2), 1e-3, 1e-3));
}

TEST(ViT, passesGradientsToAllParametersWithEveryPatch)
{
    for (const int dimensions : {1, 2, 3})
    {
        for (const bool periodic : {true, false})
        {
            for (const std::string modulation : {"kernel", "stride"})
            {
                const Grid grid = box(dimensions, modulation == "stride" ? 18 : 16, periodic);
                auto network = shaken({grid, 2, 2}, small(modulation));
                std::set<long> drawn;
                std::map<std::string, int> reached;
                for (std::uint32_t i = 0; i < 40 && drawn.size() < 3; ++i)
                {
                    network->begin(Noise(5, i));
                    if (!drawn.insert(network->patch()).second) continue;
                    network->zero_grad();
                    network->forward(random(grid, 2, 2, torch::kFloat)).square().sum().backward();
                    for (const auto& p : network->named_parameters())
                    {
                        const bool any = p.value().grad().defined() && p.value().grad().abs().max().item<double>() > 0;
                        reached[p.key()] += any;
                        // not every patch reaches beyond the sides
                        if (p.key() != "coder.sideValues") EXPECT_TRUE(any) << p.key() << " patch " << network->patch();
                    }
                }
                EXPECT_EQ(drawn.size(), 3u);
                for (const auto& [name, times] : reached) EXPECT_GT(times, 0) << name;
            }
        }
    }
}

TEST(ViT, drawsPatchesInTrainingAsAPureFunctionOfNoise)
{
    ViT network({box(2, 16), 1, 1}, small("kernel")), other({box(2, 16), 1, 1}, small("stride"));
    std::map<long, int> drawn;
    for (std::uint32_t i = 0; i < 300; ++i)
    {
        network.begin(Noise(7, i));
        other.begin(Noise(7, i), 8);   // another process of the same training
        EXPECT_EQ(network.patch(), other.patch());
        ++drawn[network.patch()];
    }
    EXPECT_EQ(drawn.size(), 3u);
    for (const auto& [patch, times] : drawn) EXPECT_NEAR(times, 100, 30) << patch;
}

TEST(ViT, takesPatchesInTurnInUse)
{
    ViT network({box(2, 16), 1, 1}, small("kernel"));
    network.eval();
    for (std::uint32_t i : {0, 1, 5})
    {
        network.begin(Noise(7, i));
        EXPECT_EQ(network.patch(), 2);   // the finest
    }
    network.setControls(cycle({4, 8, 2}));
    EXPECT_EQ(network.patch(), 2);       // from the next step on
    for (const auto& [step, patch] : {std::pair{0u, 4L}, {1u, 8L}, {2u, 2L}, {3u, 4L}, {1000u, 8L}})
    {
        network.begin(Noise(7, step));
        EXPECT_EQ(network.patch(), patch) << step;
    }
    network.setControls({});
    network.begin(Noise(7, 1));
    EXPECT_EQ(network.patch(), 2);
}

TEST(ViT, refusesControlsThatItDoesNotHave)
{
    ViT network({box(2, 16), 1, 1}, small("kernel"));
    EXPECT_NE(messageOf([&] { network.setControls(cycle({2, 16})); }).find("2, 4, 8"), std::string::npos);
    NetworkControls iterations;
    iterations.iterations = 3;
    EXPECT_NE(messageOf([&] { network.setControls(iterations); }).find("patchCycle"), std::string::npos);
}

// Kernels that were kept for one state of the weights are not used with another
TEST(ViT, followsItsWeights)
{
    const Grid grid = box(2, 16);
    auto network = shaken({grid, 1, 1}, small("kernel"));
    const Tensor x = random(grid, 1, 1, torch::kFloat);
    const auto outputs = [&](ViT& of)
    {
        const torch::InferenceMode inference;
        std::vector<Tensor> all;
        for (const long patch : {2, 4, 8})
        {
            use(of, patch);
            all.push_back(of.forward(x).clone());
        }
        return all;
    };
    const auto before = outputs(*network);
    for (std::uint32_t i = 0; i < 8; ++i)
    {
        network->train();
        network->begin(Noise(1, i));
        network->forward(x).square().sum().backward();
        {
            torch::NoGradGuard noGradient;
            for (auto& p : network->parameters()) if (p.grad().defined()) p.sub_(0.01*p.grad());
        }
        const auto after = outputs(*network);
        torch::manual_seed(9);
        auto fresh = std::make_shared<ViT>(NetworkShape{grid, 1, 1}, small("kernel"));
        {
            torch::NoGradGuard noGradient;
            const auto from = network->parameters();
            auto to = fresh->parameters();
            for (std::size_t j = 0; j < to.size(); ++j) to[j].copy_(from[j]);
        }
        const auto expected = outputs(*fresh);
        for (std::size_t j = 0; j < after.size(); ++j)
        {
            EXPECT_FALSE(torch::allclose(before[j], after[j])) << i;
            EXPECT_TRUE(torch::equal(expected[j], after[j])) << i;
        }
    }
}

// In bfloat16 and with an operation's result kept in another precision, it is the same network but for rounding
TEST(ViT, runsInBfloat16)
{
    const Grid grid = box(2, 16, false);
    for (const std::string modulation : {"kernel", "stride"})
    {
        auto network = shaken({grid, 1, 1}, small(modulation));
        torch::NoGradGuard noGradient;
        const Tensor x = random(grid, 2, 1, torch::kFloat);
        for (const long patch : {2, 4, 8})
        {
            use(*network, patch);
            network->to(torch::kFloat);
            const Tensor exact = network->forward(x);
            const auto error = [&](const Tensor& out)
            {
                return ((out.to(torch::kFloat) - exact).square().mean()/exact.square().mean()).sqrt().item<double>();
            };
            EXPECT_LT(error(network->forward(x.to(torch::kBFloat16))), 0.05);
            network->precision = torch::kBFloat16;
            EXPECT_LT(error(network->forward(x)), 0.05);
            network->precision.reset();
        }
    }
}

TEST(ViT, leavesPathsOutInTrainingAlone)
{
    const Grid grid = box(2, 16);
    auto network = shaken({grid, 1, 1}, small({{"dropPath", 0.7}, {"patches", std::vector<long>{4}}}));
    torch::NoGradGuard noGradient;
    const Tensor x = random(grid, 1, 1, torch::kFloat), batch = x.expand({12, 1, 16, 16});
    network->begin(Noise(2, 1));
    const Tensor out = network->forward(batch);
    EXPECT_FALSE(torch::allclose(out[0], out[1]) && torch::allclose(out[0], out[2]) && torch::allclose(out[0], out[3])
        && torch::allclose(out[0], out[4]));
    EXPECT_TRUE(torch::equal(network->forward(batch), out));              // until the next begin()
    network->begin(Noise(2, 1), 4);                                       // another process has the samples from the fifth on
    EXPECT_TRUE(torch::allclose(network->forward(batch.narrow(0, 4, 8)), out.narrow(0, 4, 8), 1e-5, 1e-6));
    network->eval();
    const Tensor all = network->forward(batch);
    EXPECT_TRUE(torch::allclose(all[0], all[1]));
}

TEST(ViT, keepsItsSettings)
{
    for (const std::string modulation : {"kernel", "stride"})
    {
        ViT first({box(2, 16), 1, 1}, small({{"modulation", modulation}, {"patches", std::vector<long>{8, 2, 4}}, {"mlp", "gelu"},
            {"positions", std::vector<long>{1, 2}}, {"dropPath", 0.1}}));
        ViT second({box(2, 16), 1, 1}, first.settings());
        EXPECT_EQ(first.settings().all(), second.settings().all());
        EXPECT_EQ(first.nParameters(), second.nParameters());
        EXPECT_EQ(first.settings().get("patches", std::vector<long>{}), (std::vector<long>{2, 4, 8}));
        EXPECT_EQ(first.settings().get("kernels", std::vector<long>{}), (std::vector<long>{4, 2}));   // of the largest patch
    }
    EXPECT_TRUE(makeNetwork("vit", {box(2, 16), 1, 1}, small("kernel"))->nParameters() > 0);
}

TEST(ViT, refusesOptionsThatDoNotFit)
{
    const auto message = [](const Entries& entries, const Grid& grid = box(2, 16))
    {
        return messageOf([&] { ViT({grid, 1, 1}, small(entries)); });
    };
    const auto has = [](const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; };
    EXPECT_TRUE(has(message({{"widht", 3L}}), "widht"));
    EXPECT_TRUE(has(message({{"width", 26L}}), "multiple of 4"));
    EXPECT_TRUE(has(message({{"heads", 12L}}), "channels a head"));
    EXPECT_TRUE(has(message({{"heads", 0L}}), "entry heads"));
    EXPECT_TRUE(has(message({{"blocks", 0L}}), "entry blocks"));
    EXPECT_TRUE(has(message({{"patches", std::vector<long>{}}}), "entry patches"));
    EXPECT_TRUE(has(message({{"patches", std::vector<long>{0, 4}}}), "entry patches"));
    EXPECT_TRUE(has(message({{"modulation", "strides"}}), "stride"));
    EXPECT_TRUE(has(message({{"mlp", "relu"}}), "swiglu"));
    EXPECT_TRUE(has(message({{"kernels", std::vector<long>{4}}}), "two sizes"));
    const std::vector<long> kernels{4, 4}, patches{4, 6};
    EXPECT_TRUE(has(message({{"modulation", "stride"}, {"kernels", kernels}, {"patches", patches}}), "(3 2)"));
    EXPECT_TRUE(has(message({{"dropPath", 1.0}}), "entry dropPath"));
    EXPECT_TRUE(has(message({{"layerScale", 0.0}}), "entry layerScale"));
    EXPECT_TRUE(has(message({{"mlpRatio", 0.0}}), "entry mlpRatio"));
    EXPECT_TRUE(has(message({{"positions", std::vector<long>{1}}}), "one an axis"));
    const std::string fit = message({}, box(2, 24));
    EXPECT_TRUE(has(fit, "entry patches") && has(fit, "multiple of the patch 16") && has(fit, "24 cells along x")) << fit;
    EXPECT_THROW(ViT({box(2, 16), 1, 1}, small("kernel")).tiling(), Error);
}

TEST(ViT, scalesItsOutput)
{
    const Grid grid = box(2, 16);
    for (const std::string modulation : {"kernel", "stride"})
    {
        auto network = shaken({grid, 1, 1}, small(modulation));
        const Tensor x = random(grid, 1, 1, torch::kFloat);
        for (const long patch : {2, 8})
        {
            use(*network, patch);
            const Tensor before = network->forward(x).detach();
            network->scaleOutput(0.25);
            EXPECT_TRUE(torch::allclose(network->forward(x), 0.25*before, 1e-4, 1e-5));
        }
    }
}

// With attention over six frames, as published: the smallest one is that of three dimensions
TEST(ViT, hasAboutThePublishedNumberOfParameters)
{
    for (const auto& [width, heads, d, published] : {std::tuple{192L, 3L, 3, 7.6e6}, {384L, 6L, 2, 25e6}, {768L, 12L, 2, 100e6}})
    {
        Settings settings("networkCoeffs");
        settings.set("width", width);
        settings.set("heads", heads);
        settings.set("blocks", 1L);
        NetworkShape shape{box(d, d == 3 ? 16 : 64), 6*4, 4};
        shape.frames = 6;
        shape.variables = 4;
        const double one = double(ViT(shape, settings).nParameters());
        settings.set("blocks", 2L);
        const double block = double(ViT(shape, settings).nParameters()) - one;
        EXPECT_NEAR(one + 11*block, published, 0.06*published) << width;
        EXPECT_NEAR(block, 14.0*double(width*width), 0.02*14.0*double(width*width));
    }
}

//- Of a state of two channels and one channel more
NetworkShape framed(const Grid& grid, int frames, int outputs = 2)
{
    NetworkShape shape{grid, 2*frames + 1, outputs};
    shape.frames = frames;
    shape.variables = frames > 1 ? 2 : 0;
    return shape;
}

// Where attention over frames adds nothing, it is the network of one frame, which sees the last
TEST(ViT, decodesTheLastFrame)
{
    for (const int dimensions : {1, 2, 3})
    {
        for (const std::string modulation : {"kernel", "stride"})
        {
            for (const bool periodic : {true, false})
            {
                const Grid grid = box(dimensions, 16, periodic);
                auto framedOnes = shaken(framed(grid, 3), small(modulation)), single = shaken(framed(grid, 1), small(modulation));
                for (auto& network : {framedOnes, single}) network->to(torch::kDouble);
                torch::NoGradGuard noGradient;
                const auto weights = framedOnes->named_parameters();
                for (auto& p : single->named_parameters()) p.value().copy_(weights[p.key()]);
                const Tensor x = random(grid, 2, 7);
                for (const long patch : {2, 8})
                {
                    use(*framedOnes, patch);
                    use(*single, patch);
                    const Tensor latent = framedOnes->encode(x);
                    EXPECT_EQ(latent.dim(), dimensions + 3);
                    EXPECT_EQ(latent.size(0), 2);
                    EXPECT_EQ(latent.size(1), 3);
                    EXPECT_TRUE(torch::allclose(latent.select(1, 2), single->encode(x.narrow(1, 4, 3)), 1e-9, 1e-9));

                    const Tensor out = framedOnes->forward(x);
                    EXPECT_EQ(out.sizes().vec(), tensorSizes(grid, 2, 2));
                    EXPECT_TRUE(torch::allclose(framedOnes->decode(framedOnes->process(latent), x), out, 1e-9, 1e-9));
                    Tensor other = x.clone();
                    other.narrow(1, 0, 2).copy_(random(grid, 2, 2));
                    EXPECT_FALSE(torch::allclose(framedOnes->forward(other), out, 1e-5, 1e-5));
                    other = x.clone();                       // the order of the frames before counts
                    other.narrow(1, 0, 2).copy_(x.narrow(1, 2, 2));
                    other.narrow(1, 2, 2).copy_(x.narrow(1, 0, 2));
                    EXPECT_FALSE(torch::allclose(framedOnes->forward(other), out, 1e-6, 1e-6));
                }
                for (auto& p : framedOnes->named_parameters())
                {
                    if (p.key().find("framesScale") != std::string::npos) p.value().zero_();
                }
                for (const long patch : {2, 8})
                {
                    use(*framedOnes, patch);
                    use(*single, patch);
                    EXPECT_TRUE(torch::allclose(framedOnes->forward(x), single->forward(x.narrow(1, 4, 3)), 1e-9, 1e-9));
                }
            }
        }
    }
}

TEST(ViT, ofOneFrameHasNoAttentionOverFrames)
{
    for (const auto& p : ViT(framed(box(2, 16), 1), small("kernel")).named_parameters())
    {
        EXPECT_EQ(p.key().find("frames"), std::string::npos);
    }
    EXPECT_EQ(ViT(framed(box(2, 16), 3), small("kernel")).settings().all(), ViT(framed(box(2, 16), 1), small("kernel")).settings().all());
}

TEST(ViT, passesGradientsToAllParametersWithFrames)
{
    for (const std::string name : {"vit", "recurrVit", "deqVit"})
    {
        torch::manual_seed(3);
        const auto network = makeNetwork(name, framed(box(2, 16), 3), small({{"patches", std::vector<long>{4}}, {"dropPath", 0.2}}));
        network->begin(Noise(5, 1));
        const Tensor x = random(box(2, 16), 4, 7, torch::kFloat);
        network->forward(x).square().sum().backward();
        for (const auto& p : network->named_parameters())
        {
            const bool any = p.value().grad().defined() && p.value().grad().abs().max().item<double>() > 0;
            EXPECT_TRUE(any) << name << " " << p.key();
        }
        network->eval();
        torch::NoGradGuard noGradient;
        const Tensor out = network->forward(x);
        EXPECT_EQ(out.sizes().vec(), tensorSizes(box(2, 16), 4, 2));
        EXPECT_TRUE(torch::allclose(network->forward(x.narrow(0, 1, 1)), out.narrow(0, 1, 1), 1e-3, 1e-4)) << name;
    }
}

// Number by number, of one token and head
TEST(FrameAttention, isItsFormula)
{
    torch::manual_seed(1);
    torch::NoGradGuard noGradient;
    const int width = 6, heads = 2, frames = 3, head = width/heads;
    FrameAttention attention(width, heads, frames);
    for (auto& p : attention->parameters()) p.copy_(torch::randn_like(p));
    attention->to(torch::kDouble);
    const auto p = attention->named_parameters();
    const Tensor x = torch::randn({2, frames, 4, width}, torch::kDouble), y = attention(x);
    const auto norm = [&](const Tensor& v, const std::string& name)
    {
        const Tensor centred = v - v.mean();
        return p[name + ".weight"]*centred/torch::sqrt(centred.square().mean() + 1e-5) + p[name + ".bias"];
    };
    std::vector<Tensor> q, k, v;
    for (int f = 0; f < frames; ++f)
    {
        const Tensor all = torch::mv(p["queryKeyValue.weight"], norm(x[1][f][2], "norm")) + p["queryKeyValue.bias"];
        q.push_back(all.narrow(0, 0, width));
        k.push_back(all.narrow(0, width, width));
        v.push_back(all.narrow(0, 2*width, width));
    }
    for (int f = 0; f < frames; ++f)
    {
        std::vector<Tensor> parts;
        for (int h = 0; h < heads; ++h)
        {
            Tensor sum = torch::zeros({head}, torch::kDouble), weights = torch::zeros({1}, torch::kDouble);
            for (int g = 0; g < frames; ++g)
            {
                const Tensor a = norm(q[f].narrow(0, h*head, head), "queryNorm"), b = norm(k[g].narrow(0, h*head, head), "keyNorm");
                const Tensor weight = torch::exp(torch::dot(a, b)/std::sqrt(double(head)) + p["bias"][h][g - f + frames - 1]);
                sum += weight*v[g].narrow(0, h*head, head);
                weights += weight;
            }
            parts.push_back(sum/weights);
        }
        const Tensor expected = torch::mv(p["output.weight"], torch::cat(parts)) + p["output.bias"];
        EXPECT_TRUE(torch::allclose(y[1][f][2], expected, 1e-9, 1e-9)) << f;
    }
}

// With many tokens some queries at a time; each has the same answer
TEST(Attend, isTheSameForSomeQueriesAtATime)
{
    torch::manual_seed(1);
    torch::NoGradGuard noGradient;
    const Tensor q = torch::randn({2, 2, 6000, 2}), k = torch::randn({2, 2, 6000, 2}), v = torch::randn({2, 2, 6000, 2});
    const Tensor whole = attend(q, k, v);
    ASSERT_EQ(whole.sizes(), q.sizes());
    const Tensor bias = torch::randn({6000, 6000}), biased = attend(q, k, v, bias);
    for (const std::int64_t first : {0, 1390, 5990})
    {
        const Tensor rows = attend(q.narrow(2, first, 10), k, v);
        EXPECT_TRUE(torch::allclose(whole.narrow(2, first, 10), rows, 1e-4, 1e-6)) << first;
        const Tensor ofBiased = attend(q.narrow(2, first, 10), k, v, bias.narrow(0, first, 10));
        EXPECT_TRUE(torch::allclose(biased.narrow(2, first, 10), ofBiased, 1e-4, 1e-6)) << first;
    }
}

class VitTraining : public ::testing::Test
{
protected:

    void SetUp() override
    {
        const auto record = [this](const std::string& name, double start, int snapshots)
        {
            DatasetWriter::Info info;
            info.name = "waves";
            info.interval = 0.1;
            const Manifest manifest = smallManifest();
            DatasetWriter writer(folder/name, manifest.grid, manifest.fields, info);
            for (int i = 0; i < snapshots; ++i) writer.append(wavyState(manifest.grid, start + 0.1*i));
        };
        record("train.h5", 0, 80);
        record("test.h5", 20, 40);
    }

    TrainingOptions options(const std::string& name, const std::string& modulation) const
    {
        TrainingOptions options;
        options.model = folder/name;
        options.trainingData = {folder/"train.h5"};
        options.validationData = {folder/"test.h5"};
        options.variables = "vorticity";
        options.stride = 2;
        options.network = "vit";
        options.networkSettings = small(modulation);
        options.iterations = 400;
        options.batch = 4;
        options.warmUp = 10;
        options.learningRate = 5e-3;
        options.ema = 0.9;
        options.validateEvery = 400;
        options.validationSteps = 5;
        options.checkpointEvery = 1e9;
        options.storage = "float32";
        options.runtime.precision = "float32";
        options.runtime.threads = 1;
        return options;
    }

    Scratch folder;
};

// One model for all patches, each better than to say that nothing changes; a user turns them at run time
TEST_F(VitTraining, learnsWithAllPatchesWhichAModelsUserTakesInTurn)
{
    const Grid grid = smallManifest().grid;
    const State now = wavyState(grid, 21), next = wavyState(grid, 21.2);
    const double persistence = vrmse(next.channel(0), now.channel(0), grid.nCells());
    for (const std::string modulation : {"kernel", "stride"})
    {
        const TrainingOptions training = options(modulation + ".safetensors", modulation);
        train(training);
        const auto model = loadSurrogate(training.model, {});
        const auto step = [&](std::uint32_t timeIndex)
        {
            State state = now;
            model->advance(state, Noise(1, timeIndex));
            return state;
        };
        const auto field = [&](const State& state)
        {
            return std::vector<double>(state.channel(0), state.channel(0) + grid.nCells());
        };

        std::map<long, std::vector<double>> alone;
        for (const long patch : {2, 4, 8})
        {
            model->setControls(cycle({patch}));
            const State state = step(3);
            EXPECT_LT(vrmse(next.channel(0), state.channel(0), grid.nCells()), 0.5*persistence) << modulation << patch;
            alone[patch] = field(state);
        }
        EXPECT_NE(alone[2], alone[8]);

        model->setControls(cycle({8, 2, 4}));
        EXPECT_EQ(field(step(0)), alone[8]);
        EXPECT_EQ(field(step(1)), alone[2]);
        EXPECT_EQ(field(step(2)), alone[4]);
        EXPECT_EQ(field(step(3000)), alone[8]);
        EXPECT_THROW(model->setControls(cycle({16})), Error);
        EXPECT_EQ(field(step(1)), alone[2]);   // as it was
    }
}

// Patches and paths are drawn as a function of the iteration
TEST_F(VitTraining, resumedEqualsUninterrupted)
{
    TrainingOptions whole = options("whole.safetensors", "kernel");
    whole.networkSettings.set("dropPath", 0.3);
    whole.iterations = 30;
    whole.validateEvery = 10;
    train(whole);

    TrainingOptions parts = whole;
    parts.model = folder/"parts.safetensors";
    parts.checkpointEvery = 0;
    parts.stopAfter = 13;
    train(parts);
    parts.stopAfter = 0;
    train(parts);

    const Bundle a = Bundle::read(whole.model), b = Bundle::read(parts.model);
    ASSERT_EQ(a.tensors.size(), b.tensors.size());
    for (const auto& [name, data] : a.tensors) EXPECT_EQ(data.bytes, b.tensors.at(name).bytes) << name;
}

} // namespace
} // namespace surrogate
