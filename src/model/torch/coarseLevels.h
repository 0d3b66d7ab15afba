#pragma once

#include "core/manifest.h"
#include "model/torch/flowGeometry.h"

#include <vector>

namespace surrogate
{

//- The grids of a hierarchical emulator: level 0 is the state's, level l that of hint l (see Hierarchy). Means over blocks are over
//  the fluid in them; a block without any has 0.
class CoarseLevels
{
public:

    //- Of a manifest with a hierarchy that fits its grid
    explicit CoarseLevels(const Manifest& manifest);

    int nHints() const { return int(pool_.size()); }

    //- The geometry on each level's grid
    std::vector<FlowGeometry> geometries(const FlowGeometry& geometry) const;

    //- x, [n][channel][(z)][y][x] on the grid of level `from`, on that of level `to`, which is not below
    torch::Tensor coarse(const torch::Tensor& x, int from, int to, const std::vector<FlowGeometry>& geometries) const;

    //- The reverse, to level 0: each value in all cells of its block
    torch::Tensor repeated(const torch::Tensor& x, int level) const;

    //- Shape on level `level` of a tensor that has it on level 0
    std::vector<std::int64_t> sizes(const torch::Tensor& x, int level) const;

private:

    int factor(int level) const { return level == 0 ? 1 : pool_[std::size_t(level - 1)]; }

    int dimensions_;
    std::vector<int> pool_;
};

} // namespace surrogate
