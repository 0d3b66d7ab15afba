#include "core/error.h"
#include "model/torch/networks/layers.h"
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

Settings settings(std::initializer_list<std::pair<const std::string, Settings::Value>> entries)
{
    Settings s("networkCoeffs");
    for (const auto& [keyword, value] : entries) s.set(keyword, value);
    return s;
}

//- Random weights everywhere, as freshly made residual blocks are their shortcuts
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

// The Thermalizer's U-Net (1 -> 1 channel, width 64, multipliers 2 2 2, 2 blocks) has 45,820,801 parameters
TEST(UNet, hasThePublishedNumberOfParameters)
{
    EXPECT_EQ(makeNetwork("uNet", {box(2, 64), 1, 1}, settings({{"width", 64L}}))->nParameters(), 45820801);
}

// With a level head it has 53,286,817; the SNS network, 3 -> 2 channels with two heads whose levels condition the decoder,
// 73,727,522 (Towards Infinitely Long Neural Simulations, appendix B.2)
TEST(UNet, withLevelHeadsHasThePublishedNumberOfParameters)
{
    EXPECT_EQ(makeNetwork("uNet", {box(2, 64), 1, 1},
        settings({{"width", 64L}, {"heads", 1L}, {"headsCondition", false}}))->nParameters(), 53286817);
    EXPECT_EQ(makeNetwork("uNet", {box(2, 64), 3, 2}, settings({{"width", 64L}, {"heads", 2L}}))->nParameters(), 73727522);
}

TEST(UNet, classifiesLevelsInAnyDimension)
{
    for (int dimensions : {1, 2, 3})
    {
        const Grid grid = box(dimensions, 8);
        auto network = shaken(makeNetwork("uNet", {grid, 2, 1}, settings
        ({
            {"width", 4L}, {"multipliers", std::vector<long>{1, 2}}, {"blocks", 1L}, {"heads", 2L}, {"levels", 12L},
            {"headFeatures", 32L}, {"embeddings", std::vector<long>{4}}, {"conditioning", "sum"}
        })));
        torch::NoGradGuard noGradient;
        const Tensor x = torch::randn(tensorSizes(grid, 3, 2)), number = torch::tensor({1.0f, 2.0f, 3.0f});
        const auto output = network->evaluate(x, {number});
        ASSERT_EQ(output.levels.size(), 2u);
        EXPECT_EQ(output.levels[0].sizes().vec(), (std::vector<std::int64_t>{3, 12}));
        EXPECT_TRUE(torch::equal(network->levels(x, {number})[1], output.levels[1]));
        EXPECT_FALSE(torch::allclose(output.levels[0], output.levels[1]));
    }
}

// The decoder is told what the heads found: with other heads, another field
TEST(UNet, isConditionedByItsHeads)
{
    const Grid grid = box(2, 8);
    auto network = shaken(makeNetwork("uNet", {grid, 1, 1}, settings
        ({{"width", 4L}, {"multipliers", std::vector<long>{1}}, {"heads", 1L}, {"levels", 5L}, {"headFeatures", 16L}})));
    torch::NoGradGuard noGradient;
    const Tensor x = torch::randn(tensorSizes(grid, 2, 1)), before = network->forward(x);
    network->named_parameters()["head0.second.bias"][3] += 5;
    EXPECT_FALSE(torch::allclose(network->forward(x), before));
}

TEST(UNet, runsInOneTwoAndThreeDimensions)
{
    for (int dimensions : {1, 2, 3})
    {
        for (bool periodic : {true, false})
        {
            const Grid grid = box(dimensions, 8, periodic);
            auto network = shaken(makeNetwork("uNet", {grid, 2, 3}, settings
            ({
                {"width", 8L}, {"multipliers", std::vector<long>{1, 2}}, {"blocks", 1L}, {"patch", 2L}, {"norm", "group"},
                {"positions", std::vector<long>(dimensions, 1)}, {"attention", std::vector<long>{0, 1, 1}},
                {"activation", "silu"}
            })));
            const Tensor out = network->forward(torch::randn(tensorSizes(grid, 2, 2)));
            EXPECT_EQ(out.sizes().vec(), tensorSizes(grid, 2, 3));
            EXPECT_TRUE(torch::isfinite(out).all().item<bool>());
        }
    }
}

// On a periodic grid a shift by the coarsest cell commutes with the network; with walls it does not
TEST(UNet, isEquivariantToShiftsOnPeriodicAxesAlone)
{
    for (bool periodic : {true, false})
    {
        const Grid grid = box(2, 16, periodic);
        auto network = shaken(makeNetwork("uNet", {grid, 1, 1}, settings
            ({{"width", 6L}, {"multipliers", std::vector<long>{1, 2}}, {"patch", 2L}})));
        network->to(torch::kDouble);
        torch::NoGradGuard noGradient;
        const Tensor x = torch::randn(tensorSizes(grid, 1, 1), torch::kDouble);
        const Tensor shifted = network->forward(x.roll({4, 8}, {2, 3}));
        const double difference = (shifted - network->forward(x).roll({4, 8}, {2, 3})).abs().max().item<double>();
        if (periodic) EXPECT_LT(difference, 1e-12);
        else EXPECT_GT(difference, 1e-3);
    }
}

TEST(UNet, seesPositionsWhereAsked)
{
    const Grid grid = box(2, 16);
    auto network = shaken(makeNetwork("uNet", {grid, 1, 1}, settings
        ({{"width", 6L}, {"multipliers", std::vector<long>{1}}, {"positions", std::vector<long>{0, 1}}})));
    torch::NoGradGuard noGradient;
    const Tensor x = torch::randn(tensorSizes(grid, 1, 1));
    const Tensor out = network->forward(x);
    EXPECT_TRUE(torch::allclose(network->forward(x.roll(4, 3)), out.roll(4, 3), 1e-4, 1e-5));
    EXPECT_FALSE(torch::allclose(network->forward(x.roll(4, 2)), out.roll(4, 2), 1e-3, 1e-3));
}

TEST(UNet, isConditionedByItsEmbeddings)
{
    const Grid grid = box(2, 8);
    auto network = shaken(makeNetwork("uNet", {grid, 1, 1}, settings
        ({{"width", 4L}, {"multipliers", std::vector<long>{1}}, {"embeddings", std::vector<long>{4, 6}}})));
    const Tensor x = torch::randn(tensorSizes(grid, 2, 1)), a = torch::tensor({1.0f, 7.0f}), b = torch::tensor({2.0f, 3.0f});
    EXPECT_FALSE(torch::allclose(network->forward(x, {a, b}), network->forward(x, {2*a, b})));
    EXPECT_FALSE(torch::allclose(network->forward(x, {a, b}), network->forward(x, {a, 2*b})));
    EXPECT_THROW(network->forward(x), c10::Error);
}

TEST(UNet, keepsItsSettings)
{
    const Grid grid = box(2, 16);
    auto first = makeNetwork("uNet", {grid, 1, 1}, settings({{"width", 6L}, {"blocks", 1L}}));
    auto second = makeNetwork("uNet", {grid, 1, 1}, first->settings());
    EXPECT_EQ(first->settings().all(), second->settings().all());
    EXPECT_EQ(first->nParameters(), second->nParameters());
}

TEST(UNet, refusesWhatDoesNotFit)
{
    const auto message = [](const Grid& grid, const Settings& s, const std::string& name = "uNet")
    {
        try { makeNetwork(name, {grid, 1, 1}, s); }
        catch (const Error& error) { return std::string(error.what()); }
        return std::string("nothing");
    };
    EXPECT_NE(message(box(2, 18), settings({})).find("cells along x"), std::string::npos);
    EXPECT_NE(message(box(2, 16), settings({{"widht", 3L}})).find("widht"), std::string::npos);
    EXPECT_NE(message(box(2, 16), settings({{"norm", "batch"}})).find("group"), std::string::npos);
    EXPECT_NE(message(box(2, 16), settings({{"positions", std::vector<long>{1}}})).find("one an axis"), std::string::npos);
    EXPECT_NE(message(box(2, 16), settings({}), "uNte").find("uNet"), std::string::npos);
}

// In the interior it is the transposed convolution of kernel 4, stride 2, padding 1, weight for weight
TEST(Upsample, equalsTransposedConvolution)
{
    for (int dimensions : {2, 3})
    {
        const Grid grid = box(dimensions, 6, false);
        Upsample upsample(Axes(grid), 3, 5);
        upsample->to(torch::kDouble);
        torch::NoGradGuard noGradient;
        const Tensor x = torch::randn(tensorSizes(grid, 2, 3), torch::kDouble);
        const Tensor expected = dimensions == 2
            ? torch::conv_transpose2d(x, upsample->weight, upsample->bias, 2, 1)
            : torch::conv_transpose3d(x, upsample->weight, upsample->bias, 2, 1);
        EXPECT_TRUE(torch::allclose(upsample(x), expected, 1e-12, 1e-12)) << dimensions;
    }
}

// At open sides it is that of a grid that goes on as its outermost cells are
TEST(Upsample, goesOnBeyondOpenSides)
{
    Grid grid = box(2, 6, false);
    grid.walls = {};
    Upsample upsample(Axes(grid), 3, 5);
    upsample->to(torch::kDouble);
    torch::NoGradGuard noGradient;
    const Tensor x = torch::randn(tensorSizes(grid, 2, 3), torch::kDouble);
    const Tensor wide = torch::replication_pad2d(x, {1, 1, 1, 1});
    const Tensor expected = torch::conv_transpose2d(wide, upsample->weight, upsample->bias, 2, 1);
    EXPECT_TRUE(torch::allclose(upsample(x), expected.narrow(2, 2, 12).narrow(3, 2, 12), 1e-12, 1e-12));
}

TEST(Cells, toChannelsAndBack)
{
    for (int dimensions : {1, 2, 3})
    {
        const Grid grid = box(dimensions, 8);
        const Axes axes(grid);
        const Tensor x = torch::randn(tensorSizes(grid, 2, 3));
        const Tensor packed = cellsToChannels(x, axes, 2);
        EXPECT_EQ(packed.size(1), 3 << dimensions);
        EXPECT_TRUE(torch::equal(channelsToCells(packed, axes, 2), x));
    }
}

} // namespace
} // namespace surrogate
