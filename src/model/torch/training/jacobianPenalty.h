#pragma once

#include "core/manifest.h"
#include "model/torch/flowGeometry.h"
#include "model/torch/networks/layers.h"
#include "model/torch/training/batchShare.h"

#include <functional>

namespace surrogate
{

//- Penalty on the one-step map's Jacobian J, with a weight for each location that is learned beside the network: large where the
//  flow is smooth, small at fronts. After JAWS (arXiv 2603.05538), whose formula we did not have; ours is the negative
//  log-likelihood of J v ~ N(0, exp(s)) with heteroscedastic log-variance s(x):
//      weight * mean over cells of 1/2 (exp(-s) (J v)^2 + s),     J v ~ (f(u + probe v) - f(u))/probe,  v ~ N(0, 1)
//  in normalised variables, s from a small convolutional network on the same inputs. It is bounded to [-1, 6]: below, the
//  penalty would reward a map that forgets its input.
class JacobianPenalty
{
public:

    //- weight 0: none
    JacobianPenalty(const Manifest& manifest, double weight, double probe);

    bool active() const { return weight_ > 0; }

    void to(torch::Device device);

    std::vector<torch::Tensor> parameters() const;

    //- inputs: physical input channels [n][c][..]; increment: the network's normalised increment f of them. Over the fluid.
    torch::Tensor loss(const torch::Tensor& inputs, const torch::Tensor& increment, const FlowGeometry& geometry,
        const BatchShare& share, at::Generator& generator, const std::function<torch::Tensor(const torch::Tensor&)>& f);

private:

    double weight_, probe_;
    torch::Tensor mean_, stddev_;
    Convolution first_{nullptr}, second_{nullptr};
};

} // namespace surrogate
