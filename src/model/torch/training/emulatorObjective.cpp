#include "model/torch/training/emulatorObjective.h"

#include "model/torch/device.h"
#include "model/torch/training/validationMeasures.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Random numbers' streams of the pasts that are not known; 0 to 999 are the data's
constexpr std::uint32_t unknownStream = 2001, framesStream = 2002;

Manifest describe(const TrainingOptions& options, const Trajectories& data)
{
    Manifest manifest = describeData(options, data);
    manifest.history = options.history;
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

Tensor EmulatorObjective::step(const std::vector<Tensor>& frames) const
{
    const Tensor inputs = IncrementModel::inputsOf(frames);
    return frames.back().narrow(1, 0, model_.variables->nPredicted())
        + model_.incrementStddev.to(torch::kFloat)*model_.normalisedIncrement(inputs, geometry_, torchPrecision(runtime_));
}

Tensor EmulatorObjective::knownFrames(const Noise& noise, const BatchShare& share) const
{
    std::vector<std::int64_t> known;
    for (int i = share.first; i < share.first + share.count; ++i)
    {
        const bool unknown = options_.history > 1 && noise.uniform(unknownStream, std::uint64_t(i)) < options_.historyDropout;
        const auto some = 1 + noise.below(std::uint64_t(std::max(1, options_.history - 1)), framesStream, std::uint64_t(i));
        known.push_back(unknown ? std::int64_t(some) : options_.history);
    }
    return torch::tensor(known);
}

std::vector<Tensor> EmulatorObjective::framesOf(const Tensor& window, const Tensor& known) const
{
    std::vector<Tensor> frames;
    const std::int64_t all = options_.history, n = window.size(1);
    const Tensor samples = torch::arange(n).to(window.device());
    for (std::int64_t f = 0; f < all; ++f)
    {
        const Tensor source = (all - known).clamp_min(f).to(window.device());
        frames.push_back(model_.variables->inputs(all == 1 ? window[0] : window.index({source, samples})));
    }
    return frames;
}

Tensor EmulatorObjective::unrolledLoss(const Tensor& window, const Tensor& known, const BatchShare& share, at::Generator& generator)
{
    const int before = options_.history - 1, steps = int(window.size(0)) - 1 - before, nPredicted = model_.variables->nPredicted();
    const Tensor scale = model_.incrementStddev.to(torch::kFloat), stddev = model_.stddev.narrow(1, 0, nPredicted).to(torch::kFloat);
    const auto precision = torchPrecision(runtime_);

    std::vector<Tensor> frames = framesOf(window, known);
    Tensor fields = window[before], truth = frames.back().narrow(1, 0, nPredicted);
    Tensor sum, penalty;
    for (int step = 0; step < steps; ++step)
    {
        const Tensor next = model_.variables->inputs(window[before + step + 1]).narrow(1, 0, nPredicted);
        const Tensor now = frames.back().narrow(1, 0, nPredicted);
        const Tensor increment = model_.normalisedIncrement(IncrementModel::inputsOf(frames), geometry_, precision);
        const Tensor error = geometry_.mean((increment - (next - (options_.target == "state" ? now : truth))/scale).square());
        sum = sum.defined() ? sum + error : error;
        if (step == 0 && penalty_.active())
        {
            const auto ofPresent = [&](const Tensor& x)
            {
                std::vector<Tensor> others = frames;
                others.back() = x;
                return model_.normalisedIncrement(IncrementModel::inputsOf(others), geometry_, precision);
            };
            penalty = penalty_.loss(frames.back(), increment, geometry_, share, generator, ofPresent);
        }
        if (step + 1 == steps) break;

        Tensor predicted = now + scale*increment;
        if (options_.noise > 0)
        {
            predicted = predicted + options_.noise*stddev*geometry_.masked(share.normal(predicted, generator));
        }
        fields = model_.variables->fields(predicted, fields);
        frames.erase(frames.begin());
        frames.push_back(model_.variables->inputs(fields));
        truth = next;
    }
    return penalty.defined() ? sum/steps + penalty : sum/steps;
}

Tensor EmulatorObjective::loss(const Trajectories& data, int iteration, const BatchShare& share)
{
    const Noise noise(options_.seed, iteration);
    const int last = options_.history - 1 + options_.unrollAt(iteration);
    const Tensor window = toDevice(data.sample(share.count, upTo(last), noise, share.first), runtime_);
    at::Generator generator = at::detail::createCPUGenerator(noise.below(~0ull, 1, 0));
    model_.network->begin(noise, share.first);
    return unrolledLoss(window, knownFrames(noise, share), share, generator);
}

std::vector<std::string> EmulatorObjective::measures() const
{
    if (options_.history == 1) return {"vrmse", "correlation"};
    return {"vrmse", "vrmseOfStart", "correlation"};
}

std::vector<double> EmulatorObjective::validate(const Trajectories& data)
{
    const int nPredicted = model_.variables->nPredicted(), starts = 16, steps = options_.validationSteps, all = options_.history;
    model_.network->begin(Noise());

    const Tensor pairs = toDevice(data.spread(128, upTo(all)), runtime_);
    const Tensor truth = model_.variables->inputs(pairs[all]).narrow(1, 0, nPredicted);
    const auto vrmseWith = [&](int known)
    {
        return meanVrmse(step(framesOf(pairs, torch::full({pairs.size(1)}, known, torch::kLong))), truth, geometry_);
    };

    const Tensor window = toDevice(data.spread(starts, {0, steps}), runtime_);
    Tensor fields = window[0];
    std::vector<Tensor> frames(std::size_t(all), model_.variables->inputs(fields));
    for (int i = 0; i < steps; ++i)
    {
        fields = model_.variables->fields(step(frames), fields);
        frames.erase(frames.begin());
        frames.push_back(model_.variables->inputs(fields));
    }
    const double correlation = meanCorrelation(frames.back().narrow(1, 0, nPredicted),
        model_.variables->inputs(window[1]).narrow(1, 0, nPredicted), geometry_);

    if (all == 1) return {vrmseWith(1), correlation};
    return {vrmseWith(all), vrmseWith(1), correlation};
}

} // namespace surrogate
