#include "model/torch/diffusion/denoiser.h"

#include "core/error.h"
#include "model/torch/networks/tiledNetwork.h"
#include "model/torch/perChannel.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

const DenoisingMethod& methodOf(const Manifest& manifest, const std::string& where)
{
    if (const DenoisingMethod* method = DenoisingMethod::find(manifest.method)) return *method;
    throw Error({"Not a diffusion model", where + ", entry method", "one of the names below", manifest.method,
        DenoisingMethod::names()});
}

Schedule scheduleOf(const Manifest& manifest, const std::string& where)
{
    manifest.diffusion.requireOnly({"schedule", "levels", "minNoise", "maxLag"});
    const int levels = manifest.diffusion.get("levels", 0);
    if (levels < 2)
    {
        throw Error({"A diffusion model needs noise levels", where + ", entry diffusion.levels", "2 or more",
            std::to_string(levels), {}});
    }
    if (manifest.diffusion.get("maxLag", 1) < 1)
    {
        throw Error({"The longest lag is too short", where + ", entry diffusion.maxLag", "1 or more model steps",
            std::to_string(manifest.diffusion.get("maxLag", 1)), {}});
    }
    return Schedule::make(manifest.diffusion.get("schedule", "cosine"), levels, manifest.diffusion.get("minNoise", 4e-7));
}

//- Sets what the method asks of the network; what is set otherwise is refused
Settings networkSettings(const Manifest& manifest, const DenoisingMethod& method, int levels)
{
    Settings settings = manifest.networkSettings;
    const auto require = [&](const std::string& keyword, long value)
    {
        if (settings.found(keyword) && settings.get(keyword, 0) != value)
        {
            throw Error({"Network option does not fit the method " + manifest.method, settings.where() + ", entry " + keyword,
                std::to_string(value) + ", or no entry", std::to_string(settings.get(keyword, 0)), {}});
        }
        settings.set(keyword, value);
    };
    require("heads", method.heads);
    if (method.heads > 0) require("levels", levels);
    if (method.heads == 1 && !settings.found("headsCondition")) settings.set("headsCondition", false);   // as published

    const std::size_t numbers = method.told + method.lagged;
    const std::vector<long> sizes = settings.get("embeddings", std::vector<long>(numbers, 512));
    if (sizes.size() != numbers)
    {
        throw Error({"Network option does not fit the method " + manifest.method, settings.where() + ", entry embeddings",
            std::to_string(numbers) + " sizes", std::to_string(sizes.size()), {}});
    }
    settings.set("embeddings", sizes);
    return settings;
}

} // namespace

Denoiser::Denoiser(const Manifest& manifest, const std::string& where)
:
    method_(methodOf(manifest, where)),
    schedule_(scheduleOf(manifest, where)),
    variables_(makeVariables(manifest.variables, manifest.grid, manifest.fields)),
    maxLag_(manifest.diffusion.get("maxLag", 1))
{
    manifest.grid.requireLattice("A diffusion model", where);
    requireStatistics(manifest, *variables_, where);
    const int nPredicted = variables_->nPredicted();
    const auto predicted = [&](const std::vector<double>& values)
    {
        return perChannel({values.begin(), values.begin() + nPredicted}, manifest.grid);
    };
    mean_ = predicted(manifest.mean);
    stddev_ = predicted(manifest.stddev);
    incrementScale_ = (predicted(manifest.incrementStddev)/stddev_).to(torch::kFloat);
    networkName_ = manifest.network;
    networkShape_.grid = manifest.grid;
    networkShape_.inputs = method_.inputs()*nPredicted + (manifest.geometry ? manifest.geometry->nChannels() : 0);
    networkShape_.outputs = method_.outputs()*nPredicted;
    network_ = makeNetwork(networkName_, networkShape_, networkSettings(manifest, method_, schedule_.levels()));
}

void Denoiser::to(torch::Device device, torch::ScalarType precision)
{
    network_->to(device, precision);
    network_->precision = precision;
    mean_ = mean_.to(device);
    stddev_ = stddev_.to(device);
    incrementScale_ = incrementScale_.to(device);
}

void Denoiser::divide(const std::vector<long>& tiles, std::shared_ptr<Team> team)
{
    network_ = tiled(networkName_, networkShape_, network_, tiles, std::move(team));
}

Tensor Denoiser::encode(const Tensor& fields, const FlowGeometry& geometry) const
{
    const auto type = fields.scalar_type();
    const Tensor predicted = variables_->inputs(fields).narrow(1, 0, variables_->nPredicted());
    return geometry.masked(((predicted - mean_.to(type))/stddev_.to(type)).to(torch::kFloat));
}

Tensor Denoiser::decode(const Tensor& normalised, const Tensor& fields, const FlowGeometry& geometry) const
{
    const auto type = fields.scalar_type();
    return geometry.select(variables_->fields(normalised.to(type)*stddev_.to(type) + mean_.to(type), fields), fields);
}

Tensor Denoiser::target(const Tensor& state, const Tensor& condition) const
{
    return method_.increment ? (state - condition)/incrementScale_ : state;
}

Tensor Denoiser::state(const Tensor& target, const Tensor& condition) const
{
    return method_.increment ? condition + incrementScale_*target : target;
}

std::vector<double> Denoiser::relativeChange(const Frames& frames) const
{
    const Tensor change = method_.increment ? frames.state : (frames.state - frames.condition)/incrementScale_;
    const Tensor rms = torch::sqrt(frames.geometry.memberMean(change.square())).to(torch::kCPU, torch::kDouble).contiguous();
    return {rms.data_ptr<double>(), rms.data_ptr<double>() + rms.numel()};
}

double Denoiser::usualChange() const
{
    return std::sqrt(incrementScale_.square().mean().item<double>());
}

Tensor Denoiser::input(const Frames& frames) const
{
    std::vector<Tensor> parts;
    if (method_.past()) parts.push_back(frames.past);
    if (method_.conditioned()) parts.push_back(frames.condition);
    parts.push_back(frames.state);
    // some samplers leave numbers in cells without fluid
    const Tensor together = frames.geometry.masked(parts.size() == 1 ? parts[0] : torch::cat(parts, 1));
    return frames.geometry.withChannels(together);
}

std::vector<Tensor> Denoiser::numbers(const Frames& frames, const Tensor& levels) const
{
    std::vector<Tensor> numbers;
    if (method_.told) numbers.push_back(levels*(1000.0/schedule_.levels()));
    if (method_.lagged) numbers.push_back(frames.lag);
    return numbers;
}

Network::Output Denoiser::evaluate(const Frames& frames, const Tensor& levels)
{
    Network::Output output = network_->evaluate(input(frames), numbers(frames, levels));
    output.values = output.values.to(torch::kFloat);
    return output;
}

NoiseOfFrames Denoiser::noise(const Frames& frames, const std::vector<double>& levels)
{
    const Tensor atLevels = method_.told ? torch::tensor(levels, torch::kFloat).to(frames.state.device()) : Tensor();
    const Tensor values = frames.geometry.masked(evaluate(frames, atLevels).values);
    const int n = variables_->nPredicted();
    NoiseOfFrames noise;
    if (method_.conditionNoised()) noise.condition = values.narrow(1, 0, n);
    noise.state = values.narrow(1, values.size(1) - n, n);
    if (method_.velocity)
    {
        std::vector<double> alpha, sigma;
        for (double level : levels)
        {
            alpha.push_back(schedule_.alpha(level));
            sigma.push_back(schedule_.sigma(level));
        }
        noise.state = perMember(sigma, frames.state)*frames.state + perMember(alpha, frames.state)*noise.state;
    }
    return noise;
}

LevelsOfFrames Denoiser::levels(const Frames& frames)
{
    const std::vector<Tensor> logits = network_->levels(input(frames), numbers(frames, {}));
    LevelsOfFrames result;
    if (logits.size() == 2) result.condition = logits[0];
    if (!logits.empty()) result.state = logits.back();
    return result;
}

Tensor perMember(const std::vector<double>& numbers, const Tensor& like)
{
    std::vector<std::int64_t> sizes(like.dim(), 1);
    sizes[0] = std::int64_t(numbers.size());
    return torch::tensor(numbers, torch::kDouble).to(like.options()).reshape(sizes);
}

} // namespace surrogate
