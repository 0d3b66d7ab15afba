#include "model/torch/training/optimiser.h"

#include <algorithm>

namespace surrogate
{

Optimiser::Optimiser(std::vector<torch::Tensor> parameters, const Options& options)
:
    parameters_(std::move(parameters)),
    options_(options),
    adamW_(parameters_, torch::optim::AdamWOptions(1e-3).weight_decay(options.weightDecay))
{
    for (const auto& parameter : parameters_) average_.push_back(parameter.detach().clone());
}

double Optimiser::step(double learningRate)
{
    const double limit = options_.gradientClip > 0 ? options_.gradientClip : std::numeric_limits<double>::infinity();
    const double norm = torch::nn::utils::clip_grad_norm_(parameters_, limit);
    for (auto& group : adamW_.param_groups()) static_cast<torch::optim::AdamWOptions&>(group.options()).lr(learningRate);
    adamW_.step();
    adamW_.zero_grad();

    // shorter memory at first, so that the average forgets the start
    ++nSteps_;
    const double decay = std::min(options_.ema, double(1 + nSteps_)/double(10 + nSteps_));
    torch::NoGradGuard noGradient;
    for (std::size_t i = 0; i < parameters_.size(); ++i) average_[i].lerp_(parameters_[i], 1 - decay);
    return norm;
}

void Optimiser::swapAverage()
{
    for (std::size_t i = 0; i < parameters_.size(); ++i)
    {
        const torch::Tensor current = parameters_[i].detach();
        parameters_[i].set_data(average_[i]);
        average_[i] = current;
    }
}

void Optimiser::save(torch::serialize::OutputArchive& archive) const
{
    for (std::size_t i = 0; i < parameters_.size(); ++i)
    {
        archive.write("parameter" + std::to_string(i), parameters_[i].detach());
        archive.write("average" + std::to_string(i), average_[i]);
    }
    archive.write("nSteps", torch::tensor(nSteps_));
    torch::serialize::OutputArchive adam;
    adamW_.save(adam);
    archive.write("adamW", adam);
}

void Optimiser::load(torch::serialize::InputArchive& archive)
{
    torch::NoGradGuard noGradient;
    torch::Tensor value;
    for (std::size_t i = 0; i < parameters_.size(); ++i)
    {
        archive.read("parameter" + std::to_string(i), value);
        parameters_[i].copy_(value);
        archive.read("average" + std::to_string(i), value);
        average_[i].copy_(value);
    }
    archive.read("nSteps", value);
    nSteps_ = value.item<std::int64_t>();
    torch::serialize::InputArchive adam;
    archive.read("adamW", adam);
    adamW_.load(adam);
}

} // namespace surrogate
