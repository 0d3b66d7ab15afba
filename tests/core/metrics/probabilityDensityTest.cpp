#include "core/metrics/probabilityDensity.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

#include <limits>

using namespace surrogate;

TEST(Metrics, probabilityDensityCountsByVolume)
{
    ProbabilityDensity density(0, 2, 4);
    EXPECT_EQ(density.density(), std::vector<double>(4, 0.0));
    const std::vector<double> volumes{1, 2, 1, 4}, first{0.1, 0.6, 2, -1}, second{0.5, 0.5, 0.5, 0.5},
        third{7, std::numeric_limits<double>::quiet_NaN(), 0, 0};
    density.add({4, volumes.data()}, first.data());
    const std::vector<double> once = density.density();
    EXPECT_DOUBLE_EQ(once[0], 0.25);      // share 1/8 by width 0.5
    EXPECT_DOUBLE_EQ(once[1], 0.5);
    EXPECT_DOUBLE_EQ(once[2], 0);
    EXPECT_DOUBLE_EQ(once[3], 0.25);      // a value at the upper end
    EXPECT_DOUBLE_EQ(density.below(), 0.5);
    density.add({4}, second.data());
    EXPECT_DOUBLE_EQ(density.density()[1], (0.25 + 1)/2/0.5);
    density.add({4}, third.data());
    EXPECT_DOUBLE_EQ(density.above(), 0.25/3);
    EXPECT_DOUBLE_EQ(density.notNumbers(), 0.25/3);
    double sum = density.below() + density.above() + density.notNumbers();
    for (const double value : density.density()) sum += value*density.binWidth();
    EXPECT_NEAR(sum, 1, 1e-14);
    expectRefusal([] { ProbabilityDensity(1, 1, 4); }, {"upper > lower", "4 bins from 1.0"});
    expectRefusal([&] { density.add({0}, first.data()); }, {"no cells"});
}

TEST(Metrics, distancesOfDensities)
{
    ProbabilityDensity p(0, 4, 4), q(0, 4, 4), r(0, 4, 4);
    const std::vector<double> a{0.5, 0.5, 1.5, 1.5}, b{2.5, 2.5, 3.5, 3.5}, c{0.5, 0.5, 1.5, 9};
    p.add({4}, a.data());
    q.add({4}, b.data());
    r.add({4}, c.data());
    EXPECT_DOUBLE_EQ(totalVariation(p, p), 0);
    EXPECT_DOUBLE_EQ(totalVariation(p, q), 1);
    EXPECT_DOUBLE_EQ(totalVariation(p, r), 0.25);
    EXPECT_DOUBLE_EQ(wassersteinDistance(p, p), 0);
    EXPECT_DOUBLE_EQ(wassersteinDistance(p, q), 2);   // everything moves by 2
    expectRefusal([&] { totalVariation(p, ProbabilityDensity(0, 4, 5)); }, {"different bins", "4 bins", "5 bins"});
    expectRefusal([&] { wassersteinDistance(p, ProbabilityDensity(0, 5, 4)); }, {"different bins"});
}

// |P - Q| changes sign within a bin: P - Q goes from 1/2 to -1/2 in the middle one, two triangles of 1/8
TEST(Metrics, wassersteinDistanceWhereTheDistributionFunctionsCross)
{
    ProbabilityDensity p(0, 3, 3), q(0, 3, 3);
    const std::vector<double> a{0.5, 2.5}, b{1.5, 1.5};
    p.add({2}, a.data());
    q.add({2}, b.data());
    EXPECT_DOUBLE_EQ(wassersteinDistance(p, q), 0.25 + 0.25 + 0.25);
}
