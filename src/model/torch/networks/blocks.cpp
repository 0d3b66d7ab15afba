#include "model/torch/networks/blocks.h"

namespace surrogate
{

using torch::Tensor;

namespace
{

//- The factor along a spatial dimension of the tensor: 1 along y where there is x alone
int along(const Tensor& x, std::int64_t dimension, int dimensions, int factor)
{
    return dimension < x.dim() - dimensions ? 1 : factor;
}

} // namespace

Tensor blockMean(const Tensor& x, int dimensions, int factor)
{
    if (factor == 1) return x;
    std::vector<std::int64_t> sizes{x.size(0), x.size(1)}, inBlock;
    for (std::int64_t d = 2; d < x.dim(); ++d)
    {
        const int f = along(x, d, dimensions, factor);
        sizes.push_back(x.size(d)/f);
        inBlock.push_back(std::int64_t(sizes.size()));
        sizes.push_back(f);
    }
    return x.reshape(sizes).mean(inBlock);
}

Tensor firstOfBlocks(const Tensor& x, int dimensions, int factor)
{
    Tensor first = x;
    for (std::int64_t d = 2; d < x.dim(); ++d) first = first.slice(d, 0, x.size(d), along(x, d, dimensions, factor));
    return first;
}

Tensor repeatBlocks(const Tensor& x, int dimensions, int factor)
{
    if (factor == 1) return x;
    Tensor out = x;
    std::vector<std::int64_t> expanded{x.size(0), x.size(1)}, sizes = expanded;
    for (std::int64_t d = 2; d < x.dim(); ++d)
    {
        const int f = along(x, d, dimensions, factor);
        out = out.unsqueeze(2*d - 1);
        expanded.push_back(x.size(d));
        expanded.push_back(f);
        sizes.push_back(f*x.size(d));
    }
    return out.expand(expanded).reshape(sizes);
}

} // namespace surrogate
