#include "model/torch/activatePad.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using torch::Tensor;

//- What is beyond the lower and the upper side of each axis: p periodic, w wall, o open
Grid makeGrid(int dimensions, const std::array<std::string, 3>& sides)
{
    Grid grid;
    grid.dimensions = dimensions;
    for (int axis = 0; axis < dimensions; ++axis)
    {
        grid.periodic[axis] = sides[axis] == "pp";
        for (int side = 0; side < 2; ++side) grid.walls[axis][side] = sides[axis][side] == 'w';
    }
    grid.check("test");
    return grid;
}

//- ATen's own activation and padding
Tensor reference(Tensor x, Activation activation, const std::array<std::string, 3>& sides, int dimensions, int width)
{
    namespace F = torch::nn::functional;
    if (activation == Activation::gelu) x = torch::gelu(x);
    if (activation == Activation::silu) x = torch::silu(x);
    for (int axis = 0; axis < dimensions; ++axis)
    {
        const auto pad = [&](bool low, bool high, const F::PadFuncOptions::mode_t& mode)
        {
            std::vector<std::int64_t> widths(2*(x.dim() - 2), 0);
            if (low) widths[2*axis] = width;
            if (high) widths[2*axis + 1] = width;
            x = F::pad(x, F::PadFuncOptions(widths).mode(mode));
        };
        if (sides[axis] == "pp") { pad(true, true, torch::kCircular); continue; }
        for (int side = 0; side < 2; ++side)
        {
            if (sides[axis][side] == 'w') pad(side == 0, side == 1, torch::kConstant);
            else pad(side == 0, side == 1, torch::kReplicate);
        }
    }
    return x;
}

struct Case { int dimensions; std::array<std::string, 3> sides; std::vector<std::int64_t> sizes; int width; };

class ActivatePad : public testing::TestWithParam<std::tuple<Case, Activation, torch::ScalarType>> {};

TEST_P(ActivatePad, equalsSeparateOperationsAndTheirGradient)
{
    const auto& [testCase, activation, type] = GetParam();
    const Axes axes(makeGrid(testCase.dimensions, testCase.sides));
    const double tolerance = type == torch::kDouble ? 1e-12 : type == torch::kFloat ? 2e-6 : 3e-2;

    torch::manual_seed(1);
    const Tensor start = (3*torch::randn(testCase.sizes)).to(type).contiguous(axes.memoryFormat());
    const Tensor exact = start.to(torch::kDouble).clone().requires_grad_(true);
    const Tensor expected = reference(exact, activation, testCase.sides, testCase.dimensions, testCase.width);
    const Tensor weights = torch::randn(expected.sizes()).to(type);
    (expected*weights.to(torch::kDouble)).sum().backward();

    for (const auto& operation : {activatePad, activatePadByOperations})
    {
        const Tensor x = start.clone().requires_grad_(true);
        const Tensor out = operation(x, activation, axes, testCase.width);
        ASSERT_EQ(out.sizes(), expected.sizes());
        EXPECT_TRUE(torch::allclose(out.to(torch::kDouble), expected, tolerance, tolerance));
        (out*weights).sum().backward();
        EXPECT_TRUE(torch::allclose(x.grad().to(torch::kDouble), exact.grad(), tolerance, 4*tolerance))
            << (x.grad().to(torch::kDouble) - exact.grad()).abs().max();
    }
}

INSTANTIATE_TEST_SUITE_P
(
    all, ActivatePad,
    testing::Combine
    (
        testing::Values
        (
            Case{1, {"pp"}, {2, 3, 1, 9}, 1},
            Case{1, {"ww"}, {2, 3, 1, 9}, 2},
            Case{1, {"ow"}, {2, 3, 1, 9}, 2},
            Case{1, {"oo"}, {1, 4, 1, 1}, 2},
            Case{2, {"pp", "pp"}, {2, 16, 6, 8}, 1},
            Case{2, {"pp", "ww"}, {1, 5, 7, 5}, 1},
            Case{2, {"pp", "pp"}, {1, 4, 2, 2}, 2},
            Case{2, {"pp", "pp"}, {1, 4, 1, 1}, 1},
            Case{2, {"oo", "ww"}, {2, 16, 6, 8}, 1},
            Case{2, {"wo", "ow"}, {1, 5, 7, 5}, 2},
            Case{2, {"oo", "oo"}, {1, 4, 2, 1}, 2},
            Case{3, {"pp", "ww", "pp"}, {2, 3, 4, 5, 6}, 1},
            Case{3, {"oo", "wo", "pp"}, {2, 3, 4, 5, 6}, 1},
            Case{3, {"ow", "pp", "oo"}, {1, 16, 3, 2, 4}, 2}
        ),
        testing::Values(Activation::identity, Activation::gelu, Activation::silu),
        testing::Values(torch::kFloat, torch::kDouble, torch::kBFloat16)
    )
);

TEST(ActivatePadKernel, staysAccurateInTheTails)
{
    const Axes axes(makeGrid(1, {"ww"}));
    const Tensor x = torch::linspace(-40, 40, 16001).reshape({1, 1, 1, -1});
    const Tensor expected = torch::gelu(x.to(torch::kDouble));
    EXPECT_LT((activate(x, Activation::gelu, axes).to(torch::kDouble) - expected).abs().max().item<double>(), 3e-6);
    const Tensor nan = torch::full({1, 1, 1, 4}, NAN);
    EXPECT_TRUE(torch::isnan(activate(nan, Activation::gelu, axes)).all().item<bool>());
    EXPECT_TRUE(torch::isnan(activate(nan.to(torch::kBFloat16), Activation::silu, axes)).all().item<bool>());
}

// LibTorch 1.13 alone gives garbage in float32 where the gradient's memory order is another one than x's
TEST(Activate, hasItsGradientInAnyMemoryOrder)
{
    torch::manual_seed(1);
    const Tensor values = torch::randn({4, 24, 32}), weights = torch::randn({4, 24, 32});
    const auto ordered = [](const Tensor& t, bool turned)
    {
        return turned ? t.transpose(1, 2).contiguous().transpose(1, 2) : t.contiguous();
    };
    for (const Activation activation : {Activation::gelu, Activation::silu, Activation::identity})
    {
        const auto gradient = [&](torch::ScalarType type, bool turnedX, bool turnedGradient)
        {
            const Tensor x = ordered(values.to(type), turnedX).detach().requires_grad_();
            activate(x, activation).backward(ordered(weights.to(type), turnedGradient));
            return x.grad();
        };
        const Tensor expected = gradient(torch::kDouble, false, false);
        for (const bool turnedX : {false, true})
        {
            for (const bool turnedGradient : {false, true})
            {
                EXPECT_LT((gradient(torch::kFloat, turnedX, turnedGradient) - expected).abs().max().item<double>(), 1e-5);
            }
        }
    }
}

} // namespace
} // namespace surrogate
