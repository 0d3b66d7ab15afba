#include "core/error.h"
#include "core/metrics.h"
#include "model/torch/tensorState.h"
#include "model/torch/variables/variables.h"

#include <gtest/gtest.h>

#include <cmath>

namespace surrogate
{
namespace
{

using torch::Tensor;

Grid periodicBox(int nx, int ny)
{
    Grid grid;
    grid.dimensions = 2;
    grid.cells = {{nx, ny, 1}};
    grid.upper = {{2*M_PI, 3, 1}};
    grid.periodic = {{true, true, false}};
    return grid;
}

FieldList velocity() { return FieldList({Field{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}}); }

class Vorticity : public testing::TestWithParam<std::pair<int, int>> {};

// Any predicted vorticity gives a velocity whose central differences have no divergence
TEST_P(Vorticity, givesADivergenceFreeVelocity)
{
    const Grid grid = periodicBox(GetParam().first, GetParam().second);
    const auto variables = makeVariables("vorticity", grid, velocity());
    const Tensor noise = torch::randn({1, 1, grid.cells[1], grid.cells[0]}, torch::kDouble);
    const Tensor previous = torch::full({1, 2, grid.cells[1], grid.cells[0]}, 0.7, torch::kDouble);
    State state(grid, velocity());
    fromTensor(variables->fields(noise, previous), state);

    EXPECT_LT(divergenceNorm(grid, state.field("U")), 1e-12*std::sqrt(2*kineticEnergy(grid, state.field("U")))/grid.spacing(0)*10);
    double mean = 0;
    for (std::size_t i = 0; i < grid.nCells(); ++i) mean += state.field("U")[i]/double(grid.nCells());
    EXPECT_NEAR(mean, 0.7, 1e-12);
}

// fields -> vorticity -> fields -> vorticity loses nothing
TEST_P(Vorticity, goesThereAndBack)
{
    const Grid grid = periodicBox(GetParam().first, GetParam().second);
    const auto variables = makeVariables("vorticity", grid, velocity());
    const Tensor previous = torch::zeros({2, 2, grid.cells[1], grid.cells[0]}, torch::kDouble);
    const Tensor u = variables->fields(torch::randn({2, 1, grid.cells[1], grid.cells[0]}, torch::kDouble), previous);
    const Tensor again = variables->fields(variables->inputs(u).narrow(1, 0, 1), previous);
    EXPECT_TRUE(torch::allclose(u, again, 1e-10, 1e-10*u.abs().max().item<double>()));
}

INSTANTIATE_TEST_SUITE_P(sizes, Vorticity, testing::Values(std::pair{32, 32}, std::pair{16, 24}, std::pair{15, 20}));

// On a smooth flow it is the vorticity, to second order
TEST(VorticityVariables, convergesToVorticity)
{
    const auto error = [](int n)
    {
        Grid grid = periodicBox(n, n);
        grid.upper[1] = 2*M_PI;
        const Tensor x = (torch::arange(n, torch::kDouble) + 0.5)*2*M_PI/n;
        const Tensor u = torch::cos(x).reshape({n, 1}).expand({n, n}), v = torch::sin(2*x).reshape({1, n}).expand({n, n});
        const Tensor expected = 2*torch::cos(2*x).reshape({1, n}) + torch::sin(x).reshape({n, 1});
        const auto variables = makeVariables("vorticity", grid, velocity());
        return (variables->inputs(torch::stack({u, v}).unsqueeze(0)).select(1, 0)[0] - expected).abs().max().item<double>();
    };
    EXPECT_LT(error(64), 1e-12);   // single modes along an axis: |k|/|s| makes it exact
}

TEST(VorticityVariables, refusesOtherGridsAndFields)
{
    Grid wall = periodicBox(16, 16);
    wall.periodic[1] = false;
    EXPECT_THROW(makeVariables("vorticity", wall, velocity()), Error);
    EXPECT_THROW(makeVariables("vorticity", periodicBox(16, 16), FieldList({Field{"p", 1, {}}})), Error);
    try
    {
        makeVariables("vortcity", periodicBox(16, 16), velocity());
        FAIL();
    }
    catch (const Error& error)
    {
        EXPECT_NE(std::string(error.what()).find("fields, vorticity"), std::string::npos);
    }
}

} // namespace
} // namespace surrogate
