#include "model/torch/kernels/bfloat16Convolution.h"

#include "core/processor.h"

#include <ATen/Parallel.h>

#include <algorithm>

#if defined(__x86_64__)
    #include <immintrin.h>
#endif

namespace surrogate::kernels
{

namespace
{

constexpr int lanes = 16;

//- 3, 4, 2 or 1 vectors of outputs at once, whichever divides them all: with the pixels below they fit the registers
int vectorsTogether(std::int64_t outputs)
{
    const std::int64_t n = (outputs + lanes - 1)/lanes;
    return n%3 == 0 ? 3 : n%4 == 0 ? 4 : n%2 == 0 ? 2 : 1;
}

#if defined(__x86_64__)

#define SURROGATE_TARGET_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma")))

//- `pixels` neighbouring cells of one row, `vectors` times 16 outputs from `first` on
template<int vectors, int pixels>
SURROGATE_TARGET_BF16 void tile(const ConvolutionShape& s, const Bfloat16* in, const std::uint32_t* weight, const float* bias,
    const Bfloat16* addend, Bfloat16* out, std::int64_t first)
{
    __m512 sum[pixels][vectors];
    for (int v = 0; v < vectors; ++v)
    {
        const __m512 start = _mm512_loadu_ps(bias + lanes*v);
        for (int p = 0; p < pixels; ++p) sum[p][v] = start;
    }

    const std::int64_t step = s.strideX*s.inputs;
    for (std::int64_t zy = 0; zy < s.kz*s.ky; ++zy)
    {
        // the kernel's row is contiguous in the input: kx*inputs values
        const Bfloat16* row = in + (zy/s.ky*s.ny + zy%s.ky)*s.nx*s.inputs;
        for (std::int64_t c = 0; c < s.kx*s.inputs; c += 2, weight += vectors*lanes)
        {
            __m512bh w[vectors];
            for (int v = 0; v < vectors; ++v) w[v] = (__m512bh)_mm512_loadu_si512(weight + lanes*v);
            for (int p = 0; p < pixels; ++p)
            {
                int pair;
                __builtin_memcpy(&pair, row + p*step + c, sizeof pair);
                const __m512bh x = (__m512bh)_mm512_set1_epi32(pair);
                for (int v = 0; v < vectors; ++v) sum[p][v] = _mm512_dpbf16_ps(sum[p][v], w[v], x);
            }
        }
    }

    for (int v = 0; v < vectors; ++v)
    {
        const std::int64_t left = s.outputs - first - lanes*v;
        if (left <= 0) break;
        const __mmask16 mask = left >= lanes ? __mmask16(0xFFFF) : __mmask16((1u << left) - 1);
        for (int p = 0; p < pixels; ++p)
        {
            const std::int64_t place = p*s.outputs + first + lanes*v;
            __m512 value = sum[p][v];
            if (addend)
            {
                const __m512i wide = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, addend + place));
                value = _mm512_add_ps(value, _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16)));
            }
            _mm256_mask_storeu_epi16(out + place, mask, (__m256i)_mm512_cvtneps_pbh(value));
        }
    }
}

template<int vectors>
void row(const ConvolutionShape& s, const Bfloat16* in, const std::uint32_t* weight, const float* bias, const Bfloat16* addend,
    Bfloat16* out)
{
    constexpr int pixels = vectors == 4 ? 6 : 8;
    const std::int64_t group = vectors*lanes, groupWeights = s.kz*s.ky*s.kx*s.inputs/2*group;
    for (std::int64_t first = 0; first < s.outputs; first += group, weight += groupWeights, bias += group)
    {
        const auto at = [&](auto* base, std::int64_t x) { return base ? base + x*s.outputs : nullptr; };
        std::int64_t x = 0;
        for (; x + pixels <= s.ox(); x += pixels)
        {
            tile<vectors, pixels>(s, in + x*s.strideX*s.inputs, weight, bias, at(addend, x), at(out, x), first);
        }
        for (; x + 2 <= s.ox(); x += 2)
        {
            tile<vectors, 2>(s, in + x*s.strideX*s.inputs, weight, bias, at(addend, x), at(out, x), first);
        }
        for (; x < s.ox(); ++x)
        {
            tile<vectors, 1>(s, in + x*s.strideX*s.inputs, weight, bias, at(addend, x), at(out, x), first);
        }
    }
}

#endif

} // namespace

bool Bfloat16Convolution::pays()
{
    static const bool answer = processorBfloat16() == "AVX-512 BF16" && instructionSet() == InstructionSet::avx512;
    return answer;
}

Bfloat16Convolution::Bfloat16Convolution(const ConvolutionShape& s, const Bfloat16* weight, const Bfloat16* bias)
:
    vectors_(vectorsTogether(s.outputs))
{
    const std::int64_t group = vectors_*lanes, groups = (s.outputs + group - 1)/group, taps = s.kz*s.ky*s.kx*s.inputs;
    weight_.assign(groups*taps/2*group, 0);
    bias_.assign(groups*group, 0);
    for (std::int64_t o = 0; o < s.outputs; ++o)
    {
        bias_[o] = load(bias + o);
        const std::int64_t g = o/group, within = o%group;
        for (std::int64_t pair = 0; pair < taps/2; ++pair)
        {
            const Bfloat16* w = weight + o*taps + 2*pair;
            weight_[(g*taps/2 + pair)*group + within] = std::uint32_t(w[0].bits) | std::uint32_t(w[1].bits) << 16;
        }
    }
}

void Bfloat16Convolution::run(const ConvolutionShape& s, const Bfloat16* in, const Bfloat16* addend, Bfloat16* out) const
{
#if defined(__x86_64__)
    const auto compute = vectors_ == 3 ? row<3> : vectors_ == 4 ? row<4> : vectors_ == 2 ? row<2> : row<1>;
    const std::int64_t work = s.ox()*s.outputs*s.inputs*s.kz*s.ky*s.kx;
    at::parallel_for(0, s.n*s.oz()*s.oy(), std::max<std::int64_t>(1, 2000000/work), [&](std::int64_t begin, std::int64_t end)
    {
        for (std::int64_t r = begin; r < end; ++r)
        {
            const std::int64_t y = r%s.oy(), z = r/s.oy()%s.oz(), n = r/(s.oy()*s.oz()), place = r*s.ox()*s.outputs;
            compute(s, in + ((n*s.nz + z*s.strideZ)*s.ny + y*s.strideY)*s.nx*s.inputs, weight_.data(), bias_.data(),
                addend ? addend + place : nullptr, out + place);
        }
    });
#else
    (void)s; (void)in; (void)addend; (void)out;
#endif
}

} // namespace surrogate::kernels
