#include "model/torch/activatePad.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using torch::Tensor;

Grid makeGrid(int dimensions, std::array<bool, 3> periodic)
{
    Grid grid;
    grid.dimensions = dimensions;
    grid.periodic = periodic;
    return grid;
}

Tensor reference(Tensor x, Activation activation, const Grid& grid, int width)
{
    if (activation == Activation::gelu) x = torch::gelu(x);
    if (activation == Activation::silu) x = torch::silu(x);
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        const std::int64_t d = x.dim() - 1 - axis, n = x.size(d);
        if (grid.periodic[axis])
        {
            x = torch::cat({x.narrow(d, n - width, width), x, x.narrow(d, 0, width)}, d);
            continue;
        }
        auto sizes = x.sizes().vec();
        sizes[d] = width;
        x = torch::cat({torch::zeros(sizes, x.options()), x, torch::zeros(sizes, x.options())}, d);
    }
    return x;
}

struct Case { int dimensions; std::array<bool, 3> periodic; std::vector<std::int64_t> sizes; int width; };

class ActivatePad : public testing::TestWithParam<std::tuple<Case, Activation, torch::ScalarType>> {};

TEST_P(ActivatePad, equalsSeparateOperationsAndTheirGradient)
{
    const auto& [testCase, activation, type] = GetParam();
    const Grid grid = makeGrid(testCase.dimensions, testCase.periodic);
    const Axes axes(grid);
    const double tolerance = type == torch::kDouble ? 1e-12 : type == torch::kFloat ? 2e-6 : 3e-2;

    torch::manual_seed(1);
    const Tensor start = (3*torch::randn(testCase.sizes)).to(type).contiguous(axes.memoryFormat());
    const Tensor x = start.clone().requires_grad_(true);
    const Tensor exact = start.to(torch::kDouble).requires_grad_(true);
    const Tensor out = activatePad(x, activation, axes, testCase.width);
    const Tensor expected = reference(exact, activation, grid, testCase.width);
    ASSERT_EQ(out.sizes(), expected.sizes());
    EXPECT_TRUE(torch::allclose(out.to(torch::kDouble), expected, tolerance, tolerance));

    const Tensor weights = torch::randn(expected.sizes()).to(type);
    (out*weights).sum().backward();
    (expected*weights.to(torch::kDouble)).sum().backward();
    EXPECT_TRUE(torch::allclose(x.grad().to(torch::kDouble), exact.grad(), tolerance, 4*tolerance))
        << (x.grad().to(torch::kDouble) - exact.grad()).abs().max();
}

INSTANTIATE_TEST_SUITE_P
(
    all, ActivatePad,
    testing::Combine
    (
        testing::Values
        (
            Case{1, {true, false, false}, {2, 3, 1, 9}, 1},
            Case{1, {false, false, false}, {2, 3, 1, 9}, 2},
            Case{2, {true, true, false}, {2, 16, 6, 8}, 1},
            Case{2, {true, false, false}, {1, 5, 7, 5}, 1},
            Case{2, {true, true, false}, {1, 4, 2, 2}, 2},
            Case{2, {true, true, false}, {1, 4, 1, 1}, 1},
            Case{3, {true, false, true}, {2, 3, 4, 5, 6}, 1}
        ),
        testing::Values(Activation::identity, Activation::gelu, Activation::silu),
        testing::Values(torch::kFloat, torch::kDouble, torch::kBFloat16)
    )
);

TEST(ActivatePadKernel, staysAccurateInTheTails)
{
    Axes axes(makeGrid(1, {false, false, false}));
    const Tensor x = torch::linspace(-40, 40, 16001).reshape({1, 1, 1, -1});
    const Tensor expected = torch::gelu(x.to(torch::kDouble));
    EXPECT_LT((activate(x, Activation::gelu, axes).to(torch::kDouble) - expected).abs().max().item<double>(), 3e-6);
    const Tensor nan = torch::full({1, 1, 1, 4}, NAN);
    EXPECT_TRUE(torch::isnan(activate(nan, Activation::gelu, axes)).all().item<bool>());
    EXPECT_TRUE(torch::isnan(activate(nan.to(torch::kBFloat16), Activation::silu, axes)).all().item<bool>());
}

} // namespace
} // namespace surrogate
