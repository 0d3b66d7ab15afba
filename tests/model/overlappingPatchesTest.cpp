#include "model/torch/networks/overlappingPatches.h"

#include "core/error.h"
#include "model/torch/networks/patchLattice.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using torch::Tensor;

Tensor random(std::vector<std::int64_t> sizes) { return torch::randn(sizes, torch::kDouble); }

//- A field that the patching fits, [2][cells]..[3]
std::vector<std::int64_t> fieldSizes(int dimensions, bool wraps, int kernel, int stride)
{
    std::vector<std::int64_t> sizes{2};
    for (int axis = 0; axis < dimensions; ++axis) sizes.push_back(wraps ? stride*(3 + axis) : stride*(2 + axis) + kernel);
    sizes.push_back(3);
    return sizes;
}

//- Calls f(dimensions, patching, a field) for all kinds
template<class Function>
void forAll(Function&& f)
{
    torch::manual_seed(1);
    for (const int d : {1, 2, 3})
    {
        for (const bool wraps : {false, true})
        {
            for (const auto& [kernel, stride] : {std::pair{4, 4}, {4, 2}, {4, 1}, {2, 1}, {3, 3}, {1, 1}})
            {
                f(d, Patching{kernel, stride, std::vector<bool>(d, wraps)}, random(fieldSizes(d, wraps, kernel, stride)));
            }
        }
    }
}

// With a linear layer it is LibTorch's convolution
TEST(OverlappingPatches, makeAConvolution)
{
    forAll([](int d, const Patching& patching, const Tensor& x)
    {
        const std::int64_t k = patching.kernel, s = patching.stride;
        std::vector<std::int64_t> sizes{5};
        for (int axis = 0; axis < d; ++axis) sizes.push_back(k);
        sizes.push_back(3);
        const Tensor weight = random(sizes);
        const Tensor ours = torch::linear(toPatches(x, patching), weight.reshape({5, -1}));

        Tensor in = x.movedim(-1, 1);
        for (int axis = 0; axis < d; ++axis)
        {
            if (patching.wraps[axis] && k > s) in = torch::cat({in, in.narrow(2 + axis, 0, k - s)}, 2 + axis);
        }
        const Tensor w = weight.movedim(-1, 1);
        const Tensor theirs = d == 1 ? torch::conv1d(in, w, {}, s) : d == 2 ? torch::conv2d(in, w, {}, s) : torch::conv3d(in, w, {}, s);
        ASSERT_EQ(ours.sizes(), theirs.movedim(1, -1).sizes());
        EXPECT_TRUE(torch::allclose(ours, theirs.movedim(1, -1), 1e-10, 1e-12)) << d << " " << k << " " << s;
    });
}

// <P x, y> = <x, P^T y>
TEST(OverlappingPatches, areAddedUpByTheAdjoint)
{
    forAll([](int d, const Patching& patching, const Tensor& x)
    {
        const Tensor patches = toPatches(x, patching), y = torch::randn_like(patches), back = fromPatches(y, patching);
        ASSERT_EQ(back.sizes(), x.sizes());
        EXPECT_NEAR((patches*y).sum().item<double>(), (x*back).sum().item<double>(), 1e-9) << d << " " << patching.kernel;
    });
}

TEST(OverlappingPatches, passGradientsTwice)
{
    forAll([](int, const Patching& patching, const Tensor& values)
    {
        const Tensor x = values.clone().requires_grad_();
        const Tensor patches = toPatches(x, patching), y = torch::randn_like(patches).requires_grad_();
        const Tensor first = torch::autograd::grad({(patches*y).sum()}, {x}, {}, true, true)[0];
        EXPECT_TRUE(torch::allclose(first, fromPatches(y.detach(), patching)));
        const Tensor direction = torch::randn_like(first);
        const Tensor second = torch::autograd::grad({(first*direction).sum()}, {y})[0];
        EXPECT_TRUE(torch::allclose(second, toPatches(direction, patching)));
    });
}

Grid line(int cells, bool periodic)
{
    Grid grid;
    grid.dimensions = 1;
    grid.cells[0] = cells;
    grid.periodic[0] = periodic;
    return grid;
}

// As published for 128 cells, kernels (4 4): 2, 0, 0 cells beyond the sides, 31, 15, 8 tokens
TEST(PatchLattice, hasThePublishedPaddingAndTokens)
{
    const std::array<std::array<int, 3>, 3> published{{{{4, 2, 31}}, {{8, 0, 15}}, {{16, 0, 8}}}};
    for (const auto& [patch, beyond, tokens] : published)
    {
        const PatchLattice lattice = PatchLattice::ofStrides(line(128, false), {{4, 4}}, patchFactors(patch), "test");
        EXPECT_EQ(lattice.padding[0][0] + lattice.padding[0][1], beyond);
        EXPECT_EQ(lattice.tokens[0], tokens);
    }
}

// Whatever the number of cells, the transposed convolutions give the padded grid back, with less than a patch beyond
TEST(PatchLattice, coversAnyNumberOfCells)
{
    for (const bool periodic : {false, true})
    {
        for (int cells = 16; cells < 80; ++cells)
        {
            for (const int patch : {4, 8, 16})
            {
                const PatchLattice lattice = PatchLattice::ofStrides(line(cells, periodic), {{4, 4}}, patchFactors(patch), "test");
                const int padded = cells + lattice.padding[0][0] + lattice.padding[0][1];
                EXPECT_LT(padded - cells, patch);
                if (periodic && cells%patch == 0) EXPECT_EQ(lattice.tokens[0], cells/patch);
                else EXPECT_EQ(padded, (lattice.tokens[0] - 1)*patch + lattice.extent());
                EXPECT_NEAR(lattice.centre(0, lattice.tokens[0] - 1) - lattice.centre(0, 0), patch*(lattice.tokens[0] - 1), 1e-12);
            }
        }
    }
}

TEST(PatchLattice, factorsArePublished)
{
    using Pair = std::array<int, 2>;
    EXPECT_EQ(patchFactors(2), (Pair{{2, 1}}));
    EXPECT_EQ(patchFactors(4), (Pair{{2, 2}}));
    EXPECT_EQ(patchFactors(8), (Pair{{4, 2}}));
    EXPECT_EQ(patchFactors(16), (Pair{{4, 4}}));
    EXPECT_EQ(patchFactors(1), (Pair{{1, 1}}));
    EXPECT_EQ(patchFactors(12), (Pair{{4, 3}}));
}

TEST(PatchLattice, refusesGridsThatPatchesDoNotFit)
{
    EXPECT_THROW(PatchLattice::ofKernels(line(40, true), {{4, 4}}, "test"), Error);
    EXPECT_THROW(PatchLattice::ofStrides(line(15, false), {{4, 4}}, {{4, 4}}, "test"), Error);
}

} // namespace
} // namespace surrogate
