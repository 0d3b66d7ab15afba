#include "core/metrics/flow.h"
#include "core/metrics/cells.h"
#include "core/metrics/flowField.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

#include <algorithm>
#include <numeric>

using namespace surrogate;

TEST(Metrics, divergenceNorm)
{
    const Grid grid = box({8, 6}, {2*pi, 3});
    const double dx = grid.spacing(0);
    std::vector<double> velocity = sample(grid, [](double x, double) { return std::sin(x); });
    velocity.resize(2*grid.nCells(), 1.5);
    EXPECT_NEAR(divergenceNorm(grid, velocity.data()), std::sin(dx)/dx/std::sqrt(2.0), 1e-14);

    const Grid walls = box({8, 6}, {2*pi, 3}, false);
    velocity = sample(walls, [](double x, double) { return 2*x; });
    const std::vector<double> v = sample(walls, [](double, double y) { return -0.5*y; });
    velocity.insert(velocity.end(), v.begin(), v.end());
    EXPECT_NEAR(divergenceNorm(walls, velocity.data()), 1.5, 1e-12);   // linear: exact, one-sided at the ends too
}

TEST(Metrics, energyVorticityAndEnstrophyOfAVortexArray)
{
    for (const bool periodic : {true, false})
    {
        const Grid grid = box({32, 48}, {2*pi, 2*pi}, periodic);
        std::vector<double> velocity = sample(grid, [](double x, double y) { return std::sin(2*x)*std::cos(3*y)*3; });
        const std::vector<double> v = sample(grid, [](double x, double y) { return -2*std::cos(2*x)*std::sin(3*y); });
        velocity.insert(velocity.end(), v.begin(), v.end());
        EXPECT_NEAR(kineticEnergy(grid, velocity.data()), 0.5*(9 + 4)/4, 1e-12);
        EXPECT_NEAR(enstrophy(grid, velocity.data()), 0.5*169/4, periodic ? 1e-10 : 2);

        const std::vector<double> omega = vorticity(grid, velocity.data());
        const std::vector<double> expected = sample(grid, [](double x, double y) { return 13*std::sin(2*x)*std::sin(3*y); });
        double largest = 0;
        for (std::size_t i = 0; i < omega.size(); ++i) largest = std::max(largest, std::abs(omega[i] - expected[i]));
        EXPECT_LT(largest, periodic ? 1e-11 : 2.5);
    }
}

TEST(Metrics, enstrophyIsTheVorticitysMeanSquare)
{
    for (const std::vector<int>& cells : {std::vector<int>{8, 6}, {7, 4}, {5, 9}})
    {
        const Grid grid = box(cells, {2, 3});
        std::vector<double> velocity = randomField(2*grid.nCells(), 0);
        const std::vector<double> omega = vorticity(grid, velocity.data());
        const double square = std::inner_product(omega.begin(), omega.end(), omega.begin(), 0.0)/double(omega.size());
        EXPECT_NEAR(enstrophy(grid, velocity.data()), 0.5*square, 1e-12*square);
    }
}

TEST(Metrics, velocityOfAVorticity)
{
    const Grid grid = box({32, 48}, {2*pi, pi});
    const std::vector<double> omega = sample(grid, [](double x, double y) { return 40*std::sin(2*x)*std::sin(6*y) + 3; });
    const std::vector<double> velocity = velocityOfVorticity(grid, omega.data());
    std::vector<double> expected = sample(grid, [](double x, double y) { return 6*std::sin(2*x)*std::cos(6*y); });
    const std::vector<double> v = sample(grid, [](double x, double y) { return -2*std::cos(2*x)*std::sin(6*y); });
    expected.insert(expected.end(), v.begin(), v.end());
    ASSERT_EQ(velocity.size(), expected.size());
    for (std::size_t i = 0; i < velocity.size(); ++i) EXPECT_NEAR(velocity[i], expected[i], 1e-12) << i;   // the mean has none

    // Back again: all of a random field but its mean, on grids without waves of two cells
    const Grid odd = box({7, 9}, {2, 3});
    std::vector<double> random = randomField(odd.nCells(), 0);
    const double mean = std::accumulate(random.begin(), random.end(), 0.0)/double(random.size());
    const std::vector<double> back = vorticity(odd, velocityOfVorticity(odd, random.data()).data());
    for (std::size_t i = 0; i < back.size(); ++i) EXPECT_NEAR(back[i], random[i] - mean, 1e-12) << i;
}

TEST(Metrics, wavesOfTwoCellsHaveNoVelocity)
{
    const Grid grid = box({8, 6}, {2*pi, 2*pi});
    const double h = grid.spacing(0);
    const std::vector<double> omega = sample(grid, [&](double x, double y) { return std::cos(pi*(x/h - 0.5))*std::cos(y); });
    for (const double u : velocityOfVorticity(grid, omega.data())) EXPECT_NEAR(u, 0, 1e-14);
}

TEST(Metrics, aFlowFieldIsVelocityOrVorticity)
{
    const FieldList fields({{"U", 2}, {"q1", 1}});
    const Grid grid = box({8, 6}, {2*pi, 2*pi}), walls = box({8, 6}, {2*pi, 2*pi}, false);
    FlowField{"U", false}.check(fields, walls, "here");
    FlowField{"q1", true}.check(fields, grid, "here");
    expectRefusal([&] { FlowField{"V", false}.check(fields, grid, "here"); }, {"no such velocity", "here", "V", "U, q1"});
    expectRefusal([&] { FlowField{"q1", false}.check(fields, grid, "here"); }, {"not a vector", "field q1", "2 components"});
    expectRefusal([&] { FlowField{"U", true}.check(fields, grid, "here"); }, {"not a scalar", "field U", "1 component", "2"});
    expectRefusal([&] { FlowField{"q1", true}.check(fields, walls, "here"); }, {"periodic plane", "field q1", "2-D"});

    const std::vector<double> omega = sample(grid, [](double x, double y) { return std::sin(x + 2*y); });
    const FlowField flow{"q1", true};
    EXPECT_EQ(flow.velocity(grid, omega.data()), velocityOfVorticity(grid, omega.data()));
    const std::vector<double> velocity = randomField(2*grid.nCells(), 0);
    EXPECT_EQ(FlowField().velocity(grid, velocity.data()), velocity);
}

TEST(Metrics, vorticityByDifferencesIsExactForALinearVelocity)
{
    const Grid grid = box({5, 4}, {1, 1}, false);
    std::vector<double> velocity = sample(grid, [](double, double y) { return 3*y; });
    const std::vector<double> v = sample(grid, [](double x, double) { return 2*x; });
    velocity.insert(velocity.end(), v.begin(), v.end());
    for (const double omega : vorticity(grid, velocity.data())) EXPECT_NEAR(omega, -1, 1e-13);
    expectRefusal([] { vorticity(box({4}, {1}), nullptr); }, {"two or three dimensions", "4 cells"});
}

TEST(Metrics, vorticityInThreeDimensions)
{
    // U = (sin z, sin x, sin y): omega = (cos y, cos z, cos x), and with it enstrophy 3/4
    for (const bool periodic : {true, false})
    {
        const Grid grid = box({24, 25, 26}, {2*pi, 2*pi, 2*pi}, periodic);
        const std::size_t n = grid.nCells();
        std::vector<double> velocity(3*n), expected(3*n);
        forAllCells(grid, [&](std::size_t cell, std::array<int, 3> i)
        {
            std::array<double, 3> at{};
            for (int axis = 0; axis < 3; ++axis) at[axis] = (i[axis] + 0.5)*grid.spacing(axis);
            for (std::size_t c = 0; c < 3; ++c)
            {
                velocity[c*n + cell] = std::sin(at[(c + 2)%3]);
                expected[c*n + cell] = std::cos(at[(c + 1)%3]);
            }
        });
        const std::vector<double> omega = vorticity(grid, velocity.data());
        ASSERT_EQ(omega.size(), 3*n);
        double largest = 0;
        for (std::size_t i = 0; i < omega.size(); ++i) largest = std::max(largest, std::abs(omega[i] - expected[i]));
        EXPECT_LT(largest, periodic ? 1e-12 : 0.04);
        EXPECT_NEAR(enstrophy(grid, velocity.data()), 0.75, periodic ? 1e-12 : 0.02);
    }
}

TEST(Metrics, zonalMean)
{
    const Grid grid = box({4, 3}, {1, 1});
    std::vector<double> values(12);
    std::iota(values.begin(), values.end(), 0.0);
    EXPECT_EQ(zonalMean(grid, values.data()), (std::vector<double>{1.5, 5.5, 9.5}));
    values.resize(24, 0.0);   // a second plane of zeros
    EXPECT_EQ(zonalMean(box({4, 3, 2}, {1, 1, 1}), values.data()), (std::vector<double>{0.75, 2.75, 4.75}));
}
