#pragma once

#include "core/grid.h"
#include "model/torch/kernels/paddedActivation.h"

#include <torch/torch.h>

namespace surrogate
{

//- Which axes (x, y, z) of a network's tensors exist, and what stands beyond their sides: a periodic axis wraps, at a wall there
//  is zero, at an open side (inlet, outlet, symmetry plane, far field) the outermost cell goes on
struct Axes
{
    int dimensions = 2;
    kernels::PaddingOfSides padding;

    explicit Axes(const Grid& grid);
    Axes(int dimensions, const kernels::PaddingOfSides& padding) : dimensions(dimensions), padding(padding) {}

    //- Spatial axes of the tensor: a 1-D grid has tensors [n][channel][1][x]
    int tensorDimensions() const { return dimensions == 3 ? 3 : 2; }

    at::MemoryFormat memoryFormat() const
    {
        return dimensions == 3 ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::ChannelsLast;
    }
};

//- pad(activation(x)) with `width` cells at both ends of each axis.
//  x: [n][channel][(z)][y][x], channels-last. On a CPU one fused memory pass, with its backward; elsewhere ATen's operations.
torch::Tensor activatePad(const torch::Tensor& x, Activation activation, const Axes& axes, int width);

//- The same by ATen's operations, on any device
torch::Tensor activatePadByOperations(const torch::Tensor& x, Activation activation, const Axes& axes, int width);

//- activation(x) of a tensor of any shape
torch::Tensor activate(const torch::Tensor& x, Activation activation);

//- activation(x) without padding, of a network's tensor as above
torch::Tensor activate(const torch::Tensor& x, Activation activation, const Axes& axes);

} // namespace surrogate
