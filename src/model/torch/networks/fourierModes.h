#pragma once

#include <torch/torch.h>

namespace surrogate
{

//- The lowest wave numbers of one axis as two matrices of cosines and sines: a truncated real Fourier transform is a product with
//  the one, its inverse with the other. For as few modes as networks keep, on a CPU, that is faster than a whole FFT, needs no complex
//  numbers and works in any precision.
//  Wave numbers count in 2 pi over the period, which is the axis' length where it is periodic and twice that where it is not: there
//  the field goes on as zero, so that nothing passes from one end to the other.
struct FourierModes
{
    int highest = 0;          //!< wave numbers are 0 to this
    torch::Tensor forward;    //!< [2 (highest + 1)][cells]: coefficients of the cosines, then of the sines; float64
    torch::Tensor inverse;    //!< [cells][2 (highest + 1)]

    //- The highest wave number is bounded by what the cells resolve: half the period's cells, rounded down. With that one, inverse
    //  times forward is the identity.
    FourierModes(int cells, bool periodic, int highest);
};

} // namespace surrogate
