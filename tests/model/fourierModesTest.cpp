#include "model/torch/networks/depthwiseSpectral.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using torch::Tensor;

Axes axesOf(int dimensions, bool periodic)
{
    Grid grid;
    grid.dimensions = dimensions;
    for (int axis = 0; axis < dimensions; ++axis) grid.periodic[axis] = periodic;
    return Axes(grid);
}

Tensor channelsLast(const Tensor& x, const Axes& axes) { return x.contiguous(axes.memoryFormat()); }

TEST(FourierModes, ofAllWaveNumbersLoseNothing)
{
    for (const bool periodic : {true, false})
    {
        for (const int cells : {7, 8})
        {
            const FourierModes modes(cells, periodic, 1000);
            EXPECT_EQ(modes.highest, periodic ? cells/2 : cells);
            EXPECT_TRUE(torch::allclose(torch::matmul(modes.inverse, modes.forward), torch::eye(cells, torch::kDouble), 0, 1e-12));
        }
    }
}

TEST(FourierModes, areTheCoefficientsOfAnFft)
{
    const int cells = 12;
    const FourierModes modes(cells, true, 3);
    const Tensor x = torch::randn({cells}, torch::kDouble), c = torch::matmul(modes.forward, x), f = torch::fft::rfft(x);
    for (int k = 0; k <= 3; ++k)
    {
        const double scale = (k ? 2.0 : 1.0)/cells;
        EXPECT_NEAR(c[k].item<double>(), scale*torch::real(f[k]).item<double>(), 1e-12);
        EXPECT_NEAR(c[4 + k].item<double>(), -scale*torch::imag(f[k]).item<double>(), 1e-12);
    }
}

// Each wave number's coefficients times a complex number that its channel alone has: the same as between an FFT and its inverse
TEST(DepthwiseSpectral, isAMultiplicationOfAnFftByComplexWeights)
{
    const Axes axes = axesOf(2, true);
    const int ny = 10, nx = 8, channels = 3, modes = 2;
    torch::manual_seed(1);
    DepthwiseSpectral layer(axes, std::array<int, 3>{{nx, ny, 1}}, channels, modes);
    layer->to(torch::kDouble);
    torch::NoGradGuard noGradient;
    const Tensor x = torch::randn({2, channels, ny, nx}, torch::kDouble);
    const Tensor y = layer(channelsLast(x, axes));

    // J of an axis multiplies the coefficient of exp(i k x) by i times the sign of k
    Tensor spectrum = torch::fft::fft2(torch::complex(x, torch::zeros_like(x)));
    Tensor kept = torch::zeros_like(spectrum);
    for (int ky = -modes; ky <= modes; ++ky)
    {
        for (int kx = -modes; kx <= modes; ++kx)
        {
            const auto w = [&](int i) { return layer->weight[i][std::abs(ky)][std::abs(kx)]; };
            const int sx = kx > 0 ? 1 : kx < 0 ? -1 : 0, sy = ky > 0 ? 1 : ky < 0 ? -1 : 0;
            const Tensor factor = torch::complex(w(0) - double(sx*sy)*w(3), double(sx)*w(1) + double(sy)*w(2));
            const int j = (ky + ny)%ny, i = (kx + nx)%nx;
            kept.select(3, i).select(2, j).copy_(spectrum.select(3, i).select(2, j)*factor);
        }
    }
    const Tensor expected = torch::real(torch::fft::ifft2(kept));
    EXPECT_TRUE(torch::allclose(y, expected, 0, 1e-12)) << (y - expected).abs().max().item<double>();
}

TEST(DepthwiseSpectral, doesNotMixChannelsAndMovesWithItsInput)
{
    for (const int dimensions : {1, 2, 3})
    {
        const Axes axes = axesOf(dimensions, true);
        const std::array<int, 3> cells{{8, dimensions > 1 ? 6 : 1, dimensions > 2 ? 4 : 1}};
        std::vector<std::int64_t> sizes{2, 2, cells[1], cells[0]};
        if (dimensions == 3) sizes.insert(sizes.begin() + 2, cells[2]);
        torch::manual_seed(2);
        DepthwiseSpectral layer(axes, cells, 2, 3);
        layer->to(torch::kDouble);
        torch::NoGradGuard noGradient;
        const Tensor x = torch::randn(sizes, torch::kDouble), y = layer(channelsLast(x, axes));
        ASSERT_EQ(y.sizes().vec(), sizes);
        EXPECT_TRUE(y.is_contiguous(axes.memoryFormat()));

        Tensor other = x.clone();
        other.select(1, 1).normal_();
        const Tensor changed = layer(channelsLast(other, axes));
        EXPECT_TRUE(torch::allclose(changed.select(1, 0), y.select(1, 0)));
        EXPECT_FALSE(torch::allclose(changed.select(1, 1), y.select(1, 1)));

        for (int axis = 0; axis < dimensions; ++axis)
        {
            const Tensor moved = layer(channelsLast(x.roll(1, -1 - axis), axes));
            EXPECT_TRUE(torch::allclose(moved, y.roll(1, -1 - axis), 0, 1e-12)) << "axis " << axis;
        }
    }
}

// Beyond a wall there is nothing: what is near one end stays away from the other
TEST(DepthwiseSpectral, doesNotWrapAlongABoundedAxis)
{
    for (const bool periodic : {true, false})
    {
        const Axes axes = axesOf(1, periodic);
        DepthwiseSpectral layer(axes, std::array<int, 3>{{16, 1, 1}}, 1, 1000);
        layer->to(torch::kDouble);
        torch::NoGradGuard noGradient;
        // a shift by two cells to the right, as weights: exp(-i 2 k) = cos(2 k) - i sin(2 k)
        const Tensor k = 2*M_PI/(periodic ? 16 : 32)*torch::arange(layer->weight.size(1), torch::kDouble);
        layer->weight[0].copy_(torch::cos(2*k).unsqueeze(1));
        layer->weight[1].copy_(-torch::sin(2*k).unsqueeze(1));
        Tensor x = torch::zeros({1, 1, 1, 16}, torch::kDouble);
        x[0][0][0][15] = 1;
        x[0][0][0][5] = 1;
        const Tensor y = layer(x);
        EXPECT_NEAR(y[0][0][0][7].item<double>(), 1, 1e-12);
        EXPECT_NEAR(y[0][0][0][1].item<double>(), periodic ? 1 : 0, 1e-12);
    }
}

TEST(DepthwiseSpectral, hasGradientsAndRunsInBfloat16)
{
    const Axes axes = axesOf(2, true);
    torch::manual_seed(3);
    DepthwiseSpectral layer(axes, std::array<int, 3>{{8, 8, 1}}, 4, 4);
    const Tensor x = channelsLast(torch::randn({2, 4, 8, 8}), axes).requires_grad_();
    const Tensor y = layer(x);
    y.square().sum().backward();
    EXPECT_GT(layer->weight.grad().abs().sum().item<double>(), 0);
    EXPECT_GT(x.grad().abs().sum().item<double>(), 0);
    torch::NoGradGuard noGradient;
    const Tensor coarse = layer(x.to(torch::kBFloat16));
    EXPECT_EQ(coarse.scalar_type(), torch::kBFloat16);
    EXPECT_LT((coarse.to(torch::kFloat) - y).abs().max().item<double>(), 0.05*y.abs().max().item<double>());
}

} // namespace
} // namespace surrogate
