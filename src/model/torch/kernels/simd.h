#pragma once

#include <cstdint>

#define SURROGATE_INLINE static inline __attribute__((always_inline))

// A kernel is written once, as an always-inline template, and instantiated inside functions of these targets; the widest that
// the processor has is chosen at run time. Elsewhere than on x86-64 there is the portable one alone.
#if defined(__x86_64__)
    #define SURROGATE_TARGET_AVX512 \
        __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,prefer-vector-width=512")))
    #define SURROGATE_TARGET_AVX2 __attribute__((target("avx2,fma")))
#else
    #define SURROGATE_TARGET_AVX512
    #define SURROGATE_TARGET_AVX2
#endif

namespace surrogate::kernels
{

enum class InstructionSet { portable, avx2, avx512 };

inline InstructionSet instructionSet()
{
#if defined(__x86_64__)
    static const InstructionSet best =
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
      ? InstructionSet::avx512
      : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? InstructionSet::avx2 : InstructionSet::portable;
    return best;
#else
    return InstructionSet::portable;
#endif
}

//- bfloat16 as its bits; arithmetic is in float
struct Bfloat16 { std::uint16_t bits; };

SURROGATE_INLINE float load(const float* p) { return *p; }
SURROGATE_INLINE double load(const double* p) { return *p; }
SURROGATE_INLINE float load(const Bfloat16* p) { return __builtin_bit_cast(float, std::uint32_t(p->bits) << 16); }

SURROGATE_INLINE void store(float* p, float x) { *p = x; }
SURROGATE_INLINE void store(double* p, double x) { *p = x; }

//- Rounds to nearest even; a NaN stays one
SURROGATE_INLINE void store(Bfloat16* p, float x)
{
    const std::uint32_t u = __builtin_bit_cast(std::uint32_t, x);
    const std::uint32_t rounded = (u + 0x7FFFu + ((u >> 16) & 1u)) >> 16;
    p->bits = x != x ? std::uint16_t(0x7FC0) : std::uint16_t(rounded);
}

template<class Storage> struct Arithmetic { using type = Storage; };
template<> struct Arithmetic<Bfloat16> { using type = float; };

} // namespace surrogate::kernels
