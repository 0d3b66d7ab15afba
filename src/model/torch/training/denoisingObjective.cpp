#include "model/torch/training/denoisingObjective.h"

#include "model/torch/device.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

Manifest describe(const TrainingOptions& options, const Trajectories& data)
{
    Manifest manifest = describeData(options, data);
    manifest.diffusion = options.diffusionSettings;
    return manifest;
}

//- Random numbers' streams of a batch; 0 and those from 2 on are the data's
constexpr std::uint32_t levelStream = 1000;

} // namespace

DenoisingObjective::DenoisingObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime)
:
    options_(options),
    runtime_(runtime),
    manifest_(describe(options, data)),
    denoiser_(manifest_, options.model)
{
    manifest_.networkSettings = denoiser_.network().settings();
    manifest_.diffusion.set("schedule", denoiser_.schedule().name());
    denoiser_.to(torchDevice(runtime_), torch::kFloat);   // master weights; operations run in the runtime's precision
    denoiser_.network().precision = torchPrecision(runtime_);
    geometry_ = geometryOf(manifest_, data, denoiser_.variables().pointwise()).to(torchDevice(runtime_), torch::kFloat);
}

DenoisingObjective::Batch DenoisingObjective::batch(const Trajectories& data, const BatchShare& share,
    const Noise& noise, bool spread) const
{
    const DenoisingMethod& method = denoiser_.method();
    const int count = share.count;
    const int lag = method.lagged ? 1 + int(noise.below(denoiser_.maxLag(), levelStream + 1, 0)) : 0;
    const auto choose = [&](const std::vector<int>& offsets, const Noise& from)
    {
        return toDevice(spread ? data.spread(count, offsets) : data.sample(count, offsets, from, share.first), runtime_);
    };

    const auto encode = [&](const Tensor& fields) { return denoiser_.encode(fields, geometry_); };
    Batch batch{{}, noise, share};
    batch.clean.geometry = geometry_;
    const Tensor window = choose(method.lagged ? std::vector<int>{0, lag - 1, lag} : std::vector<int>{0, 1}, noise);
    batch.clean.condition = encode(window[-2]);
    batch.clean.state = encode(window[-1]);
    if (method.lagged)
    {
        batch.clean.past = encode(window[0]);
        batch.clean.lag = torch::full({count}, double(lag), torch::kFloat).to(torchDevice(runtime_));
    }
    if (method.invariant)
    {
        // snapshots of other times: with another member's numbers, or each the neighbour of another sample
        const Tensor others = choose({0}, noise.ofMember(1))[0];
        batch.clean.past = encode(spread ? others.roll(count/2, 0) : others);
    }
    return batch;
}

DenoisingObjective::Errors DenoisingObjective::errors(const Batch& batch)
{
    const DenoisingMethod& method = denoiser_.method();
    const Schedule& schedule = denoiser_.schedule();
    const Tensor& clean = batch.clean.state;
    const int count = int(clean.size(0));
    at::Generator generator = at::detail::createCPUGenerator(batch.noise.below(~0ull, 1, 0));
    const auto draw = [&] { return geometry_.masked(batch.share.normal(clean, generator)); };

    // levels: of the state, and of the condition where it has its own
    std::vector<double> levels[2], alpha[2], sigma[2];
    for (int frame = 0; frame < 2; ++frame)
    {
        const bool alike = frame == 1 && method.condition == DenoisingMethod::Condition::noisedAlike;
        for (int i = 0; i < count; ++i)
        {
            const double u = std::pow(batch.noise.uniform(levelStream + 2 + frame, batch.share.first + i), options_.levelBias);
            const int level = alike ? int(levels[0][i]) : std::min(int(u*schedule.levels()), schedule.levels() - 1);
            levels[frame].push_back(level);
            alpha[frame].push_back(schedule.alpha(level));
            sigma[frame].push_back(schedule.sigma(level));
        }
    }
    const auto noised = [&](const Tensor& x, const Tensor& z, int frame)
    {
        return perMember(alpha[frame], x)*x + perMember(sigma[frame], x)*z;
    };

    Frames frames = batch.clean;
    std::vector<Tensor> targets;
    if (method.conditionNoised())
    {
        targets.push_back(draw());
        frames.condition = noised(batch.clean.condition, targets[0], 1);
    }
    const Tensor z = draw(), x = denoiser_.target(clean, batch.clean.condition);
    frames.state = noised(x, z, 0);
    targets.push_back(method.velocity ? perMember(alpha[0], x)*z - perMember(sigma[0], x)*x : z);

    const auto levelsOf = [&](int frame) { return torch::tensor(levels[frame], torch::kFloat).to(clean.device()); };
    const Network::Output output = denoiser_.evaluate(frames, levelsOf(0));
    Errors errors;
    errors.noise = geometry_.mean((output.values - torch::cat(targets, 1)).square());
    errors.entropy = torch::zeros({}, clean.options());
    errors.level = errors.entropy;
    for (std::size_t head = 0; head < output.levels.size(); ++head)
    {
        const Tensor truth = levelsOf(head + 1 == output.levels.size() ? 0 : 1).to(torch::kLong);
        errors.entropy = errors.entropy + torch::nn::functional::cross_entropy(output.levels[head], truth);
        errors.level = errors.level + (output.levels[head].argmax(1) - truth).abs().to(torch::kFloat).mean();
    }
    return errors;
}

Tensor DenoisingObjective::loss(const Trajectories& data, int iteration, const BatchShare& share)
{
    const Errors errors = this->errors(batch(data, share, Noise(options_.seed, iteration), false));
    return errors.noise + options_.levelWeight*errors.entropy;
}

std::vector<double> DenoisingObjective::validate(const Trajectories& data)
{
    // one batch at a time, with the same numbers at each validation
    double noise = 0, entropy = 0, level = 0;
    const int batches = 8, count = 32, heads = std::max(1, denoiser_.method().heads);
    for (int i = 0; i < batches; ++i)
    {
        const Errors e = errors(batch(data, BatchShare(count), Noise(options_.seed + 1, i), true));
        noise += e.noise.item<double>()/batches;
        entropy += e.entropy.item<double>()/(batches*heads);
        level += e.level.item<double>()/(batches*heads);
    }
    return {noise, entropy, level};
}

} // namespace surrogate
