#include "model/torch/training/emulatorObjective.h"

#include "model/torch/device.h"
#include "model/torch/training/validationMeasures.h"

namespace surrogate
{

using torch::Tensor;

namespace
{

Manifest describe(const TrainingOptions& options, const Trajectories& data)
{
    Manifest manifest = describeData(options, data);
    if (options.inferenceNoise) manifest.diffusion.set("sigma", options.noise);
    return manifest;
}

} // namespace

EmulatorObjective::EmulatorObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime)
:
    options_(options),
    runtime_(runtime),
    manifest_(describe(options, data)),
    model_(manifest_, options.model),
    penalty_(manifest_, options.jacobianWeight, options.jacobianProbe)
{
    manifest_.networkSettings = model_.network->settings();
    model_.to(torchDevice(runtime_), torch::kFloat);   // master weights; operations run in the runtime's precision
    penalty_.to(torchDevice(runtime_));
    geometry_ = geometryOf(manifest_, data, model_.variables->pointwise()).to(torchDevice(runtime_), torch::kFloat);
}

std::vector<Tensor> EmulatorObjective::parameters()
{
    std::vector<Tensor> all = model_.network->parameters();
    for (const Tensor& parameter : penalty_.parameters()) all.push_back(parameter);
    return all;
}

Tensor EmulatorObjective::step(const Tensor& inputs) const
{
    return inputs.narrow(1, 0, model_.variables->nPredicted())
        + model_.incrementStddev.to(torch::kFloat)*model_.normalisedIncrement(inputs, geometry_, torchPrecision(runtime_));
}

Tensor EmulatorObjective::unrolledLoss(const Tensor& window, const BatchShare& share, at::Generator& generator)
{
    const int steps = int(window.size(0)) - 1, nPredicted = model_.variables->nPredicted();
    const Tensor scale = model_.incrementStddev.to(torch::kFloat), stddev = model_.stddev.narrow(1, 0, nPredicted).to(torch::kFloat);
    const auto precision = torchPrecision(runtime_);

    Tensor fields = window[0], inputs = model_.variables->inputs(fields), truth = inputs.narrow(1, 0, nPredicted);
    Tensor sum, penalty;
    for (int step = 0; step < steps; ++step)
    {
        const Tensor next = model_.variables->inputs(window[step + 1]).narrow(1, 0, nPredicted);
        const Tensor now = inputs.narrow(1, 0, nPredicted);
        const Tensor increment = model_.normalisedIncrement(inputs, geometry_, precision);
        const Tensor error = geometry_.mean((increment - (next - (options_.target == "state" ? now : truth))/scale).square());
        sum = sum.defined() ? sum + error : error;
        if (step == 0 && penalty_.active())
        {
            penalty = penalty_.loss
            (
                inputs, increment, geometry_, share, generator,
                [&](const Tensor& x) { return model_.normalisedIncrement(x, geometry_, precision); }
            );
        }
        if (step + 1 == steps) break;

        Tensor predicted = now + scale*increment;
        if (options_.noise > 0)
        {
            predicted = predicted + options_.noise*stddev*geometry_.masked(share.normal(predicted, generator));
        }
        fields = model_.variables->fields(predicted, fields);
        inputs = model_.variables->inputs(fields);
        truth = next;
    }
    return penalty.defined() ? sum/steps + penalty : sum/steps;
}

Tensor EmulatorObjective::loss(const Trajectories& data, int iteration, const BatchShare& share)
{
    const Noise noise(options_.seed, iteration);
    const Tensor window = toDevice(data.sample(share.count, upTo(options_.unrollAt(iteration)), noise, share.first), runtime_);
    at::Generator generator = at::detail::createCPUGenerator(noise.below(~0ull, 1, 0));
    model_.network->begin(noise, share.first);
    return unrolledLoss(window, share, generator);
}

std::vector<double> EmulatorObjective::validate(const Trajectories& data)
{
    const int nPredicted = model_.variables->nPredicted(), starts = 16, steps = options_.validationSteps;
    model_.network->begin(Noise());

    const Tensor pairs = toDevice(data.spread(128, {0, 1}), runtime_);
    const Tensor truth = model_.variables->inputs(pairs[1]).narrow(1, 0, nPredicted);

    const Tensor window = toDevice(data.spread(starts, {0, steps}), runtime_);
    Tensor fields = window[0];
    for (int i = 0; i < steps; ++i) fields = model_.variables->fields(step(model_.variables->inputs(fields)), fields);

    return
    {
        meanVrmse(step(model_.variables->inputs(pairs[0])), truth, geometry_),
        meanCorrelation(model_.variables->inputs(fields).narrow(1, 0, nPredicted),
            model_.variables->inputs(window[1]).narrow(1, 0, nPredicted), geometry_)
    };
}

} // namespace surrogate
