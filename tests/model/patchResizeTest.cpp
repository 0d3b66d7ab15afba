#include "model/torch/networks/patchResize.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using torch::Tensor;

Tensor random(std::vector<std::int64_t> sizes) { return torch::randn(sizes, torch::kDouble); }

std::vector<std::int64_t> cube(int dimensions, int cells) { return std::vector<std::int64_t>(dimensions, cells); }

//- The field on [cells]^d, interpolated to [to]^d by LibTorch, all axes at once
Tensor interpolated(const Tensor& x, int to)
{
    const Tensor in = x.unsqueeze(0).unsqueeze(0);
    if (x.dim() == 1) return at::upsample_bicubic2d(in.unsqueeze(2), {1, to}, false).flatten();
    if (x.dim() == 2) return at::upsample_bicubic2d(in, {to, to}, false).squeeze(0).squeeze(0);
    return at::upsample_trilinear3d(in, {to, to, to}, false).squeeze(0).squeeze(0);
}

//- B of all axes at once, from the interpolation of each unit field: [to^d][from^d]
Tensor wholeMatrix(int dimensions, int from, int to)
{
    const std::int64_t n = torch::ones(cube(dimensions, from)).numel();
    const Tensor units = torch::eye(n, torch::kDouble);
    std::vector<Tensor> columns;
    for (std::int64_t i = 0; i < n; ++i) columns.push_back(interpolated(units[i].reshape(cube(dimensions, from)), to).flatten());
    return torch::stack(columns, 1);
}

struct Sizes { int dimensions, from, to; };

const Sizes all[] =
{
    {1, 4, 8}, {1, 4, 2}, {1, 4, 1}, {1, 5, 7}, {2, 4, 8}, {2, 4, 2}, {2, 4, 3}, {2, 2, 4}, {2, 3, 7}, {3, 4, 6}, {3, 4, 2}, {3, 2, 4}
};

// Axis by axis is what a pseudo-inverse of the whole matrix gives
TEST(PatchResize, equalsADirectPseudoInverse)
{
    torch::manual_seed(1);
    for (const auto& [d, from, to] : all)
    {
        const Tensor kernel = random(cube(d, from));
        const Tensor direct = torch::matmul(at::linalg_pinv(wholeMatrix(d, from, to).t(), 1e-12), kernel.flatten());
        const Tensor resized = patchResize(kernel, 0, d, to);
        EXPECT_EQ(resized.sizes().vec(), cube(d, to));
        EXPECT_LT((resized.flatten() - direct).abs().max().item<double>(), 1e-10) << d << "-D, " << from << " to " << to;
        const Tensor single = patchResize(kernel.to(torch::kFloat), 0, d, to);
        EXPECT_LT((single.flatten() - direct).abs().max().item<double>(), 1e-6*std::max(1.0, direct.abs().max().item<double>()));
    }
}

// Of Moore and Penrose's four conditions, on B^T: what makes it the pseudo-inverse and no other inverse
TEST(PatchResize, matrixIsThePseudoInverse)
{
    for (const auto& [d, from, to] : all)
    {
        const auto interpolation = patchInterpolation(d);
        const Tensor a = interpolationMatrix(from, to, interpolation).t(), p = patchResizeMatrix(from, to, interpolation);
        const Tensor ap = torch::matmul(a, p), pa = torch::matmul(p, a);
        EXPECT_TRUE(torch::allclose(torch::matmul(ap, a), a, 1e-10, 1e-12));
        EXPECT_TRUE(torch::allclose(torch::matmul(pa, p), p, 1e-10, 1e-12));
        EXPECT_TRUE(torch::allclose(ap, ap.t(), 1e-10, 1e-12));
        EXPECT_TRUE(torch::allclose(pa, pa.t(), 1e-10, 1e-12));
    }
}

// <w', B x> = <w, x>: an enlarged patch is seen as the patch was
TEST(PatchResize, keepsWhatAKernelFinds)
{
    torch::manual_seed(2);
    for (const auto& [d, from, to] : all)
    {
        const Tensor kernel = random(cube(d, from)), x = random(cube(d, from));
        const double found = (kernel*x).sum().item<double>();
        const double again = (patchResize(kernel, 0, d, to)*interpolated(x, to)).sum().item<double>();
        if (to >= from) EXPECT_NEAR(again, found, 1e-6) << d << "-D, " << from << " to " << to;
        else EXPECT_GT(std::abs(again - found), 1e-6) << d << "-D, " << from << " to " << to;   // what is lost is lost
    }
}

// The same of convolutions, several channels in and out: each patch of the field is enlarged by itself
TEST(PatchResize, convolutionOnEnlargedPatchesIsTheBaseOne)
{
    torch::manual_seed(3);
    const Tensor kernel = random({5, 3, 4, 4}), x = random({2, 3, 12, 8});
    const Tensor base = torch::conv2d(x, kernel, {}, 4);
    for (const int size : {4, 6, 8, 16})
    {
        const Tensor patches = x.unfold(2, 4, 4).unfold(3, 4, 4);   // [n][c][3][2][4][4]
        const Tensor large = at::upsample_bicubic2d(patches.reshape({-1, 1, 4, 4}), {size, size}, false);
        const Tensor field = large.reshape({2, 3, 3, 2, size, size}).permute({0, 1, 2, 4, 3, 5}).reshape({2, 3, 3*size, 2*size});
        const Tensor out = torch::conv2d(field, patchResize(kernel, 2, 2, size), {}, size);
        EXPECT_LT((out - base).abs().max().item<double>(), 1e-6) << size;
        const Tensor single = torch::conv2d(field.to(torch::kFloat), patchResize(kernel.to(torch::kFloat), 2, 2, size), {}, size);
        EXPECT_LT((single - base).abs().max().item<double>(), 1e-4) << size;
    }
}

TEST(PatchResize, passesGradients)
{
    torch::manual_seed(4);
    const Tensor kernel = random({2, 4, 4, 3}).requires_grad_(), direction = random({2, 8, 8, 3});
    (patchResize(kernel, 1, 2, 8)*direction).sum().backward();
    // linear: <R w, v> = <w, R^T v>, so that <grad, u> is the product for any other kernel u
    const Tensor other = random({2, 4, 4, 3});
    EXPECT_NEAR((kernel.grad()*other).sum().item<double>(), (patchResize(other, 1, 2, 8)*direction).sum().item<double>(), 1e-9);
}

// A matrix that was first made without gradients serves a training, too
TEST(PatchResize, servesTrainingAfterInference)
{
    {
        const torch::InferenceMode inference;
        patchResize(torch::ones({11}), 0, 1, 13);
    }
    const Tensor kernel = torch::ones({11}).requires_grad_();
    patchResize(kernel, 0, 1, 13).sum().backward();
    EXPECT_TRUE(kernel.grad().defined());
}

} // namespace
} // namespace surrogate
