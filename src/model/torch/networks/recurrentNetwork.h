#pragma once

#include "model/torch/networks/latentIteration.h"
#include "model/torch/networks/latentStep.h"

namespace surrogate
{

//- Recurrent depth, RecurrSim (Majid, Sittoni and Tudisco 2026): c = encoder(x), z_0 ~ N(0, 1),
//      z_k = processor(merge(c, z_(k-1))), k = 1..K,  output = decoder(z_K),
//  trained with K = 1 + Poisson(e^v), v ~ N(log iterations - spread^2/2, spread), one K a batch, and gradients through the last
//  `backpropagated` iterations alone, so that the memory of a training does not depend on K. In use any K gives an answer:
//  NetworkControls say when the iteration ends; z_0 is the same draw in every step, or where the last step's iteration ended.
//
//  options                   | meaning                                                    | default
//  ...                       | those of the network that it is built around               |
//  recurrence.iterations     | of a training in the mean (K = iterations + 1)             | 8
//  recurrence.spread         | of the logarithm of K                                      | 0.5
//  recurrence.backpropagated | iterations that gradients pass                             | 4
//  recurrence.merge          | see LatentMerge                                            | weights
class RecurrentNetwork : public Network
{
public:

    //- name: of the network in reports, such as RecurrFNO
    RecurrentNetwork(const std::string& name, const NetworkShape& shape, const Settings& settings, const LatentMaker& make);

    Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override;
    std::vector<torch::Tensor> levels(const torch::Tensor&, const std::vector<torch::Tensor>&) override { return {}; }

    std::vector<std::string> controls() const override;
    void setControls(const NetworkControls& controls) override;
    void begin(const Noise& noise, int first = 0) override;
    std::vector<Convergence> convergence() const override { return iteration_.convergence(); }

    torch::Tensor latent() const override { return latest_; }
    void setLatent(const torch::Tensor& latent) override { latest_ = latent; }

    void setPoints(const std::shared_ptr<const PointSet>& points) override { step_->network().setPoints(points); }

    Settings settings() const override;
    Tiling tiling() const override { return step_->network().tiling(); }
    void scaleOutput(double factor) override { step_->network().scaleOutput(factor); }

    //- Drawn by begin() in a training
    int trainingIterations() const { return trainingIterations_; }

private:

    //- The last iterations' state, with gradients through `backpropagated_` of them
    torch::Tensor train(const torch::Tensor& c);

    //- z_0 for each sample of c: in a training one of its own, else latest_ or, where there is none of c's size, initial_
    torch::Tensor initialState(const torch::Tensor& c);

    LatentStep step_{nullptr};
    std::string name_;
    int iterations_, backpropagated_;
    double spread_;
    LatentIteration iteration_;
    Noise noise_;
    int first_ = 0, trainingIterations_;
    bool warmStart_ = false;
    torch::Tensor latest_;    //!< of a warm start: where the last iteration ended
    torch::Tensor initial_;   //!< [1][..tokens..][channels]
};

} // namespace surrogate
