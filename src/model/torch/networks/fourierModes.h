#pragma once

#include "core/grid.h"

#include <torch/torch.h>

#include <string>
#include <vector>

namespace surrogate
{

//- The lowest Fourier modes along a grid's axes, and back. By products with matrices of cosines and sines: for the few modes that
//  a network keeps that is cheaper on a CPU than a fast transform, and it needs no complex numbers, so that it works in every
//  precision. Along an axis that is not periodic the field is continued by zeros.
class FourierModes
{
public:

    //- modes: along each axis (x, y, z) those with |k| < modes, at most half of the cells; continuation: length of the zeros, in
    //  lengths of the axis. Throws Error, naming `where`.
    FourierModes(const Grid& grid, const std::vector<long>& modes, double continuation, const std::string& where);

    //- [n][(z)][(y)][x][c], an index for each axis of the grid -> real and imaginary parts of the amplitudes [n][2][modes][c]
    torch::Tensor analyse(const torch::Tensor& x);

    //- The reverse, of amplitudes; what was cut off is zero
    torch::Tensor synthesise(const torch::Tensor& amplitudes);

    //- Number of modes
    std::int64_t size() const { return size_; }

private:

    struct Axis
    {
        std::int64_t cells, modes;
        torch::Tensor there, back;   //!< float64 on the CPU, then as last used
    };

    static void fit(torch::Tensor& matrix, const torch::Tensor& x);

    std::vector<Axis> axes_;   //!< in a tensor's order: the outermost (z or y) first, of which half of the spectrum is kept
    std::int64_t size_ = 1;
};

} // namespace surrogate
