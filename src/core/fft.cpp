#include "core/fft.h"
#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace surrogate
{

namespace
{

using Complex = std::complex<double>;

constexpr double pi = 3.14159265358979323846;
constexpr std::size_t largestRadix = 31;   // a direct sum costs n^2, so larger primes go through a convolution

//- exp(-2 pi i numerator/n), numerator < n
Complex root(std::size_t numerator, std::size_t n)
{
    const double angle = -2*pi*double(numerator)/double(n);
    return {std::cos(angle), std::sin(angle)};
}

//- Without the operator's care for infinite factors, which costs as much again
Complex product(Complex a, Complex b)
{
    return {a.real()*b.real() - a.imag()*b.imag(), a.real()*b.imag() + a.imag()*b.real()};
}

std::size_t smallestPrimeFactor(std::size_t n)
{
    for (std::size_t p = 2; p*p <= n; ++p)
    {
        if (n%p == 0) return p;
    }
    return n;
}

//- Forward transform of one length: mixed radix (Cooley and Tukey 1965), and Bluestein (1970) for what has only large primes
class Transform
{
public:

    explicit Transform(std::size_t n)
    :
        n_(n), roots_(n), sums_(largestRadix)
    {
        for (std::size_t k = 0; k < n; ++k) roots_[k] = root(k, n);
    }

    void operator()(const Complex* in, Complex* out) { transform(in, out, n_, 1); }

private:

    //- `stride` apart in `in`, one after another in `out`; n_ = n*stride
    void transform(const Complex* in, Complex* out, std::size_t n, std::size_t stride)
    {
        if (n == 1)
        {
            out[0] = in[0];
            return;
        }
        if (n == 2)
        {
            out[0] = in[0] + in[stride];
            out[1] = in[0] - in[stride];
            return;
        }
        const std::size_t radix = smallestPrimeFactor(n);
        if (radix > largestRadix)
        {
            bluestein(in, out, n, stride);
            return;
        }
        const std::size_t m = n/radix;
        for (std::size_t r = 0; r < radix; ++r) transform(in + r*stride, out + r*m, m, stride*radix);
        for (std::size_t k = 0; k < m; ++k) butterfly(out + k, radix, m, k, stride);
    }

    //- Joins `radix` transforms of length m at their position k
    void butterfly(Complex* out, std::size_t radix, std::size_t m, std::size_t k, std::size_t stride)
    {
        for (std::size_t r = 1; r < radix; ++r) out[r*m] = product(out[r*m], roots_[r*k*stride]);
        if (radix == 2)
        {
            const Complex difference = out[0] - out[m];
            out[0] += out[m];
            out[m] = difference;
            return;
        }
        for (std::size_t q = 0; q < radix; ++q)
        {
            sums_[q] = out[0];
            for (std::size_t r = 1; r < radix; ++r) sums_[q] += product(out[r*m], roots_[(r*q)%radix*(n_/radix)]);
        }
        for (std::size_t q = 0; q < radix; ++q) out[q*m] = sums_[q];
    }

    //- k n = (k^2 + n^2 - (k-n)^2)/2 makes the transform a convolution, done with a power of two
    static void bluestein(const Complex* in, Complex* out, std::size_t n, std::size_t stride)
    {
        std::size_t length = 1;
        while (length < 2*n - 1) length *= 2;

        std::vector<Complex> chirp(n), a(length), b(length), aHat(length), bHat(length);
        for (std::size_t k = 0; k < n; ++k)
        {
            chirp[k] = root(std::uint64_t(k)*k%(2*n), 2*n);
            a[k] = in[k*stride]*chirp[k];
            b[k] = b[(length - k)%length] = std::conj(chirp[k]);
        }
        Transform convolution(length);
        convolution(a.data(), aHat.data());
        convolution(b.data(), bHat.data());
        for (std::size_t k = 0; k < length; ++k) a[k] = std::conj(aHat[k]*bHat[k]);
        convolution(a.data(), aHat.data());
        for (std::size_t k = 0; k < n; ++k) out[k] = chirp[k]*std::conj(aHat[k])/double(length);
    }

    std::size_t n_;
    std::vector<Complex> roots_;
    std::vector<Complex> sums_;
};

} // namespace

void fft(std::vector<Complex>& data, const std::vector<std::size_t>& shape, bool inverse)
{
    std::size_t total = 1;
    for (const std::size_t n : shape) total *= n;
    if (total != data.size())
    {
        throw Error
        ({
            "The shape does not fit the data", "fft", std::to_string(total) + " points", std::to_string(data.size()), {}
        });
    }
    // The inverse is the conjugate of the forward transform of the conjugate
    if (inverse) std::transform(data.begin(), data.end(), data.begin(), [](Complex c) { return std::conj(c); });

    std::size_t stride = total;
    for (const std::size_t n : shape)
    {
        stride /= std::max<std::size_t>(n, 1);
        if (n < 2) continue;
        Transform transform(n);
        std::vector<Complex> line(n), result(n);
        for (std::size_t start = 0; start < total; ++start)
        {
            if (start/stride%n != 0) continue;
            for (std::size_t i = 0; i < n; ++i) line[i] = data[start + i*stride];
            transform(line.data(), result.data());
            for (std::size_t i = 0; i < n; ++i) data[start + i*stride] = result[i];
        }
    }

    if (inverse)
    {
        std::transform(data.begin(), data.end(), data.begin(), [total](Complex c) { return std::conj(c)/double(total); });
    }
}

void fftLines(std::vector<Complex>& data, std::size_t length, bool inverse)
{
    if (length == 0 || data.size()%length != 0)
    {
        throw Error
        ({
            "The length does not fit the data", "fftLines", "lines of " + std::to_string(length) + " points",
            std::to_string(data.size()) + " points", {}
        });
    }

    Transform transform(length);
    std::vector<Complex> line(length), result(length);
    for (auto start = data.begin(); start != data.end(); start += length)
    {
        if (inverse) std::transform(start, start + length, line.begin(), [](Complex c) { return std::conj(c); });
        else std::copy(start, start + length, line.begin());
        transform(line.data(), result.data());
        const double scale = 1.0/double(length);
        if (inverse) std::transform(result.begin(), result.end(), start, [scale](Complex c) { return scale*std::conj(c); });
        else std::copy(result.begin(), result.end(), start);
    }
}

} // namespace surrogate
