#include "core/fft.h"
#include "core/noise.h"
#include "core/refusal.h"

#include <cmath>

using namespace surrogate;

namespace
{

using Complex = std::complex<double>;

std::vector<Complex> randomData(std::size_t n)
{
    const Noise noise(7);
    std::vector<Complex> data(n);
    for (std::size_t i = 0; i < n; ++i) data[i] = {noise.normal(0, i), noise.normal(1, i)};
    return data;
}

//- The definition, in long double
std::vector<Complex> directSum(const std::vector<Complex>& x)
{
    const std::size_t n = x.size();
    std::vector<Complex> result(n);
    for (std::size_t k = 0; k < n; ++k)
    {
        std::complex<long double> sum = 0;
        for (std::size_t j = 0; j < n; ++j)
        {
            const long double angle = -2*3.14159265358979323846264338327950288L*(long double)(k*j%n)/(long double)n;
            sum += std::complex<long double>(x[j])*std::complex<long double>(std::cos(angle), std::sin(angle));
        }
        result[k] = Complex(sum);
    }
    return result;
}

double largestDifference(const std::vector<Complex>& a, const std::vector<Complex>& b)
{
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

} // namespace

TEST(Fft, equalsTheDirectSumForEveryLength)
{
    std::vector<std::size_t> lengths{97, 128, 211, 360, 37*41, 2*37, 1009, 1024};
    for (std::size_t n = 1; n <= 75; ++n) lengths.push_back(n);
    for (const std::size_t n : lengths)
    {
        const std::vector<Complex> x = randomData(n);
        std::vector<Complex> y = x;
        fft(y, {n});
        EXPECT_LT(largestDifference(y, directSum(x)), 1e-13*std::sqrt(double(n))*std::log2(n + 2.0)) << "length " << n;
        fft(y, {n}, true);
        EXPECT_LT(largestDifference(y, x), 1e-13) << "length " << n;
    }
}

TEST(Fft, transformsEveryAxis)
{
    const std::vector<std::size_t> shape{3, 8, 5};
    const std::vector<Complex> x = randomData(120);
    std::vector<Complex> y = x, expected = x;
    fft(y, shape);

    const std::vector<std::size_t> strides{40, 5, 1};
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
        for (std::size_t start = 0; start < 120; ++start)
        {
            if (start/strides[axis]%shape[axis]) continue;
            std::vector<Complex> line(shape[axis]);
            for (std::size_t i = 0; i < line.size(); ++i) line[i] = expected[start + i*strides[axis]];
            line = directSum(line);
            for (std::size_t i = 0; i < line.size(); ++i) expected[start + i*strides[axis]] = line[i];
        }
    }
    EXPECT_LT(largestDifference(y, expected), 1e-12);
    fft(y, shape, true);
    EXPECT_LT(largestDifference(y, x), 1e-14);
}

TEST(Fft, transformsLinesByThemselves)
{
    const std::vector<Complex> x = randomData(120);
    std::vector<Complex> y = x;
    fftLines(y, 40);
    for (int line = 0; line < 3; ++line)
    {
        const std::vector<Complex> one(x.begin() + 40*line, x.begin() + 40*(line + 1));
        const std::vector<Complex> transformed(y.begin() + 40*line, y.begin() + 40*(line + 1));
        EXPECT_LT(largestDifference(transformed, directSum(one)), 1e-12) << "line " << line;
    }
    fftLines(y, 40, true);
    EXPECT_LT(largestDifference(y, x), 1e-14);
}

TEST(Fft, refusesAShapeThatDoesNotFit)
{
    std::vector<Complex> data(6);
    expectRefusal([&] { fft(data, {2, 4}); }, {"8 points", "6"});
    expectRefusal([&] { fftLines(data, 4); }, {"lines of 4 points", "6 points"});
}

TEST(Fft, waveNumbersOfOddAndEvenLengths)
{
    const auto all = [](std::size_t n)
    {
        std::vector<int> numbers;
        for (std::size_t i = 0; i < n; ++i) numbers.push_back(waveNumber(i, n));
        return numbers;
    };
    EXPECT_EQ(all(1), (std::vector<int>{0}));
    EXPECT_EQ(all(5), (std::vector<int>{0, 1, 2, -2, -1}));
    EXPECT_EQ(all(6), (std::vector<int>{0, 1, 2, -3, -2, -1}));
}
