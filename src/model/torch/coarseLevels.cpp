#include "model/torch/coarseLevels.h"

#include "model/torch/networks/blocks.h"

namespace surrogate
{

using torch::Tensor;

CoarseLevels::CoarseLevels(const Manifest& manifest)
:
    dimensions_(manifest.grid.dimensions), pool_(manifest.hierarchy->pool)
{}

std::vector<FlowGeometry> CoarseLevels::geometries(const FlowGeometry& geometry) const
{
    std::vector<FlowGeometry> all{geometry};
    for (int level = 1; level <= nHints(); ++level)
    {
        FlowGeometry coarse;
        if (geometry.fluid.defined())
        {
            coarse.fluid = blockMean(geometry.fluid, dimensions_, factor(level));
            coarse.mask = (coarse.fluid > 0).to(coarse.fluid.scalar_type());
        }
        all.push_back(coarse);
    }
    return all;
}

Tensor CoarseLevels::coarse(const Tensor& x, int from, int to, const std::vector<FlowGeometry>& geometries) const
{
    if (from == to) return x;
    const int ratio = factor(to)/factor(from);
    const Tensor& fluid = geometries[std::size_t(from)].fluid;
    if (!fluid.defined()) return blockMean(x, dimensions_, ratio);
    const FlowGeometry& coarse = geometries[std::size_t(to)];
    return coarse.masked(blockMean(x*fluid, dimensions_, ratio)/coarse.fluid.clamp_min(1e-12));
}

Tensor CoarseLevels::repeated(const Tensor& x, int level) const { return repeatBlocks(x, dimensions_, factor(level)); }

std::vector<std::int64_t> CoarseLevels::sizes(const Tensor& x, int level) const
{
    std::vector<std::int64_t> sizes = x.sizes().vec();
    for (int d = 0; d < dimensions_; ++d) sizes[sizes.size() - 1 - std::size_t(d)] /= factor(level);
    return sizes;
}

} // namespace surrogate
