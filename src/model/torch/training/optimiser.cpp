#include "model/torch/training/optimiser.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace surrogate
{

Optimiser::Optimiser(std::vector<torch::Tensor> parameters, const Options& options)
:
    options_(options)
{
    for (auto& p : parameters)
    {
        parameters_.push_back({p, p.detach().clone(), torch::zeros_like(p.detach()), torch::zeros_like(p.detach())});
    }
}

double Optimiser::step(double learningRate)
{
    std::vector<torch::Tensor> values;
    for (const auto& p : parameters_) values.push_back(p.value);
    const double limit = options_.gradientClip > 0 ? options_.gradientClip : std::numeric_limits<double>::infinity();
    const double norm = torch::nn::utils::clip_grad_norm_(values, limit);

    ++nSteps_;
    const double bias1 = 1 - std::pow(options_.beta1, double(nSteps_)), bias2 = 1 - std::pow(options_.beta2, double(nSteps_));
    // shorter memory at first, so that the average forgets the start
    const double decay = std::min(options_.ema, double(1 + nSteps_)/double(10 + nSteps_));

    torch::NoGradGuard noGradient;
    for (auto& p : parameters_)
    {
        torch::Tensor& gradient = p.value.mutable_grad();
        if (!gradient.defined()) continue;
        p.mean.lerp_(gradient, 1 - options_.beta1);
        p.square.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
        const torch::Tensor scale = p.square.sqrt().div_(std::sqrt(bias2)).add_(options_.epsilon);
        p.value.mul_(1 - learningRate*options_.weightDecay).addcdiv_(p.mean, scale, -learningRate/bias1);
        p.average.lerp_(p.value, 1 - decay);
        gradient = torch::Tensor();
    }
    return norm;
}

void Optimiser::swapAverage()
{
    for (auto& p : parameters_)
    {
        const torch::Tensor current = p.value.detach();
        p.value.set_data(p.average);
        p.average = current;
    }
}

std::vector<torch::Tensor> Optimiser::state() const
{
    std::vector<torch::Tensor> all;
    for (const auto& p : parameters_) all.insert(all.end(), {p.value.detach(), p.average, p.mean, p.square});
    return all;
}

void Optimiser::save(torch::serialize::OutputArchive& archive) const
{
    for (std::size_t i = 0; i < parameters_.size(); ++i)
    {
        const auto& p = parameters_[i];
        const std::string n = std::to_string(i);
        archive.write("value" + n, p.value.detach());
        archive.write("average" + n, p.average);
        archive.write("mean" + n, p.mean);
        archive.write("square" + n, p.square);
    }
    archive.write("nSteps", torch::tensor(nSteps_));
}

void Optimiser::load(torch::serialize::InputArchive& archive)
{
    torch::NoGradGuard noGradient;
    const auto read = [&](const std::string& name, torch::Tensor& into)
    {
        torch::Tensor value;
        archive.read(name, value);
        into.copy_(value);
    };
    for (std::size_t i = 0; i < parameters_.size(); ++i)
    {
        auto& p = parameters_[i];
        const std::string n = std::to_string(i);
        read("value" + n, p.value);
        read("average" + n, p.average);
        read("mean" + n, p.mean);
        read("square" + n, p.square);
    }
    torch::Tensor nSteps;
    archive.read("nSteps", nSteps);
    nSteps_ = nSteps.item<std::int64_t>();
}

} // namespace surrogate
