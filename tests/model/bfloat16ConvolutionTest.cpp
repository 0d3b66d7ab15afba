#include "model/torch/kernels/bfloat16Convolution.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace surrogate
{
namespace
{

using kernels::Bfloat16Convolution;
using torch::Tensor;

struct Case { int n, inputs, outputs, ny, nx, ky, kx, stride; bool add; };

class Convolutions : public testing::TestWithParam<Case> {};

// The same bfloat16 numbers in float64 through the tensor library's convolution: only the sums and the last rounding differ
TEST_P(Convolutions, equalTheTensorLibrarys)
{
    if (!Bfloat16Convolution::pays()) GTEST_SKIP() << "for processors with AVX-512 BF16 and without AMX";
    const Case c = GetParam();
    torch::manual_seed(2);
    const auto random = [](std::vector<std::int64_t> sizes)
    {
        return torch::randn(sizes).to(torch::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
    };
    const Tensor x = random({c.n, c.inputs, c.ny, c.nx}), weight = random({c.outputs, c.inputs, c.ky, c.kx});
    const Tensor bias = torch::randn({c.outputs}).to(torch::kBFloat16);
    Tensor expected = torch::conv2d(x.to(torch::kDouble), weight.to(torch::kDouble), bias.to(torch::kDouble), c.stride);
    const Tensor addend = random(expected.sizes().vec());
    if (c.add) expected = expected + addend.to(torch::kDouble);

    const auto data = [](const Tensor& t) { return static_cast<kernels::Bfloat16*>(t.data_ptr()); };
    const kernels::ConvolutionShape shape{c.n, c.ny, c.nx, c.inputs, c.outputs, c.ky, c.kx, c.stride, c.stride};
    const Tensor out = torch::full(expected.sizes(), NAN, torch::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
    Bfloat16Convolution(shape, data(weight), data(bias)).run(shape, data(x), c.add ? data(addend) : nullptr, data(out));
    const double scale = expected.abs().max().item<double>();
    EXPECT_LT((out.to(torch::kDouble) - expected).abs().max().item<double>(), 6e-3*scale);
}

INSTANTIATE_TEST_SUITE_P
(
    shapes, Convolutions,
    testing::Values
    (
        Case{1, 48, 48, 34, 34, 3, 3, 1, true},
        Case{2, 20, 48, 10, 12, 3, 3, 1, false},
        Case{1, 96, 48, 8, 8, 1, 1, 1, false},
        Case{3, 64, 64, 9, 11, 3, 3, 2, true},
        Case{1, 32, 32, 6, 5, 3, 3, 1, true},
        Case{1, 2, 1, 5, 4, 3, 3, 1, true},
        Case{1, 16, 192, 6, 9, 3, 3, 1, false},
        Case{2, 6, 21, 1, 19, 1, 3, 2, true},
        Case{1, 8, 4, 18, 18, 3, 3, 1, false}
    )
);

} // namespace
} // namespace surrogate
