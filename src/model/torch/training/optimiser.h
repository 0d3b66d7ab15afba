#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- AdamW (Loshchilov and Hutter 2019) with clipping of the gradient's norm and a moving average of the parameters
class Optimiser
{
public:

    struct Options { double weightDecay = 1e-4, gradientClip = 1, ema = 0.999; };

    Optimiser(std::vector<torch::Tensor> parameters, const Options& options);

    //- One update from the parameters' gradients, which are then cleared. Returns the gradient's norm before clipping.
    double step(double learningRate);

    //- Exchanges the parameters with their moving average; call it twice to come back
    void swapAverage();

    void save(torch::serialize::OutputArchive& archive) const;
    void load(torch::serialize::InputArchive& archive);

private:

    std::vector<torch::Tensor> parameters_, average_;
    Options options_;
    torch::optim::AdamW adamW_;
    std::int64_t nSteps_ = 0;
};

} // namespace surrogate
