#include "model/torch/kernels/bfloat16Convolution.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace surrogate
{
namespace
{

using kernels::Bfloat16Convolution;
using torch::Tensor;

//- nz 0: two-dimensional
struct Case { int n, inputs, outputs, ny, nx, ky, kx, stride; bool add; int nz = 0, kz = 0; };

class Convolutions : public testing::TestWithParam<Case> {};

// The same bfloat16 numbers in float64 through the tensor library's convolution: only the sums and the last rounding differ
TEST_P(Convolutions, equalTheTensorLibrarys)
{
    if (!Bfloat16Convolution::pays()) GTEST_SKIP() << "for processors with AVX-512 BF16 and without AMX";
    const Case c = GetParam();
    torch::manual_seed(2);
    const auto random = [](std::vector<std::int64_t> sizes)
    {
        const auto format = sizes.size() == 5 ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::ChannelsLast;
        return torch::randn(sizes).to(torch::kBFloat16).contiguous(format);
    };
    const Tensor x = c.nz ? random({c.n, c.inputs, c.nz, c.ny, c.nx}) : random({c.n, c.inputs, c.ny, c.nx});
    const Tensor weight = c.nz ? random({c.outputs, c.inputs, c.kz, c.ky, c.kx}) : random({c.outputs, c.inputs, c.ky, c.kx});
    const Tensor bias = torch::randn({c.outputs}).to(torch::kBFloat16);
    const Tensor exactX = x.to(torch::kDouble), exactWeight = weight.to(torch::kDouble), exactBias = bias.to(torch::kDouble);
    Tensor expected = c.nz
        ? torch::conv3d(exactX, exactWeight, exactBias, c.stride)
        : torch::conv2d(exactX, exactWeight, exactBias, c.stride);
    const Tensor addend = random(expected.sizes().vec());
    if (c.add) expected = expected + addend.to(torch::kDouble);

    const auto data = [](const Tensor& t) { return static_cast<kernels::Bfloat16*>(t.data_ptr()); };
    kernels::ConvolutionShape shape{c.n, c.ny, c.nx, c.inputs, c.outputs, c.ky, c.kx, c.stride, c.stride};
    if (c.nz)
    {
        shape.nz = c.nz;
        shape.kz = c.kz;
        shape.strideZ = c.stride;
    }
    const Tensor out = torch::full_like(addend, NAN);
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
        Case{1, 8, 4, 18, 18, 3, 3, 1, false},
        Case{2, 32, 32, 6, 10, 3, 3, 1, true, 5, 3},
        Case{1, 24, 48, 9, 7, 3, 3, 2, false, 7, 3},
        Case{1, 16, 32, 4, 5, 1, 1, 1, true, 3, 1}
    )
);

} // namespace
} // namespace surrogate
