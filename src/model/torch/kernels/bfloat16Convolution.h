#pragma once

#include "model/torch/kernels/simd.h"

#include <cstdint>
#include <vector>

namespace surrogate::kernels
{

//- Sizes of a channels-last convolution without padding of its own: in [n][nz][ny][nx][inputs] -> out [n][oz][oy][ox][outputs]
struct ConvolutionShape
{
    std::int64_t n = 1, ny = 1, nx = 1;
    std::int64_t inputs = 1, outputs = 1;
    std::int64_t ky = 1, kx = 1;
    std::int64_t strideY = 1, strideX = 1;
    std::int64_t nz = 1, kz = 1, strideZ = 1;   //!< 1 each of a 2-D one

    std::int64_t oz() const { return (nz - kz)/strideZ + 1; }
    std::int64_t oy() const { return (ny - ky)/strideY + 1; }
    std::int64_t ox() const { return (nx - kx)/strideX + 1; }
};

//- A convolution whose weights were put in order once: bfloat16 in and out, sums in float32, the sum with another tensor in the
//  same pass. For processors with AVX-512 BF16 and without AMX: at the sizes of a solver's grid a general library spends as long
//  on ordering weights and on calls as on arithmetic. Where there is AMX the library is faster.
class Bfloat16Convolution
{
public:

    //- Whether this processor should use it
    static bool pays();

    //- Whether it can compute such a shape: an even number of inputs
    static bool supports(std::int64_t inputs) { return inputs % 2 == 0; }

    //- weight: [outputs][kz][ky][kx][inputs] (channels-last), bias: [outputs]
    Bfloat16Convolution(const ConvolutionShape& shape, const Bfloat16* weight, const Bfloat16* bias);

    //- out = convolution(in) + bias (+ addend, shaped as out, where not null; it may be out). `shape` as at construction but for
    //  n, nz, ny, nx. Threads: at::parallel_for over rows.
    void run(const ConvolutionShape& shape, const Bfloat16* in, const Bfloat16* addend, Bfloat16* out) const;

private:

    int vectors_;                          //!< of 16 outputs that are computed together
    std::vector<std::uint32_t> weight_;    //!< [group of vectors_][kz][ky][kx][inputs/2][vectors_][16 outputs], two inputs each
    std::vector<float> bias_;              //!< outputs rounded up to whole groups
};

} // namespace surrogate::kernels
