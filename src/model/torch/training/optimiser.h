#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

namespace surrogate
{

//- AdamW (Loshchilov and Hutter 2019, algorithm 2) with clipping of the gradient's norm and a moving average of the parameters.
//  Our own rather than the tensor library's, whose saved state differs between its releases and loses the memory order of the
//  moments, so that a resumed training would round differently.
class Optimiser
{
public:

    struct Options { double weightDecay = 1e-4, gradientClip = 1, ema = 0.999, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8; };

    Optimiser(std::vector<torch::Tensor> parameters, const Options& options);

    //- One update from the parameters' gradients, which are then cleared. Returns the gradient's norm before clipping.
    double step(double learningRate);

    //- Exchanges the parameters with their moving average; call it twice to come back
    void swapAverage();

    //- All that it keeps, the parameters included: what several processes must have in common. In a fixed order.
    std::vector<torch::Tensor> state() const;

    std::int64_t nSteps() const { return nSteps_; }
    void setSteps(std::int64_t nSteps) { nSteps_ = nSteps; }

    void save(torch::serialize::OutputArchive& archive) const;
    void load(torch::serialize::InputArchive& archive);

private:

    struct Parameter { torch::Tensor value, average, mean, square; };

    std::vector<Parameter> parameters_;
    Options options_;
    std::int64_t nSteps_ = 0;
};

} // namespace surrogate
