#include "model/torch/networks/tiledNetwork.h"

#include "core/error.h"
#include "model/testModel.h"

#include <gtest/gtest.h>

#include <malloc.h>

#include <fstream>
#include <functional>
#include <iostream>

namespace surrogate
{
namespace
{

using torch::Tensor;

struct Case
{
    NetworkShape shape;
    Settings settings{"networkCoeffs"};

    Case(std::vector<int> cells, std::array<bool, 3> periodic, std::vector<long> multipliers)
    {
        shape.grid.dimensions = int(cells.size());
        for (std::size_t axis = 0; axis < cells.size(); ++axis) shape.grid.cells[axis] = cells[axis];
        shape.grid.periodic = periodic;
        shape.inputs = 2;
        settings.set("width", 4L);
        settings.set("blocks", 1L);
        settings.set("multipliers", multipliers);
    }

    std::shared_ptr<Network> network(torch::ScalarType precision) const
    {
        torch::manual_seed(3);
        auto network = makeNetwork("uNet", shape, settings);
        torch::NoGradGuard noGradient;
        for (auto& p : network->parameters()) p.add_(0.05*torch::randn_like(p));
        network->to(precision);
        return network;
    }

    Tensor input(torch::ScalarType precision, int members = 2) const
    {
        std::vector<std::int64_t> sizes{members, shape.inputs};
        if (shape.grid.dimensions == 3) sizes.push_back(shape.grid.cells[2]);
        sizes.push_back(shape.grid.cells[1]);
        sizes.push_back(shape.grid.cells[0]);
        torch::manual_seed(5);
        return torch::randn(sizes, torch::kDouble).to(precision);
    }
};

//- Largest difference of the tiled network from the undivided one, over the latter's largest value
double difference(const Case& c, const std::vector<long>& tiles, torch::ScalarType precision,
    const std::vector<Tensor>& numbers = {})
{
    const torch::NoGradGuard noGradient;
    const auto network = c.network(precision);
    const Tensor x = c.input(precision);
    const Tensor whole = network->forward(x, numbers);
    const Tensor parts = tiled("uNet", c.shape, network, tiles)->forward(x, numbers);
    EXPECT_EQ(whole.sizes(), parts.sizes());
    return ((whole - parts).abs().max()/whole.abs().max()).item<double>();
}

std::string messageOf(const std::function<void()>& call)
{
    try { call(); }
    catch (const Error& error) { return error.what(); }
    return "nothing";
}

#define EXPECT_MESSAGE(call, words) EXPECT_NE(messageOf([&] { call; }).find(words), std::string::npos) << messageOf([&] { call; })

// A halo one block short would show: see aHaloIsAsWideAsTheNetworkSees
TEST(TiledNetwork, equalsTheUndividedOne)
{
    Case periodic({160, 144}, {true, true, false}, {1, 1});
    periodic.settings.set("positions", std::vector<long>{1, 4});
    periodic.settings.set("embeddings", std::vector<long>{8});
    const std::vector<Tensor> numbers{torch::tensor({3.0f, 70.0f})};
    EXPECT_LT(difference(periodic, {2, 2}, torch::kDouble, numbers), 1e-12);
    EXPECT_LT(difference(periodic, {2, 2}, torch::kFloat, numbers), 1e-5);
    EXPECT_LT(difference(periodic, {3, 1}, torch::kDouble, numbers), 1e-12);

    // along y the tiles at the ends are padded as the grid is
    const Case bounded({150, 98}, {true, false, false}, {1, 1});
    EXPECT_LT(difference(bounded, {3, 2}, torch::kDouble), 1e-12);
    EXPECT_LT(difference(bounded, {1, 2}, torch::kDouble), 1e-12);

    Case patched({160, 160}, {false, false, false}, {1});
    patched.settings.set("patch", 2L);
    EXPECT_LT(difference(patched, {3, 3}, torch::kDouble), 1e-12);

    const Case box({40, 8, 30}, {true, true, false}, {1});
    EXPECT_EQ(box.network(torch::kDouble)->tiling().halo, 12);
    EXPECT_LT(difference(Case({54, 8, 30}, {true, true, false}, {1}), {2, 1, 2}, torch::kDouble), 1e-12);

    EXPECT_LT(difference(Case({60}, {true, false, false}, {1}), {2}, torch::kDouble), 1e-12);
}

// No cell beyond the halo is seen; and one close to its end is, so that it is no wider than it must be
TEST(TiledNetwork, aHaloIsAsWideAsTheNetworkSees)
{
    const torch::NoGradGuard noGradient;
    for (const std::vector<long>& multipliers : {std::vector<long>{1}, std::vector<long>{1, 1}, std::vector<long>{1, 1, 1}})
    {
        const Case c({320}, {true, false, false}, multipliers);
        const auto network = c.network(torch::kDouble);
        const Tiling tiling = network->tiling();
        EXPECT_EQ(tiling.alignment, 1 << (multipliers.size() - 1));
        const Tensor x = c.input(torch::kDouble, 1);
        int furthest = 0;
        for (int shift = 0; shift < tiling.alignment; ++shift)
        {
            Tensor changed = x.clone();
            changed.index({0, 0, 0, 160 + shift}) += 100;
            const Tensor differs = (network->forward(changed) - network->forward(x)).abs().amax({0, 1, 2}).to(torch::kCPU);
            for (int i = 0; i < 320; ++i)
            {
                // distance of the changed cell from the block of the cell that sees it
                const int begin = i/tiling.alignment*tiling.alignment, end = begin + tiling.alignment - 1;
                const int cell = 160 + shift, distance = cell < begin ? begin - cell : std::max(0, cell - end);
                if (differs[i].item<double>() > 0) furthest = std::max(furthest, distance);
            }
        }
        EXPECT_LE(furthest, tiling.halo);
        EXPECT_GT(furthest, 3*tiling.halo/4) << multipliers.size();
    }
}

//- Largest resident memory [MB] while it runs, above that before; 0 where the system cannot tell
double peakMemory(const std::function<void()>& call)
{
    const auto read = [](const std::string& name)
    {
        std::ifstream file("/proc/self/status");
        std::string word;
        while (file >> word) if (word == name + ":") break;
        double kilobytes = 0;
        file >> kilobytes;
        return kilobytes/1024;
    };
    malloc_trim(0);   // what was freed before must not serve
    std::ofstream clear("/proc/self/clear_refs");
    clear << "5" << std::flush;
    if (!clear) return 0;
    const double before = read("VmRSS");
    call();
    return read("VmHWM") - before;
}

TEST(TiledNetwork, needsLessMemory)
{
    const torch::NoGradGuard noGradient;
    Case c({512, 512}, {true, true, false}, {1});
    c.settings.set("width", 16L);
    const Tensor x = c.input(torch::kFloat, 1);
    const auto network = c.network(torch::kFloat);
    const auto parts = tiled("uNet", c.shape, network, {4, 4});
    parts->forward(x);   // what is made once
    network->forward(x);
    const double whole = peakMemory([&] { network->forward(x); }), less = peakMemory([&] { parts->forward(x); });
    if (whole == 0) GTEST_SKIP() << "the system does not tell";
    std::cout << "peak memory of a 512 x 512 grid [MB]: " << whole << ", in 4 x 4 tiles " << less << std::endl;
    EXPECT_LT(less, 0.4*whole);
}

TEST(TiledNetwork, refusesWhatCannotBeDivided)
{
    const auto make = [](const Case& c, const std::vector<long>& tiles) { tiled("uNet", c.shape, c.network(torch::kFloat), tiles); };
    const Case small({64, 64}, {true, true, false}, {1, 1});
    EXPECT_MESSAGE(make(small, {2, 1}), "a grid of more than 128 cells");
    EXPECT_MESSAGE(make(small, {2, 1}), "along x");
    EXPECT_MESSAGE(make(small, {2}), "2 numbers, one an axis");
    EXPECT_MESSAGE(make(small, {1, 40}), "at most 32");
    EXPECT_EQ(messageOf([&] { make(small, {1, 1}); }), "nothing");
    EXPECT_EQ(messageOf([&] { make(small, {}); }), "nothing");

    Case c({320, 320}, {true, true, false}, {1, 1});
    c.settings.set("heads", 1L);
    EXPECT_MESSAGE(make(c, {2, 2}), "heads 1");
    c.settings.set("heads", 0L);
    c.settings.set("attention", std::vector<long>{0, 0, 1});
    EXPECT_MESSAGE(make(c, {2, 2}), "depends on the whole grid");
    c.settings.set("attention", std::vector<long>{});
    c.settings.set("width", 8L);
    c.settings.set("norm", std::string("group"));
    EXPECT_MESSAGE(make(c, {2, 2}), "norm group");
}

// The whole path, from the entry on: a model that steps tile by tile
TEST(TiledNetwork, modelsStepAlike)
{
    const Scratch folder;
    for (const char* method : {"emulator", "acdm"})
    {
        Manifest manifest = testing::smallManifest("fields");
        manifest.method = method;
        manifest.grid.cells = {{96, 32, 1}};
        manifest.networkSettings.set("multipliers", std::vector<long>{1});
        if (manifest.method == "acdm") manifest.diffusion.set("levels", 5L);
        writeUntrainedSurrogate(folder/"m.safetensors", manifest, 1, 1.0);
        RuntimeOptions options;
        options.device = "cpu";
        options.precision = "float64";
        std::vector<State> whole{testing::wavyState(manifest.grid), testing::wavyState(manifest.grid, 1)}, parts = whole;
        loadSurrogate(folder/"m.safetensors", options)->advance(whole, Noise(4, 5));
        options.tiles = {3, 1};
        const auto model = loadSurrogate(folder/"m.safetensors", options);
        EXPECT_NE(model->runtime().find("tiles 3 1"), std::string::npos) << model->runtime();
        const State before = parts[1];
        model->advance(parts, Noise(4, 5));
        double change = 0;
        for (std::size_t i = 0; i < before.values.size(); ++i)
        {
            change = std::max(change, std::abs(parts[1].values[i] - before.values[i]));
            ASSERT_NEAR(parts[1].values[i], whole[1].values[i], manifest.method == "emulator" ? 1e-12 : 1e-5);
        }
        EXPECT_GT(change, 1e-4) << method;
    }
}

} // namespace
} // namespace surrogate
