#include "model/torch/networks/fourierModes.h"

#include "core/error.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using torch::Tensor;

Grid gridOf(std::vector<int> cells, bool periodic = true)
{
    Grid grid;
    grid.dimensions = int(cells.size());
    for (std::size_t axis = 0; axis < cells.size(); ++axis)
    {
        grid.cells[axis] = cells[axis];
        grid.periodic[axis] = periodic;
    }
    return grid;
}

//- [n][cells][c] with the axes of `grid`, outermost first
Tensor noiseOn(const Grid& grid)
{
    torch::manual_seed(2);
    std::vector<std::int64_t> sizes{3};
    for (int axis = grid.dimensions - 1; axis >= 0; --axis) sizes.push_back(grid.cells[axis]);
    sizes.push_back(2);
    return torch::randn(sizes, torch::kDouble);
}

//- The same low-pass by a fast Fourier transform of the field, continued by zeros to `period` cells
Tensor lowPass(const Tensor& x, const std::vector<long>& modes, const std::vector<std::int64_t>& period)
{
    std::vector<std::int64_t> dims;
    for (std::int64_t d = 1; d + 1 < x.dim(); ++d) dims.push_back(d);
    Tensor all = torch::fft_fftn(x, period, dims);
    for (std::size_t i = 0; i < dims.size(); ++i)
    {
        const std::int64_t n = period[i], kept = modes[dims.size() - 1 - i];
        Tensor mask = torch::zeros({n}, torch::kDouble);
        for (std::int64_t k = 0; k < n; ++k) mask[k] = std::min(k, n - k) < kept ? 1.0 : 0.0;
        std::vector<std::int64_t> shape(std::size_t(x.dim()), 1);
        shape[std::size_t(dims[i])] = n;
        all = all*mask.view(shape);
    }
    Tensor back = torch::real(torch::fft_ifftn(all, c10::nullopt, dims));
    for (const std::int64_t d : dims) back = back.narrow(d, 0, x.size(d));
    return back;
}

TEST(FourierModes, areThoseOfAFastTransform)
{
    for (const auto& [cells, modes] : std::vector<std::pair<std::vector<int>, std::vector<long>>>
    {
        {{24}, {5}}, {{15}, {7}}, {{12, 10}, {4, 3}}, {{12, 10}, {6, 5}}, {{8, 6, 10}, {3, 2, 4}}
    })
    {
        const Grid grid = gridOf(cells);
        const Tensor x = noiseOn(grid);
        FourierModes fourier(grid, modes, 0, "test");
        const Tensor back = fourier.synthesise(fourier.analyse(x));
        const std::vector<std::int64_t> period(cells.rbegin(), cells.rend());
        ASSERT_EQ(back.sizes(), x.sizes());
        EXPECT_LT((back - lowPass(x, modes, period)).abs().max().item<double>(), 1e-12);
    }
}

TEST(FourierModes, continuesWithZerosWhereNotPeriodic)
{
    const Grid grid = gridOf({16, 12}, false);
    const Tensor x = noiseOn(grid);
    FourierModes fourier(grid, {5, 4}, 0.25, "test");
    const Tensor back = fourier.synthesise(fourier.analyse(x));
    EXPECT_LT((back - lowPass(x, {5, 4}, {15, 20})).abs().max().item<double>(), 1e-12);
}

// Amplitudes are those of cos(kx) and sin(kx): 0.5 and -0.5 i
TEST(FourierModes, amplitudesOfAWave)
{
    const Grid grid = gridOf({32});
    FourierModes fourier(grid, {6}, 0, "test");
    const Tensor phase = 2*M_PI*3/32*torch::arange(32, torch::kDouble);
    const Tensor amplitudes = fourier.analyse((2*torch::cos(phase) + 4*torch::sin(phase)).view({1, 32, 1}));
    Tensor expected = torch::zeros({1, 2, 6, 1}, torch::kDouble);
    expected[0][0][3][0] = 1;
    expected[0][1][3][0] = -2;
    EXPECT_LT((amplitudes - expected).abs().max().item<double>(), 1e-14);
}

TEST(FourierModes, refusesWhatDoesNotFit)
{
    const auto message = [](const std::vector<long>& modes, double continuation) -> std::string
    {
        try
        {
            FourierModes(gridOf({16, 12}), modes, continuation, "networkCoeffs");
        }
        catch (const Error& error)
        {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(message({8, 6}, 0.25), "");
    EXPECT_NE(message({8}, 0).find("entry modes"), std::string::npos);
    EXPECT_NE(message({8, 7}, 0).find("1 to 6 along y"), std::string::npos);
    EXPECT_NE(message({0, 6}, 0).find("entry modes"), std::string::npos);
    EXPECT_NE(message({8, 6}, -1).find("entry continuation"), std::string::npos);
}

} // namespace
} // namespace surrogate
