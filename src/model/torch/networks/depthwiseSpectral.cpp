#include "model/torch/networks/depthwiseSpectral.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

DepthwiseSpectralImpl::DepthwiseSpectralImpl(std::shared_ptr<FourierModes> modes, int channels)
:
    modes_(std::move(modes))
{
    // half of the variance of each mode: it is added to an identity
    weight = register_parameter("weight", 0.5*torch::randn({2, modes_->size(), channels}));
}

Tensor DepthwiseSpectralImpl::forward(const Tensor& x)
{
    const Tensor amplitudes = modes_->analyse(x.dim() == 5 ? x.permute({0, 2, 3, 4, 1}) : x.permute({0, 2, 3, 1}));
    const Tensor w = weight.to(x.scalar_type());
    const Tensor real = amplitudes.select(1, 0), imaginary = amplitudes.select(1, 1);
    const Tensor products = torch::stack({real*w[0] - imaginary*w[1], real*w[1] + imaginary*w[0]}, 1);
    const Tensor h = modes_->synthesise(products);
    switch (h.dim())
    {
        case 5: return h.permute({0, 4, 1, 2, 3});
        case 4: return h.permute({0, 3, 1, 2});
        default: return h.permute({0, 2, 1}).unsqueeze(2);
    }
}

} // namespace surrogate
