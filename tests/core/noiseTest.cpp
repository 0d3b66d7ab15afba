#include "core/noise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

using namespace surrogate;

namespace
{

//- Uniform number that the words w0, w1 of a Philox block stand for
double unit(std::uint32_t w0, std::uint32_t w1)
{
    return (double(((std::uint64_t(w0) << 32) | w1) >> 11) + 0.5)*std::pow(2, -53);
}

double correlation(const std::vector<double>& a, const std::vector<double>& b)
{
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        ab += a[i]*b[i];
        aa += a[i]*a[i];
        bb += b[i]*b[i];
    }
    return ab/std::sqrt(aa*bb);
}

std::vector<double> normals(const Noise& noise, std::uint32_t stream, std::size_t n)
{
    std::vector<double> values(n);
    noise.normal(stream, values.data(), n);
    return values;
}

} // namespace

// The three vectors that the authors of Philox4x32-10 publish (Random123, kat_vectors). The seeds are those that stream 0
// turns into their keys.
TEST(Noise, knownAnswers)
{
    EXPECT_EQ(Noise(0x83e82e7ffba84e44ull, 0, 0).uniform(0, 0), unit(0x6627e8d5, 0xe169c58d));
    EXPECT_EQ(Noise(0xd34222cf003cfc04ull, ~0u, ~0u).uniform(0, ~0ull), unit(0x408f276d, 0x41c83b0e));
    EXPECT_EQ(Noise(0x4173bad9831a0253ull, 0x13198a2e, 0x03707344).uniform(0, 0x85a308d3243f6a88ull),
        unit(0xd16cfe09, 0x94fdcceb));
    const double pi = 3.14159265358979323846;
    EXPECT_DOUBLE_EQ(Noise(0x83e82e7ffba84e44ull).normal(0, 0),
        std::sqrt(-2*std::log(unit(0x6627e8d5, 0xe169c58d)))*std::cos(2*pi*unit(0xbc57ac4c, 0x9b00dbd8)));
}

TEST(Noise, isAFunctionOfItsArguments)
{
    const Noise noise(5, 3, 1);
    const std::vector<double> forwards = normals(noise, 2, 100);
    for (std::size_t i = 100; i-- > 0;) EXPECT_EQ(noise.normal(2, i), forwards[i]);
    EXPECT_EQ(normals(Noise(5, 3, 1), 2, 100), forwards);

    std::set<double> others;
    for (const Noise& other : {Noise(6, 3, 1), Noise(5, 4, 1), Noise(5, 3, 2), noise}) others.insert(other.uniform(2, 0));
    others.insert(noise.uniform(3, 0));
    others.insert(noise.uniform(2, 1));
    EXPECT_EQ(others.size(), 6u);
}

TEST(Noise, uniformIsUniform)
{
    const std::size_t n = 100000, bins = 100;
    std::vector<double> counts(bins, 0);
    for (std::size_t i = 0; i < n; ++i)
    {
        const double u = Noise(11).uniform(0, i);
        ASSERT_GT(u, 0);
        ASSERT_LT(u, 1);
        counts[std::size_t(u*bins)] += 1;
    }
    double chiSquare = 0;
    for (const double count : counts) chiSquare += std::pow(count - double(n)/bins, 2)/(double(n)/bins);
    EXPECT_GT(chiSquare, 99 - 4*std::sqrt(2*99.0));
    EXPECT_LT(chiSquare, 99 + 4*std::sqrt(2*99.0));
}

TEST(Noise, normalIsNormal)
{
    const std::size_t n = 100000;
    std::vector<double> x = normals(Noise(12, 34), 1, n);
    double moment[5] = {0, 0, 0, 0, 0};
    for (const double value : x)
    {
        for (int power = 1; power <= 4; ++power) moment[power] += std::pow(value, power)/double(n);
    }
    const double error = 1/std::sqrt(double(n));
    EXPECT_NEAR(moment[1], 0, 4*error);
    EXPECT_NEAR(moment[2], 1, 4*std::sqrt(2.0)*error);
    EXPECT_NEAR(moment[3], 0, 4*std::sqrt(15.0)*error);
    EXPECT_NEAR(moment[4], 3, 4*std::sqrt(96.0)*error);

    // Kolmogorov and Smirnov: 1.95/sqrt(n) is passed once in a thousand
    std::sort(x.begin(), x.end());
    double distance = 0;
    for (std::size_t i = 0; i < n; ++i)
    {
        const double cumulative = 0.5*std::erfc(-x[i]/std::sqrt(2.0));
        const double below = double(i)/double(n), above = double(i + 1)/double(n);
        distance = std::max({distance, std::abs(cumulative - below), std::abs(cumulative - above)});
    }
    EXPECT_LT(distance, 1.95*error);
}

TEST(Noise, neighboursAreIndependent)
{
    const std::size_t n = 20000;
    const std::vector<double> x = normals(Noise(1, 1, 1), 1, n);
    const double bound = 4/std::sqrt(double(n));
    EXPECT_LT(std::abs(correlation(x, normals(Noise(2, 1, 1), 1, n))), bound);
    EXPECT_LT(std::abs(correlation(x, normals(Noise(1, 2, 1), 1, n))), bound);
    EXPECT_LT(std::abs(correlation(x, normals(Noise(1, 1, 2), 1, n))), bound);
    EXPECT_LT(std::abs(correlation(x, normals(Noise(1, 1, 1), 2, n))), bound);
    std::vector<double> next(x.begin() + 1, x.end());
    next.push_back(x.front());
    EXPECT_LT(std::abs(correlation(x, next)), bound);
}

TEST(Noise, belowDrawsEveryNumberAsOften)
{
    std::vector<double> counts(7, 0);
    const std::size_t n = 70000;
    for (std::size_t i = 0; i < n; ++i) counts.at(Noise(3).below(7, 0, i)) += 1;
    for (const double count : counts) EXPECT_NEAR(count, 10000, 4*std::sqrt(10000.0));
    EXPECT_EQ(Noise(3).below(1, 0, 0), 0u);
}
