#pragma once

#include "model/torch/networks/andersonIteration.h"
#include "model/torch/networks/latentStep.h"

namespace surrogate
{

//- Deep equilibrium network (Bai, Kolter and Koltun 2019; FNO-DEQ: Marwah et al. 2023), the fixed-architecture baseline of recurrent
//  depth: c = encoder(x), z = processor(merge(c, z)) solved for z by Anderson's mixing, output = decoder(z). Its gradient is that of
//  the implicit function, y = J^T y + g solved in the same way, so that its memory does not depend on the iterations. Where the
//  processor is no contraction that sum has no bound, and trainings fail; then the gradient of a few damped iterations from the solution
//  on (phantom gradient, Geng et al. 2021) may take its place, which keeps the processor one.
//
//  options                 | meaning                                                      | default
//  ...                     | those of the network that it is built around                 |
//  equilibrium.tolerance   | of the relative residual, and of the gradient's              | 1e-3
//  equilibrium.maxIter     | iterations at most                                           | 24
//  equilibrium.depth       | states that are combined                                     | 5
//  equilibrium.phantom     | iterations of a phantom gradient; 0: the implicit one        | 0
//  equilibrium.damping     | of these, the part of each that is new                       | 0.5
//  equilibrium.merge       | see LatentMerge                                              | weights
class EquilibriumNetwork : public Network
{
public:

    //- name: of the network in reports, such as DeqFNO
    EquilibriumNetwork(const std::string& name, const NetworkShape& shape, const Settings& settings, const LatentMaker& make);

    Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override;
    std::vector<torch::Tensor> levels(const torch::Tensor&, const std::vector<torch::Tensor>&) override { return {}; }

    std::vector<std::string> controls() const override;
    void setControls(const NetworkControls& controls) override;
    void begin(const Noise& noise, int first = 0) override { step_->network().begin(noise, first); }
    std::vector<Convergence> convergence() const override { return convergence_; }

    void setPoints(const std::shared_ptr<const PointSet>& points) override { step_->network().setPoints(points); }

    Settings settings() const override;
    Tiling tiling() const override { return step_->network().tiling(); }
    void scaleOutput(double factor) override { step_->network().scaleOutput(factor); }

private:

    //- z, whose gradient for z that of the implicit function follows
    torch::Tensor implicit(const torch::Tensor& c, const torch::Tensor& solution);

    //- z, by damped iterations from there
    torch::Tensor phantom(const torch::Tensor& c, const torch::Tensor& solution);

    LatentStep step_{nullptr};
    std::string name_;
    AndersonIteration::Options trained_, used_;
    int phantom_ = 0;
    double damping_ = 0.5;
    std::vector<Convergence> convergence_;
};

} // namespace surrogate
