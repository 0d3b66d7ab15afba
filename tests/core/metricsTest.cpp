#include "core/metrics.h"
#include "core/noise.h"
#include "core/refusal.h"

#include <cmath>
#include <complex>
#include <limits>
#include <numeric>

using namespace surrogate;

namespace
{

constexpr double pi = 3.14159265358979323846;

Grid box(std::vector<int> cells, std::vector<double> lengths, bool periodic = true)
{
    Grid grid;
    grid.dimensions = int(cells.size());
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        grid.cells[axis] = cells[axis];
        grid.upper[axis] = lengths[axis];
        grid.periodic[axis] = periodic;
    }
    return grid;
}

std::vector<double> randomField(std::size_t n, std::uint32_t stream)
{
    std::vector<double> values(n);
    Noise(3).normal(stream, values.data(), n);
    return values;
}

//- f(x, y) at the cell centres
template<class Function>
std::vector<double> sample(const Grid& grid, Function f)
{
    std::vector<double> values(grid.nCells());
    for (int y = 0; y < grid.cells[1]; ++y)
    {
        for (int x = 0; x < grid.cells[0]; ++x)
        {
            values[grid.index(x, y)] = f(grid.lower[0] + (x + 0.5)*grid.spacing(0), grid.lower[1] + (y + 0.5)*grid.spacing(1));
        }
    }
    return values;
}

//- Signed wave numbers along each axis and |u^|^2 of each mode, by the definition's sum
struct Mode { std::array<int, 3> k; double square; };
std::vector<Mode> modes(const Grid& g, const std::vector<double>& u)
{
    std::vector<Mode> result;
    const auto& n = g.cells;
    const auto first = [](int length) { return -(length/2); };
    for (int kz = first(n[2]); kz < first(n[2]) + n[2]; ++kz)
    for (int ky = first(n[1]); ky < first(n[1]) + n[1]; ++ky)
    for (int kx = first(n[0]); kx < first(n[0]) + n[0]; ++kx)
    {
        std::complex<double> sum = 0;
        for (int z = 0; z < n[2]; ++z)
        for (int y = 0; y < n[1]; ++y)
        for (int x = 0; x < n[0]; ++x)
        {
            const double phase = -2*pi*(double(kx*x)/n[0] + double(ky*y)/n[1] + double(kz*z)/n[2]);
            sum += u[g.index(x, y, z)]*std::exp(std::complex<double>(0, phase));
        }
        result.push_back({{{kx, ky, kz}}, std::norm(sum/double(g.nCells()))});
    }
    return result;
}

const std::vector<Grid> testGrids{box({9}, {3}), box({6, 5}, {2, 2}), box({8, 4}, {4, 1}), box({4, 3, 6}, {1, 1, 2})};

} // namespace

TEST(Metrics, vrmseAndNrmseOfASmallExample)
{
    const std::vector<double> u{1, 2, 3, 4}, v{1, 2, 3, 6};
    EXPECT_NEAR(vrmse(u.data(), v.data(), 4), std::sqrt(1/(5.0/3 + 1e-7)), 1e-14);
    EXPECT_NEAR(nrmse(u.data(), v.data(), 4), std::sqrt(1/(7.5 + 1e-7)), 1e-14);
    EXPECT_EQ(vrmse(u.data(), u.data(), 4), 0);
    const std::vector<double> constant(4, 2.0);
    EXPECT_NEAR(vrmse(constant.data(), v.data(), 4), std::sqrt(4.5/1e-7), 1e-6);
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

TEST(Metrics, energySpectrumEqualsTheDirectSum)
{
    for (const Grid& grid : testGrids)
    {
        const std::vector<double> u = randomField(grid.nCells(), 0), v = randomField(grid.nCells(), 1);
        double longest = 0;
        for (int axis = 0; axis < grid.dimensions; ++axis) longest = std::max(longest, grid.upper[axis]);
        std::vector<double> expected(64, 0.0);
        for (const std::vector<double>& field : {u, v})
        {
            for (const Mode& mode : modes(grid, field))
            {
                double square = 0;
                for (int axis = 0; axis < grid.dimensions; ++axis) square += std::pow(mode.k[axis]*longest/grid.upper[axis], 2);
                expected[std::size_t(std::lround(std::sqrt(square)))] += 0.5*mode.square;
            }
        }
        const std::vector<double> energy = energySpectrum(grid, {u.data(), v.data()});
        ASSERT_LE(energy.size(), expected.size());
        for (std::size_t k = 0; k < expected.size(); ++k)
        {
            EXPECT_NEAR(k < energy.size() ? energy[k] : 0, expected[k], 1e-13) << grid.describe() << " shell " << k;
        }
        double square = 0;
        for (std::size_t i = 0; i < u.size(); ++i) square += u[i]*u[i] + v[i]*v[i];
        EXPECT_NEAR(std::accumulate(energy.begin(), energy.end(), 0.0), 0.5*square/double(grid.nCells()), 1e-12);
    }
}

TEST(Metrics, bsnmseEqualsTheDirectSum)
{
    for (const Grid& grid : testGrids)
    {
        const std::vector<double> truth = randomField(grid.nCells(), 0), prediction = randomField(grid.nCells(), 1);
        std::vector<double> difference = truth;
        for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= prediction[i];
        int longest = 0;
        for (int axis = 0; axis < grid.dimensions; ++axis) longest = std::max(longest, grid.cells[axis]);
        const double from = std::log10(2*pi/longest), to = std::log10(pi*std::sqrt(double(grid.dimensions)) + 1e-6);
        const std::array<double, 4> edges{{0, std::pow(10, from + (to - from)/3), std::pow(10, from + 2*(to - from)/3),
            std::pow(10, to)}};

        std::array<double, 3> error{{0, 0, 0}}, energy{{0, 0, 0}};
        const std::vector<Mode> truthModes = modes(grid, truth), differenceModes = modes(grid, difference);
        for (std::size_t i = 0; i < truthModes.size(); ++i)
        {
            double square = 0;
            for (int axis = 0; axis < grid.dimensions; ++axis)
            {
                square += std::pow(2*pi*truthModes[i].k[axis]/grid.cells[axis], 2);
            }
            for (int band = 0; band < 3; ++band)
            {
                if (std::sqrt(square) < edges[band] || std::sqrt(square) >= edges[band + 1]) continue;
                error[band] += differenceModes[i].square;
                energy[band] += truthModes[i].square;
            }
        }
        const auto result = bsnmse(grid, truth.data(), prediction.data());
        for (int band = 0; band < 3; ++band)
        {
            EXPECT_NEAR(result[band], error[band]/(energy[band] + 1e-7), 1e-10) << grid.describe() << " band " << band;
        }
    }
}

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

TEST(Metrics, vorticityByDifferencesIsExactForALinearVelocity)
{
    const Grid grid = box({5, 4}, {1, 1}, false);
    std::vector<double> velocity = sample(grid, [](double, double y) { return 3*y; });
    const std::vector<double> v = sample(grid, [](double x, double) { return 2*x; });
    velocity.insert(velocity.end(), v.begin(), v.end());
    for (const double omega : vorticity(grid, velocity.data())) EXPECT_NEAR(omega, -1, 1e-13);
    expectRefusal([] { vorticity(box({4}, {1}), nullptr); }, {"two dimensions", "4 cells"});
}

TEST(Metrics, fiveSigmaStable)
{
    EXPECT_TRUE(fiveSigmaStable({1, 1.4, 0.6}, 1, 0.1));
    EXPECT_FALSE(fiveSigmaStable({1, 1.6}, 1, 0.1));
    EXPECT_FALSE(fiveSigmaStable({1, std::numeric_limits<double>::quiet_NaN()}, 1, 0.1));
}

TEST(Metrics, spectrumDistance)
{
    const std::vector<double> a{5, 1, 10, 100, 0}, b{1, 10, 10, 1, 0};
    EXPECT_DOUBLE_EQ(spectrumDistance(a, b, 1, 3), 1);
    EXPECT_DOUBLE_EQ(spectrumDistance(a, a, 0, 4), 0);
    EXPECT_EQ(spectrumDistance({1, 0}, {1, 1}, 1, 1), std::numeric_limits<double>::infinity());
    expectRefusal([&] { spectrumDistance(a, b, 1, 5); }, {"shells from 0 to 4", "1 to 5"});
}

TEST(Metrics, batchMeansOfACorrelatedSeries)
{
    // x_i = 0.9 x_(i-1) + noise: the standard error of its mean is (1/(1 - 0.9))/sqrt(n) for large n
    const std::size_t n = 100000;
    std::vector<double> series(n);
    double x = 0;
    for (std::size_t i = 0; i < n; ++i) series[i] = 2 + (x = 0.9*x + Noise(1).normal(0, i));
    const MeanAndError result = batchMeans(series, 50);
    const double expected = 10/std::sqrt(double(n));
    EXPECT_NEAR(result.mean, 2, 4*expected);
    EXPECT_NEAR(result.stderror, expected, 0.4*expected);

    const MeanAndError small = batchMeans({9, 1, 3, 5, 7}, 2);   // the first value is left over
    EXPECT_DOUBLE_EQ(small.mean, 4);
    EXPECT_DOUBLE_EQ(small.stderror, 2);
    expectRefusal([] { batchMeans({1, 2, 3}, 10); }, {"Too short", "3 values in 10 batches"});
}

TEST(Metrics, firstOutsideFiveSigma)
{
    EXPECT_FALSE(firstOutsideFiveSigma({1, 1.4, 0.6}, 1, 0.1));
    EXPECT_EQ(firstOutsideFiveSigma({1, 1.4, 0.4, 3}, 1, 0.1), 2u);
    EXPECT_EQ(firstOutsideFiveSigma({std::numeric_limits<double>::infinity()}, 1, 0.1), 0u);
}

TEST(Metrics, meanAndDeviation)
{
    const MeanAndDeviation result = meanAndDeviation({1, 2, 6});
    EXPECT_DOUBLE_EQ(result.mean, 3);
    EXPECT_DOUBLE_EQ(result.stddev, std::sqrt(14/2.0));
    EXPECT_EQ(meanAndDeviation({4}).stddev, 0);
    expectRefusal([] { meanAndDeviation({}); }, {"Too short", "one or more", "0 values"});
}

// Of the mean the jackknife gives the usual standard error
TEST(Metrics, jackknifeErrorOfAMean)
{
    const std::vector<double> x{1, 2, 6, 3};
    std::vector<double> leftOut;
    for (const double value : x) leftOut.push_back((12 - value)/3);
    EXPECT_NEAR(jackknifeError(leftOut), meanAndDeviation(x).stddev/2, 1e-14);
    expectRefusal([] { jackknifeError({1}); }, {"two or more parts", "1 values"});
}

TEST(Metrics, kolmogorovSmirnov)
{
    EXPECT_EQ(kolmogorovSmirnov({1, 2, 3}, {3, 1, 2}), 0);
    EXPECT_EQ(kolmogorovSmirnov({1, 2, 3}, {4, 5}), 1);
    EXPECT_DOUBLE_EQ(kolmogorovSmirnov({1, 2, 3, 4}, {2.5, 3.5}), 0.5);
    EXPECT_DOUBLE_EQ(kolmogorovSmirnov({1, 1, 1, 2}, {1, 2}), 0.25);   // ties
    // Uniform on 0..1 and on 0..2: the distribution functions differ most at 1, by a half
    std::vector<double> a, b;
    for (std::uint64_t i = 0; i < 20000; ++i)
    {
        a.push_back(Noise(1).uniform(0, i));
        b.push_back(2*Noise(1).uniform(1, i));
    }
    EXPECT_NEAR(kolmogorovSmirnov(a, b), 0.5, 0.02);
    expectRefusal([] { kolmogorovSmirnov({}, {1}); }, {"distributions", "0 values"});
}

// A wave that travels keeps its shape: C = cos(omega lag)
TEST(Metrics, autocorrelationOfATravellingWave)
{
    const Grid grid = box({16, 4}, {2*pi, 1});
    std::vector<std::vector<double>> snapshots;
    for (int t = 0; t < 30; ++t)
    {
        snapshots.push_back(sample(grid, [t](double x, double) { return 3*std::sin(x - 0.2*t); }));
    }
    const std::vector<double> c = autocorrelation(snapshots, 12);
    ASSERT_EQ(c.size(), 13u);
    for (int lag = 0; lag <= 12; ++lag) EXPECT_NEAR(c[lag], std::cos(0.2*lag), 1e-13) << lag;
    expectRefusal([&] { autocorrelation(snapshots, 30); }, {"autocorrelation", "more than 30", "30 values"});
    snapshots.back().pop_back();
    expectRefusal([&] { autocorrelation(snapshots, 3); }, {"different size", "64 values", "63"});
}

TEST(Metrics, autocorrelationErrorCountsUntilTheReferenceIsLow)
{
    const std::vector<double> reference{1, 0.5, 0.3, 0.05, 0.9};
    EXPECT_NEAR(autocorrelationError({1, 0.6, 0.1, 0.05, 7}, reference), 0.1, 1e-14);
    EXPECT_NEAR(autocorrelationError({1, 0.6}, {1, 0.5}), 0.1, 1e-14);
    expectRefusal([&] { autocorrelationError({1, 0.5}, reference); }, {"Too short", "more than 3", "2 values"});
}

TEST(Metrics, aSpectrumOutsideTheBandIsFound)
{
    // Shell 1 log-normal with 0.1 decades, shell 2 constant
    std::vector<std::vector<double>> spectra;
    for (std::uint64_t i = 0; i < 400; ++i) spectra.push_back({0, std::pow(10, 0.1*Noise(2).normal(0, i)), 3});
    const SpectrumBand single = spectrumBand({spectra}, 1, Noise(1));
    EXPECT_NEAR(single.mean[1], 0, 0.02);
    EXPECT_NEAR(single.stddev[1], 0.1, 0.01);
    EXPECT_NEAR(single.mean[2], std::log10(3.0), 1e-12);
    const SpectrumBand band = spectrumBand({spectra}, 16, Noise(1));
    EXPECT_NEAR(band.stddev[1], 0.025, 0.005);
    EXPECT_NEAR(band.mean[1], std::log10(std::exp(0.5*std::pow(0.1*std::log(10), 2))), 0.01);
    EXPECT_FALSE(firstOutsideBand(spectra, 16, band, 1, 1));

    // Twice the energy from snapshot 100 on: 0.3 decades once it fills the window, 5 deviations are 0.125
    for (std::size_t i = 100; i < spectra.size(); ++i) spectra[i][1] *= 2;
    const auto first = firstOutsideBand(spectra, 16, band, 1, 1);
    ASSERT_TRUE(first);
    EXPECT_GT(*first, 100u);
    EXPECT_LT(*first, 115u);
    EXPECT_FALSE(firstOutsideBand({spectra[0], spectra[200]}, 16, band, 1, 1));   // no window
    expectRefusal([&] { firstOutsideBand(spectra, 16, band, 1, 3); }, {"not in both spectra", "0 to 2", "1 to 3"});
    expectRefusal([&] { spectrumBand({}, 16, Noise(1)); }, {"band of spectra"});
}

// Successive spectra that hardly differ: their mean over a window deviates as much as each does
TEST(Metrics, theBandOfCorrelatedSpectraIsWider)
{
    std::vector<std::vector<double>> spectra;
    for (std::uint64_t i = 0; i < 4000; ++i) spectra.push_back({std::pow(10, 0.1*Noise(2).normal(0, i/40))});
    const SpectrumBand band = spectrumBand({spectra}, 10, Noise(1));
    EXPECT_GT(band.stddev[0], 0.07);
    EXPECT_LT(band.stddev[0], 0.12);
    EXPECT_NEAR(spectrumBand({{spectra[0], spectra[40]}}, 10, Noise(1)).mean[0],
        std::log10(0.5*(spectra[0][0] + spectra[40][0])), 0.02);   // fewer than a window: draws alone
}
