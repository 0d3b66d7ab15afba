#include "model/torch/diffusion/diffusionStepper.h"

#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "model/torch/device.h"
#include "model/torch/diffusion/traversal.h"
#include "model/torch/tensorState.h"

#include <algorithm>
#include <numeric>

namespace surrogate
{

using torch::Tensor;

namespace
{

Settings withDefaultSampler(Settings settings, const DenoisingMethod& method)
{
    if (method.increment && !settings.found("sampler")) settings.set("sampler", "ddpm");   // each level once
    if (!method.increment && !settings.found("evaluations") && settings.get("sampler", "dpmSolverPP") != "ddpm")
    {
        settings.set("evaluations", 20L);
    }
    return settings;
}

} // namespace

DiffusionStepper::DiffusionStepper(const Bundle& bundle, const std::string& where, const Runtime& runtime,
    const CorrectorOptions& options)
:
    model_(bundle, where, runtime),
    options_(options),
    past_(model_.denoiser.method(), std::min(options.maxLag, model_.denoiser.maxLag()), model_.manifest.grid)
{
    if (!model_.denoiser.method().conditioned())
    {
        throw Error({"A model of this method corrects states and takes no time steps: name it as a corrector", where
            + ", entry method", "a method that predicts the next state", model_.manifest.method, {}});
    }
    sampler_ = model_.sampler(SamplerOptions::read(withDefaultSampler(options.sampler, model_.denoiser.method())));
}

void DiffusionStepper::generate(Frames& frames, const Noise& noise)
{
    Denoiser& denoiser = model_.denoiser;
    const std::size_t n = refinements_.size();
    const double top = denoiser.schedule().levels() - 1;
    const std::vector<double> fromNoise(n, top);
    std::vector<std::size_t> members(n);
    std::iota(members.begin(), members.end(), 0);

    MemberNoise draws(noise, members, frames.geometry.mask);
    Traversal traversal(denoiser, *sampler_, draws);
    // a schedule that leaves some signal at its top must find it there: the present state's, the next one being close to it
    frames.state = denoiser.method().increment ? draws.draw(frames.condition) : traversal.noised(frames.condition, fromNoise);
    if (denoiser.method().heads == 2)
    {
        const Tensor best = denoiser.levels(frames).condition.argmax(1).to(torch::kCPU).contiguous();
        std::vector<double> levels;
        for (std::size_t i = 0; i < n; ++i)
        {
            refinements_[i].conditionLevel = double(best.data_ptr<std::int64_t>()[i]);
            refinements_[i].evaluations = 1;
            levels.push_back(std::max(0.0, refinements_[i].conditionLevel));
        }
        const Tensor clean = frames.condition;
        frames.condition = traversal.noised(clean, levels);
        traversal.follow(options_.path == "B" || options_.path == "currentOnly" ? "A" : options_.path, frames, levels, fromNoise);
    }
    else traversal.lowerState(frames, fromNoise);
    for (std::size_t i = 0; i < n; ++i) refinements_[i].evaluations += traversal.evaluations(i);
}

void DiffusionStepper::advance(std::vector<State>& members, const Noise& noise)
{
    const FloatingPointGuard guard;
    requireMembers(members, model_.manifest, model_.where);
    std::vector<State> next = members;
    refinements_.assign(members.size(), {});

    translateErrors(model_.where, [&]
    {
        const torch::InferenceMode inference;
        Denoiser& denoiser = model_.denoiser;
        const Tensor fields = toDevice(toTensor(members), model_.runtime);
        Frames frames;
        frames.geometry = model_.geometryOf(members);
        frames.condition = denoiser.encode(fields, frames.geometry);
        if (denoiser.method().past())
        {
            frames.past = denoiser.encode(toDevice(toTensor(past_.at(members)), model_.runtime), frames.geometry);
        }
        if (denoiser.method().lagged)
        {
            frames.lag = torch::tensor(past_.lags(members, model_.manifest.timeStep), torch::kFloat).to(fields.device());
        }
        const Tensor present = frames.condition;
        generate(frames, noise);
        const Tensor state = denoiser.state(frames.state, present);
        fromTensor(toHost(denoiser.decode(state, fields, frames.geometry), model_.runtime), next);
    });

    for (std::size_t i = 0; i < next.size(); ++i)
    {
        next[i].time += model_.manifest.timeStep;
        next[i].requireFinite("output of the model " + model_.where);
        refinements_[i].active = true;
        past_.anchor(i, next[i], false, model_.manifest.timeStep);
    }
    members = std::move(next);
}

} // namespace surrogate
