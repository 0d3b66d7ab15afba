#include "model/torch/networks/depthwiseSpectral.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- The matrix [m][s] applied along a dimension of s values of a contiguous tensor
Tensor along(const Tensor& x, std::int64_t dimension, const Tensor& matrix)
{
    std::vector<std::int64_t> sizes = x.sizes().vec();
    std::int64_t outer = 1, inner = 1;
    for (std::int64_t d = 0; d < dimension; ++d) outer *= sizes[d];
    for (std::int64_t d = dimension + 1; d < x.dim(); ++d) inner *= sizes[d];
    sizes[dimension] = matrix.size(0);
    const Tensor columns = x.reshape({outer, x.size(dimension), inner});
    return torch::bmm(matrix.unsqueeze(0).expand({outer, -1, -1}), columns).reshape(sizes);
}

bool wraps(const Axes& axes, int axis) { return axes.padding[axis][0] == kernels::Padding::wrap; }

} // namespace

DepthwiseSpectralImpl::DepthwiseSpectralImpl(const Axes& axes, const std::array<int, 3>& cells, int channels, int modes)
:
    dimensions_(axes.dimensions)
{
    std::vector<std::int64_t> sizes{1 << dimensions_};
    for (int axis = 0; axis < dimensions_; ++axis) modes_.emplace_back(cells[axis], wraps(axes, axis), modes);
    for (int axis = dimensions_ - 1; axis >= 0; --axis) sizes.push_back(modes_[axis].highest + 1);
    sizes.push_back(channels);
    weight = register_parameter("weight", torch::randn(sizes)*std::sqrt(0.5/(1 << dimensions_)));
}

const std::vector<Tensor>& DepthwiseSpectralImpl::matrices(const Tensor& x)
{
    if (matrices_.empty() || matrices_[0].scalar_type() != x.scalar_type() || matrices_[0].device() != x.device())
    {
        matrices_.clear();
        for (const FourierModes& axis : modes_)
        {
            matrices_.push_back(axis.forward.to(x.options()));
            matrices_.push_back(axis.inverse.to(x.options()));
        }
    }
    return matrices_;
}

Tensor DepthwiseSpectralImpl::forward(const Tensor& x)
{
    const std::vector<Tensor>& m = matrices(x);
    const std::int64_t channels = x.size(1);
    Tensor h = x.dim() == 5 ? x.permute({0, 2, 3, 4, 1}) : x.permute({0, 2, 3, 1});
    const std::int64_t last = h.dim() - 2;
    for (int axis = dimensions_ - 1; axis >= 0; --axis) h = along(h, last - axis, m[2*axis]);
    const std::vector<std::int64_t> spectrum = h.sizes().vec();

    // [n][2][kz][2][ky][2][kx][channel], each 2 a cosine's and a sine's coefficient
    std::vector<std::int64_t> split{x.size(0)}, of{weight.size(0), 1};
    for (int axis = dimensions_ - 1; axis >= 0; --axis)
    {
        split.insert(split.end(), {2, modes_[axis].highest + 1});
        of.insert(of.end(), {1, modes_[axis].highest + 1});
    }
    split.push_back(channels);
    of.push_back(channels);
    h = h.reshape(split);
    const Tensor w = weight.to(x.scalar_type()).reshape(of);
    std::vector<Tensor> shifted{h};
    for (int axis = 0; axis < dimensions_; ++axis)
    {
        const std::int64_t parity = 2*(dimensions_ - 1 - axis) + 1;
        for (std::size_t i = 0, n = shifted.size(); i < n; ++i)
        {
            const auto parts = shifted[i].chunk(2, parity);
            shifted.push_back(torch::cat({parts[1], parts[0].neg()}, parity));
        }
    }
    Tensor sum = w[0]*shifted[0];
    for (std::size_t i = 1; i < shifted.size(); ++i) sum = sum.addcmul(w[std::int64_t(i)], shifted[i]);

    h = sum.reshape(spectrum);
    for (int axis = dimensions_ - 1; axis >= 0; --axis) h = along(h, last - axis, m[2*axis + 1]);
    return x.dim() == 5 ? h.permute({0, 4, 1, 2, 3}) : h.permute({0, 3, 1, 2});
}

} // namespace surrogate
