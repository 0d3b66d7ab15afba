#include "core/metrics/pointwise.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace surrogate;

TEST(Metrics, vrmseAndNrmseOfASmallExample)
{
    const std::vector<double> u{1, 2, 3, 4}, v{1, 2, 3, 6};
    EXPECT_NEAR(vrmse(u.data(), v.data(), 4), std::sqrt(1/(5.0/3 + 1e-7)), 1e-14);
    EXPECT_NEAR(nrmse(u.data(), v.data(), 4), std::sqrt(1/(7.5 + 1e-7)), 1e-14);
    EXPECT_EQ(vrmse(u.data(), u.data(), 4), 0);
    const std::vector<double> constant(4, 2.0);
    EXPECT_NEAR(vrmse(constant.data(), v.data(), 4), std::sqrt(4.5/1e-7), 1e-6);
}

// A potential vorticity of 1e-6 1/s has the error that it has in other units; zero everywhere is still finite
TEST(Metrics, smallUnitsHideNoError)
{
    const std::vector<double> u{1e-6, 2e-6, 3e-6, 4e-6}, v{1e-6, 2e-6, 3e-6, 6e-6}, none(4, 0.0);
    EXPECT_NEAR(vrmse(u.data(), v.data(), 4), std::sqrt(3/5.0), 1e-6);
    EXPECT_NEAR(nrmse(u.data(), v.data(), 4), std::sqrt(1/7.5), 1e-6);
    EXPECT_NEAR(vrmse(none.data(), v.data(), 4), std::sqrt(12.5e-12/1e-7), 1e-12);
}

TEST(Metrics, pearson)
{
    const std::vector<double> a = randomField(50, 0);
    std::vector<double> b = a, c = randomField(50, 1), d = a;
    for (double& value : b) value = 3 - 2*value;
    EXPECT_NEAR(pearson(a.data(), a.data(), 50), 1, 1e-14);
    EXPECT_NEAR(pearson(a.data(), b.data(), 50), -1, 1e-14);
    for (std::size_t i = 0; i < 50; ++i) d[i] = a[i] + c[i];
    const double meanA = std::accumulate(a.begin(), a.end(), 0.0)/50, meanD = std::accumulate(d.begin(), d.end(), 0.0)/50;
    double ad = 0, aa = 0, dd = 0;
    for (std::size_t i = 0; i < 50; ++i)
    {
        ad += (a[i] - meanA)*(d[i] - meanD);
        aa += std::pow(a[i] - meanA, 2);
        dd += std::pow(d[i] - meanD, 2);
    }
    EXPECT_NEAR(pearson(a.data(), d.data(), 50), ad/std::sqrt(aa*dd), 1e-14);
    const std::vector<double> constant(50, 0.1);
    EXPECT_EQ(pearson(a.data(), constant.data(), 50), 0);
    EXPECT_EQ(pearson(constant.data(), constant.data(), 50), 0);
}

TEST(Metrics, errorsOfAFieldOfOneComponentInEqualCellsAreThePublishedOnes)
{
    const std::vector<double> u = randomField(40, 0), v = randomField(40, 1);
    std::vector<double> boundary(40, 0.0);
    boundary[0] = boundary[39] = 1;   // the ends of a line: PDEBench's bRMSE in 1-D
    const FieldErrors errors = fieldErrors({40, nullptr, boundary.data()}, {u.data()}, {v.data()});
    EXPECT_DOUBLE_EQ(errors.vrmse, vrmse(u.data(), v.data(), 40));
    EXPECT_DOUBLE_EQ(errors.nrmse, nrmse(u.data(), v.data(), 40));
    EXPECT_DOUBLE_EQ(errors.pearson, pearson(u.data(), v.data(), 40));
    double square = 0, squareU = 0, sum = 0, largest = 0;
    for (std::size_t i = 0; i < 40; ++i)
    {
        square += std::pow(u[i] - v[i], 2);
        squareU += u[i]*u[i];
        sum += u[i] - v[i];
        largest = std::max(largest, std::abs(u[i] - v[i]));
    }
    EXPECT_NEAR(errors.rmse, std::sqrt(square/40), 1e-14);
    EXPECT_NEAR(errors.relativeRmse, std::sqrt(square/squareU), 1e-14);
    EXPECT_NEAR(errors.conserved, std::abs(sum)/40, 1e-14);
    EXPECT_DOUBLE_EQ(errors.largest, largest);
    ASSERT_TRUE(errors.boundary);
    EXPECT_NEAR(*errors.boundary, std::sqrt((std::pow(u[0] - v[0], 2) + std::pow(u[39] - v[39], 2))/2), 1e-14);
}

// A cell of volume 3 counts as three of volume 1, but for the unbiased variance, which knows the number of cells
TEST(Metrics, errorsAreWeightedByVolume)
{
    const std::vector<double> volumes{1, 3}, u{1, 2}, v{1.5, 1}, many{1, 2, 2, 2}, others{1.5, 1, 1, 1};
    const FieldErrors errors = fieldErrors({2, volumes.data()}, {u.data()}, {v.data()});
    const FieldErrors expected = fieldErrors({4}, {many.data()}, {others.data()});
    EXPECT_NEAR(errors.rmse, expected.rmse, 1e-14);
    EXPECT_NEAR(errors.nrmse, expected.nrmse, 1e-14);
    EXPECT_NEAR(errors.pearson, expected.pearson, 1e-14);
    EXPECT_NEAR(errors.relativeRmse, expected.relativeRmse, 1e-14);
    EXPECT_NEAR(errors.conserved, 0.625, 1e-14);
    EXPECT_DOUBLE_EQ(errors.largest, 1);
    EXPECT_FALSE(errors.boundary);
    EXPECT_NEAR(errors.vrmse, std::sqrt((0.25 + 3)/4/(0.75/(4 - 10/4.0) + 1e-7)), 1e-14);
}

TEST(Metrics, errorsOfAVectorDoNotDependOnTheAxes)
{
    const std::size_t n = 30;
    const std::vector<double> ux = randomField(n, 0), uy = randomField(n, 1), vx = randomField(n, 2), vy = randomField(n, 3);
    std::vector<double> volumes = randomField(n, 4), areas = randomField(n, 5);
    for (double& value : volumes) value = std::exp(value);
    for (double& value : areas) value = std::max(0.0, value);
    const auto turned = [&](const std::vector<double>& x, const std::vector<double>& y, double cosine, double sine)
    {
        std::vector<double> result(n);
        for (std::size_t i = 0; i < n; ++i) result[i] = cosine*x[i] - sine*y[i];
        return result;
    };
    const std::vector<double> tux = turned(ux, uy, 0.6, 0.8), tuy = turned(ux, uy, 0.8, -0.6), tvx = turned(vx, vy, 0.6, 0.8),
        tvy = turned(vx, vy, 0.8, -0.6);
    const Cells cells{n, volumes.data(), areas.data()};
    const FieldErrors a = fieldErrors(cells, {ux.data(), uy.data()}, {vx.data(), vy.data()});
    const FieldErrors b = fieldErrors(cells, {tux.data(), tuy.data()}, {tvx.data(), tvy.data()});
    EXPECT_NEAR(a.vrmse, b.vrmse, 1e-13);
    EXPECT_NEAR(a.nrmse, b.nrmse, 1e-13);
    EXPECT_NEAR(a.pearson, b.pearson, 1e-13);
    EXPECT_NEAR(a.rmse, b.rmse, 1e-13);
    EXPECT_NEAR(a.conserved, b.conserved, 1e-13);
    EXPECT_NEAR(a.largest, b.largest, 1e-13);
    EXPECT_NEAR(*a.boundary, *b.boundary, 1e-13);
}

TEST(Metrics, errorsOfFieldsThatAreZeroConstantOrNotNumbers)
{
    const std::vector<double> zero(4, 0.0), one(1000000, 0.1), bad{1, std::numeric_limits<double>::quiet_NaN(), 9, 2};
    EXPECT_EQ(fieldErrors({4}, {zero.data()}, {zero.data()}).relativeRmse, 0);
    EXPECT_EQ(fieldErrors({4}, {zero.data()}, {one.data()}).relativeRmse, std::numeric_limits<double>::infinity());
    EXPECT_EQ(fieldErrors({1000000}, {one.data()}, {one.data()}).pearson, 0);   // constant, though the mean rounds
    const FieldErrors errors = fieldErrors({4}, {zero.data()}, {bad.data()});
    EXPECT_TRUE(std::isnan(errors.rmse) && std::isnan(errors.largest) && std::isnan(errors.vrmse));
    expectRefusal([&] { fieldErrors({4}, {zero.data()}, {}); }, {"cannot be compared", "1 and 0 components"});
    expectRefusal([&] { fieldErrors({0}, {zero.data()}, {zero.data()}); }, {"0 cells"});
}
