#include "model/torch/kernels/paddedActivation.h"

#include <ATen/Parallel.h>

#include <cstring>
#include <vector>

namespace surrogate::kernels
{

namespace
{

// --- the two row kernels, once a target ----------------------------------------------------------------------------------

template<Activation activation, class Storage>
SURROGATE_INLINE void activateRowBody(const Storage* __restrict in, Storage* __restrict out, std::int64_t size)
{
    for (std::int64_t i = 0; i < size; ++i) store(out + i, activate<activation>(load(in + i)));
}

template<Activation activation, class Storage, class Real>
SURROGATE_INLINE void slopeRowBody(const Storage* __restrict in, const Real* __restrict grad, Storage* __restrict out,
    std::int64_t size)
{
    for (std::int64_t i = 0; i < size; ++i) store(out + i, slope<activation>(load(in + i))*grad[i]);
}

template<class Storage, class Real>
SURROGATE_INLINE void addRowBody(const Storage* __restrict in, Real* __restrict sum, std::int64_t size)
{
    for (std::int64_t i = 0; i < size; ++i) sum[i] += load(in + i);
}

template<class Storage>
struct RowKernels
{
    using Real = typename Arithmetic<Storage>::type;
    void (*activateRow)(const Storage*, Storage*, std::int64_t);
    void (*slopeRow)(const Storage*, const Real*, Storage*, std::int64_t);
    void (*addRow)(const Storage*, Real*, std::int64_t);
};

#define SURROGATE_ROW_KERNELS(Name, TARGET)                                                                                   \
    template<Activation activation, class Storage> struct Name                                                                \
    {                                                                                                                         \
        using Real = typename Arithmetic<Storage>::type;                                                                      \
        TARGET static void activateRow(const Storage* in, Storage* out, std::int64_t size)                                   \
        {                                                                                                                     \
            activateRowBody<activation>(in, out, size);                                                                       \
        }                                                                                                                     \
        TARGET static void slopeRow(const Storage* in, const Real* grad, Storage* out, std::int64_t size)                    \
        {                                                                                                                     \
            slopeRowBody<activation>(in, grad, out, size);                                                                    \
        }                                                                                                                     \
        TARGET static void addRow(const Storage* in, Real* sum, std::int64_t size) { addRowBody(in, sum, size); }            \
        static RowKernels<Storage> all() { return {activateRow, slopeRow, addRow}; }                                          \
    };

SURROGATE_ROW_KERNELS(Portable, )
SURROGATE_ROW_KERNELS(Avx2, SURROGATE_TARGET_AVX2)
SURROGATE_ROW_KERNELS(Avx512, SURROGATE_TARGET_AVX512)
#undef SURROGATE_ROW_KERNELS

template<Activation activation, class Storage>
RowKernels<Storage> bestRowKernels()
{
    switch (instructionSet())
    {
        case InstructionSet::avx512: return Avx512<activation, Storage>::all();
        case InstructionSet::avx2: return Avx2<activation, Storage>::all();
        default: return Portable<activation, Storage>::all();
    }
}

template<class Storage>
RowKernels<Storage> rowKernels(Activation activation)
{
    switch (activation)
    {
        case Activation::gelu: return bestRowKernels<Activation::gelu, Storage>();
        case Activation::silu: return bestRowKernels<Activation::silu, Storage>();
        default: return bestRowKernels<Activation::identity, Storage>();
    }
}

//- Rows that a thread should have at least, so that waking it pays
std::int64_t grainSize(const PaddedShape& shape)
{
    return std::max<std::int64_t>(1, 65536/(shape.cells[0]*shape.channels));
}

constexpr std::int64_t none = -1;

//- The padded position of the cell that padded position k, in the halo of an axis, holds a copy of; none where it holds zero.
//  An axis may be thinner than its padding.
std::int64_t origin(std::int64_t k, std::int64_t cells, std::int64_t pad, const std::array<Padding, 2>& sides)
{
    const bool low = k < pad;
    switch (sides[low ? 0 : 1])
    {
        case Padding::wrap: return pad + ((k - pad)%cells + cells)%cells;
        case Padding::replicate: return low ? pad : pad + cells - 1;
        default: return none;
    }
}

//- Calls f with each padded position in the halo of an axis, rising
template<class Function>
void overHalo(std::int64_t cells, std::int64_t pad, Function&& f)
{
    for (std::int64_t k = 0; k < pad; ++k) f(k);
    for (std::int64_t k = pad + cells; k < cells + 2*pad; ++k) f(k);
}

//- Fills the halo layers of one axis: `stride` elements a layer, for each of `blocks` blocks that lie one after another
template<class Storage>
void fillHalo(Storage* out, std::int64_t blocks, std::int64_t cells, std::int64_t pad, std::int64_t stride,
    const std::array<Padding, 2>& sides)
{
    const std::size_t bytes = stride*sizeof(Storage);
    for (std::int64_t b = 0; b < blocks; ++b)
    {
        Storage* block = out + b*(cells + 2*pad)*stride;
        overHalo(cells, pad, [&](std::int64_t k)
        {
            const std::int64_t from = origin(k, cells, pad, sides);
            if (from == none) std::memset(block + k*stride, 0, bytes);
            else std::memcpy(block + k*stride, block + from*stride, bytes);
        });
    }
}

} // namespace

template<class Storage>
void paddedActivation(Activation activation, const PaddedShape& shape, const Storage* in, Storage* out)
{
    const auto kernel = rowKernels<Storage>(activation);
    const auto& [nx, ny, nz] = shape.cells;
    const std::int64_t c = shape.channels;
    const std::int64_t rowOut = shape.padded(0)*c, planeOut = shape.padded(1)*rowOut, imageOut = shape.padded(2)*planeOut;

    at::parallel_for(0, shape.nRows(), grainSize(shape), [&](std::int64_t begin, std::int64_t end)
    {
        for (std::int64_t row = begin; row < end; ++row)
        {
            const std::int64_t y = row%ny, z = (row/ny)%nz, n = row/(ny*nz);
            Storage* target = out + n*imageOut + (z + shape.pad[2])*planeOut + (y + shape.pad[1])*rowOut;
            kernel.activateRow(in + row*nx*c, target + shape.pad[0]*c, nx*c);
            fillHalo(target, 1, nx, shape.pad[0], c, shape.padding[0]);
        }
    });

    at::parallel_for(0, shape.n, 1, [&](std::int64_t begin, std::int64_t end)
    {
        for (std::int64_t n = begin; n < end; ++n)
        {
            Storage* image = out + n*imageOut;
            fillHalo(image + shape.pad[2]*planeOut, nz, ny, shape.pad[1], rowOut, shape.padding[1]);
            fillHalo(image, 1, nz, shape.pad[2], planeOut, shape.padding[2]);
        }
    });
}

template<class Storage>
void paddedActivationBackward(Activation activation, const PaddedShape& shape,
    const Storage* in, const Storage* gradOut, Storage* gradIn)
{
    using Real = typename Arithmetic<Storage>::type;
    const auto kernel = rowKernels<Storage>(activation);
    const auto& [nx, ny, nz] = shape.cells;
    const std::int64_t c = shape.channels;
    const std::int64_t rowOut = shape.padded(0)*c, planeOut = shape.padded(1)*rowOut, imageOut = shape.padded(2)*planeOut;

    //- Calls f with every padded position that holds a copy of cell i, rising
    const auto copies = [&shape](int axis, std::int64_t i, auto&& f)
    {
        const std::int64_t cells = shape.cells[axis], pad = shape.pad[axis];
        const auto& sides = shape.padding[axis];
        if (sides[0] == Padding::wrap)
        {
            for (std::int64_t k = (i + pad)%cells; k < cells + 2*pad; k += cells) f(k);
            return;
        }
        const bool low = i == 0 && sides[0] == Padding::replicate, high = i == cells - 1 && sides[1] == Padding::replicate;
        for (std::int64_t k = low ? 0 : i + pad; k <= (high ? cells + 2*pad - 1 : i + pad); ++k) f(k);
    };

    at::parallel_for(0, shape.nRows(), grainSize(shape), [&](std::int64_t begin, std::int64_t end)
    {
        std::vector<Real> sum(rowOut);
        for (std::int64_t row = begin; row < end; ++row)
        {
            const std::int64_t y = row%ny, z = (row/ny)%nz, n = row/(ny*nz);
            std::fill(sum.begin(), sum.end(), Real(0));
            copies(2, z, [&](std::int64_t zp)
            {
                copies(1, y, [&](std::int64_t yp)
                {
                    kernel.addRow(gradOut + n*imageOut + zp*planeOut + yp*rowOut, sum.data(), rowOut);
                });
            });
            overHalo(nx, shape.pad[0], [&](std::int64_t xp)
            {
                const std::int64_t to = origin(xp, nx, shape.pad[0], shape.padding[0]);
                if (to == none) return;
                for (std::int64_t k = 0; k < c; ++k) sum[to*c + k] += sum[xp*c + k];
            });
            kernel.slopeRow(in + row*nx*c, sum.data() + shape.pad[0]*c, gradIn + row*nx*c, nx*c);
        }
    });
}

#define SURROGATE_INSTANTIATE(Storage)                                                                                        \
    template void paddedActivation<Storage>(Activation, const PaddedShape&, const Storage*, Storage*);                        \
    template void paddedActivationBackward<Storage>(Activation, const PaddedShape&, const Storage*, const Storage*, Storage*);
SURROGATE_INSTANTIATE(float)
SURROGATE_INSTANTIATE(double)
SURROGATE_INSTANTIATE(Bfloat16)
#undef SURROGATE_INSTANTIATE

} // namespace surrogate::kernels
