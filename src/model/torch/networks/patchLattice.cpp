#include "model/torch/networks/patchLattice.h"

#include "core/error.h"

namespace surrogate
{

namespace
{

PatchLattice onGrid(const Grid& grid, const std::array<int, 2>& kernels, const std::array<int, 2>& strides)
{
    PatchLattice lattice;
    lattice.dimensions = grid.dimensions;
    lattice.kernels = kernels;
    lattice.strides = strides;
    lattice.cells = grid.cells;
    return lattice;
}

std::string axisText(const Grid& grid, int axis)
{
    return std::to_string(grid.cells[axis]) + " cells along " + std::string(1, "xyz"[axis]);
}

} // namespace

std::array<int, 2> patchFactors(int patch)
{
    int smaller = 1;
    for (int k = 1; k*k <= patch; ++k)
    {
        if (patch%k == 0) smaller = k;
    }
    return {{patch/smaller, smaller}};
}

std::vector<bool> PatchLattice::wrapsOfTensor() const
{
    std::vector<bool> result;
    for (int axis = dimensions - 1; axis >= 0; --axis) result.push_back(wraps[axis]);
    return result;
}

PatchLattice PatchLattice::ofKernels(const Grid& grid, const std::array<int, 2>& kernels, const std::string& where)
{
    PatchLattice lattice = onGrid(grid, kernels, kernels);
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        if (grid.cells[axis]%lattice.spacing())
        {
            throw Error({"Patches do not fit the grid", where, "cells along each axis that are a multiple of the patch "
                + std::to_string(lattice.spacing()) + ", or modulation stride, which pads", axisText(grid, axis), {}});
        }
        lattice.tokens[axis] = grid.cells[axis]/lattice.spacing();
        lattice.wraps[axis] = grid.periodic[axis];
    }
    return lattice;
}

PatchLattice PatchLattice::ofStrides(const Grid& grid, const std::array<int, 2>& kernels, const std::array<int, 2>& strides,
    const std::string& where)
{
    PatchLattice lattice = onGrid(grid, kernels, strides);
    const int spacing = lattice.spacing(), extent = lattice.extent();
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        const int n = grid.cells[axis];
        if (n < extent)
        {
            throw Error({"The grid is smaller than what a token sees", where, "at least " + std::to_string(extent) + " cells along each "
                "axis with patch " + std::to_string(spacing), axisText(grid, axis), {}});
        }
        lattice.wraps[axis] = grid.periodic[axis] && n%spacing == 0;
        if (lattice.wraps[axis])
        {
            lattice.tokens[axis] = n/spacing;
            continue;
        }
        const int missing = (spacing - (n - extent)%spacing)%spacing;
        lattice.padding[axis] = {{missing/2, missing - missing/2}};
        lattice.tokens[axis] = (n + missing - extent)/spacing + 1;
    }
    return lattice;
}

} // namespace surrogate
