#include "model/torch/training/jacobianPenalty.h"

#include "model/torch/perChannel.h"

namespace surrogate
{

using torch::Tensor;

JacobianPenalty::JacobianPenalty(const Manifest& manifest, double weight, double probe)
:
    weight_(weight), probe_(probe)
{
    if (!active()) return;
    manifest.grid.requireLattice("A penalty on the Jacobian", "entry jacobianWeight");
    const Axes axes(manifest.grid);
    mean_ = perChannel(manifest.mean, manifest.grid).to(torch::kFloat);
    stddev_ = perChannel(manifest.stddev, manifest.grid).to(torch::kFloat);
    first_ = Convolution(axes, int(manifest.mean.size()), 16, 3);
    second_ = Convolution(axes, 16, int(manifest.incrementStddev.size()), 3);
}

void JacobianPenalty::to(torch::Device device)
{
    if (!active()) return;
    first_->to(device);
    second_->to(device);
    mean_ = mean_.to(device);
    stddev_ = stddev_.to(device);
}

std::vector<Tensor> JacobianPenalty::parameters() const
{
    if (!active()) return {};
    std::vector<Tensor> all = first_->parameters();
    for (const Tensor& parameter : second_->parameters()) all.push_back(parameter);
    return all;
}

Tensor JacobianPenalty::loss(const Tensor& inputs, const Tensor& increment, const FlowGeometry& geometry,
    const BatchShare& share, at::Generator& generator, const std::function<Tensor(const Tensor&)>& f)
{
    const Tensor v = share.normal(inputs, generator);
    const Tensor jacobianTimesV = (f(inputs + probe_*stddev_*v) - increment)/probe_;
    const Tensor seen = geometry.masked((inputs - mean_)/stddev_);
    const Tensor logVariance = 2.5 + 3.5*torch::tanh(second_(first_(seen), Activation::gelu)/3.5);
    return 0.5*weight_*geometry.mean(torch::exp(-logVariance)*jacobianTimesV.square() + logVariance);
}

} // namespace surrogate
