#include "core/noise.h"

#include <cmath>

namespace surrogate
{

namespace
{

constexpr double pi = 3.14159265358979323846;

std::uint64_t splitMix(std::uint64_t x)
{
    x += 0x9E3779B97F4A7C15ull;
    x = (x ^ (x >> 30))*0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27))*0x94D049BB133111EBull;
    return x ^ (x >> 31);
}

//- (0, 1) from 53 of 64 bits
double unit(std::uint32_t high, std::uint32_t low)
{
    const std::uint64_t bits = ((std::uint64_t(high) << 32) | low) >> 11;
    return (double(bits) + 0.5)*0x1p-53;
}

} // namespace

std::array<std::uint32_t, 4> Noise::block(std::uint32_t stream, std::uint64_t position) const
{
    // key: seed and stream; counter: position, time index, member
    const std::uint64_t mixed = splitMix(seed_ ^ splitMix(stream));
    std::uint32_t k0 = std::uint32_t(mixed), k1 = std::uint32_t(mixed >> 32);
    std::array<std::uint32_t, 4> c
    {{
        std::uint32_t(position), std::uint32_t(position >> 32), timeIndex_, member_
    }};

    for (int round = 0; round < 10; ++round)
    {
        const std::uint64_t p0 = std::uint64_t(0xD2511F53u)*c[0];
        const std::uint64_t p1 = std::uint64_t(0xCD9E8D57u)*c[2];
        c = {{std::uint32_t(p1 >> 32) ^ c[1] ^ k0, std::uint32_t(p1), std::uint32_t(p0 >> 32) ^ c[3] ^ k1, std::uint32_t(p0)}};
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c;
}

double Noise::uniform(std::uint32_t stream, std::uint64_t position) const
{
    const auto b = block(stream, position);
    return unit(b[0], b[1]);
}

double Noise::normal(std::uint32_t stream, std::uint64_t position) const
{
    const auto b = block(stream, position);
    return std::sqrt(-2*std::log(unit(b[0], b[1])))*std::cos(2*pi*unit(b[2], b[3]));
}

void Noise::normal(std::uint32_t stream, double* out, std::size_t n) const
{
    for (std::size_t i = 0; i < n; ++i) out[i] = normal(stream, i);
}

std::uint64_t Noise::below(std::uint64_t n, std::uint32_t stream, std::uint64_t position) const
{
    return std::uint64_t(uniform(stream, position)*double(n));
}

} // namespace surrogate
