#pragma once

#include "core/grid.h"
#include "model/torch/kernels/activation.h"

#include <torch/torch.h>

namespace surrogate
{

//- Which axes (x, y, z) of a network's tensors exist and wrap
struct Axes
{
    int dimensions = 2;
    std::array<bool, 3> periodic{{true, true, true}};

    explicit Axes(const Grid& grid) : dimensions(grid.dimensions), periodic(grid.periodic) {}

    //- Spatial axes of the tensor: a 1-D grid has tensors [n][channel][1][x]
    int tensorDimensions() const { return dimensions == 3 ? 3 : 2; }

    at::MemoryFormat memoryFormat() const
    {
        return dimensions == 3 ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::ChannelsLast;
    }
};

//- pad(activation(x)) with `width` cells at both ends of each axis, wrapped where periodic and zero elsewhere.
//  x: [n][channel][(z)][y][x], channels-last. On a CPU one fused memory pass, with its backward; elsewhere ATen's operations.
torch::Tensor activatePad(const torch::Tensor& x, Activation activation, const Axes& axes, int width);

//- activation(x) without padding
torch::Tensor activate(const torch::Tensor& x, Activation activation, const Axes& axes);

} // namespace surrogate
