#include "core/error.h"
#include "core/refusal.h"
#include "model/torch/networks/blocks.h"
#include "model/torch/networks/network.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using torch::Tensor;

Grid box(int dimensions, int cells, bool periodic = true)
{
    Grid grid;
    grid.dimensions = dimensions;
    for (int axis = 0; axis < dimensions; ++axis)
    {
        grid.cells[axis] = cells;
        grid.periodic[axis] = periodic;
        grid.walls[axis] = {{!periodic, !periodic}};
    }
    return grid;
}

Settings settings(std::initializer_list<std::pair<const std::string, Settings::Value>> entries = {})
{
    Settings s("networkCoeffs");
    s.set("width", 8L);
    s.set("embedding", 8L);
    for (const auto& [keyword, value] : entries) s.set(keyword, value);
    return s;
}

//- Two variables, of which one is predicted, and its hints
NetworkShape shapeOf(const Grid& grid, const std::vector<int>& pool, int geometry = 0)
{
    NetworkShape shape;
    shape.grid = grid;
    shape.variables = 2;
    shape.pool = pool;
    shape.inputs = 2 + int(pool.size()) + !pool.empty() + geometry;
    shape.outputs = 1 + int(pool.size());
    return shape;
}

std::shared_ptr<Network> shaken(std::shared_ptr<Network> network)
{
    torch::NoGradGuard noGradient;
    torch::manual_seed(3);
    for (auto& p : network->parameters()) p.add_(0.05*torch::randn_like(p));
    return network;
}

std::vector<std::int64_t> tensorSizes(const Grid& grid, int n, int channels)
{
    if (grid.dimensions == 3) return {n, channels, grid.cells[2], grid.cells[1], grid.cells[0]};
    return {n, channels, grid.cells[1], grid.cells[0]};
}

//- Inputs with hints that are equal over blocks
Tensor inputs(const NetworkShape& shape, double flag)
{
    const int d = shape.grid.dimensions;
    std::vector<Tensor> channels{torch::randn(tensorSizes(shape.grid, 2, shape.variables))};
    for (const int factor : shape.pool)
    {
        channels.push_back(repeatBlocks(blockMean(torch::randn(tensorSizes(shape.grid, 2, 1)), d, factor), d, factor));
    }
    if (!shape.pool.empty()) channels.push_back(torch::full(tensorSizes(shape.grid, 2, 1), flag));
    const int rest = shape.inputs - shape.variables - int(shape.pool.size()) - !shape.pool.empty();
    if (rest > 0) channels.push_back(torch::randn(tensorSizes(shape.grid, 2, rest)));
    return torch::cat(channels, 1);
}

TEST(Blocks, meanFirstAndRepeat)
{
    for (const int dimensions : {1, 2, 3})
    {
        const Grid grid = box(dimensions, 8);
        const Tensor x = torch::randn(tensorSizes(grid, 2, 3), torch::kDouble), mean = blockMean(x, dimensions, 4);
        EXPECT_EQ(mean.size(-1), 2);
        EXPECT_EQ(mean.size(2), dimensions == 1 ? 1 : 2);
        EXPECT_NEAR(mean.mean().item<double>(), x.mean().item<double>(), 1e-12);
        Tensor first = x;
        for (int d = 0; d < dimensions; ++d) first = first.narrow(-1 - d, 0, 4);
        EXPECT_NEAR(mean.flatten(2)[1][2][0].item<double>(), first[1][2].mean().item<double>(), 1e-12);
        const Tensor repeated = repeatBlocks(mean, dimensions, 4);
        EXPECT_EQ(repeated.sizes(), x.sizes());
        EXPECT_TRUE(torch::equal(firstOfBlocks(repeated, dimensions, 4), mean));
        EXPECT_TRUE(torch::allclose(blockMean(repeated, dimensions, 4), mean));
    }
}

TEST(HineUNet, hasOutputsOnTheGridInAnyDimensionPeriodicAndBounded)
{
    for (const int dimensions : {1, 2, 3})
    {
        for (const bool periodic : {true, false})
        {
            for (const std::vector<int>& pool : {std::vector<int>{}, {4}, {2, 8}})
            {
                const NetworkShape shape = shapeOf(box(dimensions, 8, periodic), pool, 1);
                const auto network = shaken(makeNetwork("hineUNet", shape, settings({{"modes", 3L}, {"attention", true}})));
                torch::NoGradGuard noGradient;
                const Tensor y = network->forward(inputs(shape, double(pool.size())));
                EXPECT_EQ(y.sizes().vec(), tensorSizes(shape.grid, 2, shape.outputs));
                EXPECT_TRUE(torch::isfinite(y).all().item<bool>());
            }
        }
    }
}

// At the level whose cells are the hint's, or the coarsest that fits into them; a hint's output is equal over that level's cells
TEST(HineUNet, readsAndWritesHintsAtTheirResolution)
{
    const NetworkShape shape = shapeOf(box(2, 16), {2, 8});
    const auto network = shaken(makeNetwork("hineUNet", shape, settings({{"multipliers", std::vector<long>{1, 1, 1}}})));
    torch::NoGradGuard noGradient;
    const Tensor x = inputs(shape, 2), y = network->forward(x);
    const auto even = [&](int channel, int factor)
    {
        const Tensor z = y.narrow(1, channel, 1);
        return torch::equal(repeatBlocks(firstOfBlocks(z, 2, factor), 2, factor), z);
    };
    EXPECT_TRUE(even(1, 2));
    EXPECT_FALSE(even(1, 4));
    EXPECT_TRUE(even(2, 4));
    EXPECT_FALSE(even(2, 8));
    EXPECT_FALSE(even(0, 2));

    for (const int channel : {2, 3, 4})   // both hints, and how many are known
    {
        Tensor other = x.clone();
        other.select(1, channel).add_(1);
        EXPECT_FALSE(torch::allclose(network->forward(other), y, 1e-4, 1e-4)) << "channel " << channel;
    }
}

TEST(HineUNet, movesWithItsInputOnAPeriodicGrid)
{
    const NetworkShape shape = shapeOf(box(2, 16), {4});
    const auto network = shaken(makeNetwork("hineUNet", shape, settings()));
    network->to(torch::kDouble);
    torch::NoGradGuard noGradient;
    const Tensor x = inputs(shape, 1).to(torch::kDouble);
    const Tensor moved = network->forward(x.roll({8, -4}, {2, 3}));
    EXPECT_TRUE(torch::allclose(moved, network->forward(x).roll({8, -4}, {2, 3}), 0, 1e-9));
}

TEST(HineUNet, isMadeAgainFromItsSettings)
{
    const NetworkShape shape = shapeOf(box(2, 16), {4, 8});
    const auto network = makeNetwork("hineUNet", shape, settings
    ({
        {"modes", 5L}, {"attention", true}, {"patch", 2L}, {"positions", std::vector<long>{0, 2}}, {"blocks", 2L}
    }));
    const auto again = makeNetwork("hineUNet", shape, network->settings());
    const auto a = network->named_parameters(), b = again->named_parameters();
    ASSERT_EQ(a.size(), b.size());
    for (const auto& item : a) EXPECT_EQ(item.value().sizes(), b[item.key()].sizes()) << item.key();
}

TEST(HineUNet, learns)
{
    const NetworkShape shape = shapeOf(box(2, 16), {4});
    torch::manual_seed(5);
    const auto network = makeNetwork("hineUNet", shape, settings({{"modes", 4L}}));
    torch::optim::Adam optimiser(network->parameters(), 3e-3);
    const Tensor x = inputs(shape, 1), target = torch::cat({x.narrow(1, 0, 1).roll(1, 3), x.narrow(1, 2, 1)}, 1);
    double first = 0, last = 0;
    for (int i = 0; i < 60; ++i)
    {
        optimiser.zero_grad();
        const Tensor loss = (network->forward(x) - target).square().mean();
        loss.backward();
        optimiser.step();
        last = loss.item<double>();
        if (i == 0) first = last;
    }
    EXPECT_LT(last, 0.3*first);
    for (const auto& item : network->named_parameters()) EXPECT_TRUE(item.value().grad().defined()) << item.key();
}

// The paper has 34.88 million with one level and 36.67 with three on 256 x 256 cells. Its text does not say all that this takes
// (how resolution changes, which blocks have spectral convolutions, and how many): with the settings that it gives, ours has less
// than half. Two hints cost 1.29 million here, 1.79 there.
TEST(HineUNet, withThePublishedSettingsHasFewerParametersThanPublished)
{
    const auto published = settings
    ({
        {"width", 16L}, {"multipliers", std::vector<long>{1, 2, 2, 2, 1, 1}}, {"blocks", 2L}, {"modes", 96L}, {"attention", true},
        {"embedding", 64L}
    });
    NetworkShape shape = shapeOf(box(2, 256), {});
    shape.variables = shape.inputs = 1;
    const std::int64_t one = makeNetwork("hineUNet", shape, published)->nParameters();
    shape.pool = {8, 32};
    shape.inputs = 4;
    shape.outputs = 3;
    const std::int64_t three = makeNetwork("hineUNet", shape, published)->nParameters();
    EXPECT_EQ(one, 15053873);
    EXPECT_EQ(three, 16339315);
}

TEST(HineUNet, refusesWhatDoesNotFit)
{
    const NetworkShape shape = shapeOf(box(2, 16), {6});
    expectRefusal([&] { makeNetwork("hineUNet", shape, settings({{"patch", 4L}})); }, {"entry patch", "4 for 6"});
    expectRefusal([&] { makeNetwork("hineUNet", shapeOf(box(2, 12), {}), settings({{"multipliers", std::vector<long>{1, 1, 1, 1}}})); },
        {"entry multipliers", "multiple of 8", "12 cells"});
    expectRefusal([&] { makeNetwork("hineUNet", shape, settings({{"modes", -1L}})); }, {"entry modes", "0 or more"});
    expectRefusal([&] { makeNetwork("hineUNet", shape, settings({{"mode", 4L}})); }, {"mode"});
    expectRefusal([&] { makeNetwork("hineUNet", shape, settings())->tiling(); }, {"entry tiles", "hineUNet"});
}

} // namespace
} // namespace surrogate
