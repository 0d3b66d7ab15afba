#include "model/torch/diffusion/diffusionCorrector.h"

#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "model/torch/device.h"
#include "model/torch/diffusion/traversal.h"
#include "model/torch/tensorState.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Levels as the paper has them, the most likely one of each member
void setLevels(std::vector<Refinement>& refinements, const Tensor& logits, double Refinement::*level)
{
    if (!logits.defined()) return;
    const Tensor best = logits.argmax(1).to(torch::kCPU).contiguous();
    for (std::size_t i = 0; i < refinements.size(); ++i) refinements[i].*level = double(best.data_ptr<std::int64_t>()[i]);
}

Settings withDefaultSampler(Settings settings)
{
    // measured: tutorials/longKolmogorov/README.md
    if (!settings.found("evaluations") && settings.get("sampler", "dpmSolverPP") != "ddpm") settings.set("evaluations", 1L);
    return settings;
}

} // namespace

DiffusionCorrector::DiffusionCorrector(const Bundle& bundle, const std::string& where, const Runtime& runtime,
    const CorrectorOptions& options)
:
    model_(bundle, where, runtime),
    past_(model_.denoiser.method(), model_.denoiser.maxLag(), model_.manifest.grid)
{
    setOptions(options);
}

double DiffusionCorrector::lag() const
{
    return model_.denoiser.method().conditioned() ? model_.manifest.timeStep : 0;
}

void DiffusionCorrector::setOptions(const CorrectorOptions& options)
{
    options.check(model_.where);
    const int levels = model_.denoiser.schedule().levels();
    for (const auto& [keyword, level] : {std::pair{"level", options.level}, std::pair{"minLevel", options.minLevel},
        std::pair{"stopLevel", options.stopLevel}})
    {
        if (level > levels - 1)
        {
            throw Error({"No such noise level in the model", model_.where + ", entry " + keyword, "at most "
                + std::to_string(levels - 1), std::to_string(level), {}});
        }
    }
    if (options.stopLevel >= 0 && model_.denoiser.method().conditioned())
    {
        throw Error({"Only a thermalizer can stop above the clean level", model_.where + ", entry stopLevel", "no such entry",
            "method " + model_.manifest.method, {}});
    }
    if (options.maxChange > 0 && (options.maxChange < 1 || !model_.denoiser.method().conditioned()))
    {
        throw Error({"The change over a step cannot be bounded", model_.where + ", entry maxChange",
            "1 or more, of a model that reads the state one step before", std::to_string(options.maxChange) + ", method "
            + model_.manifest.method, {}});
    }
    sampler_ = model_.sampler(SamplerOptions::read(withDefaultSampler(options.sampler)));
    past_.setMaxLag(std::min(options.maxLag, model_.denoiser.maxLag()));
    options_ = options;
}

void DiffusionCorrector::check(const std::vector<State>& members, const std::vector<State>& previous) const
{
    requireMembers(members, model_.manifest, model_.where);
    if (lag() == 0) return;
    requireMembers(previous, model_.manifest, model_.where + ", the states before");
    if (previous.size() != members.size())
    {
        throw Error({"Members and their states before differ in number", model_.where, std::to_string(members.size()),
            std::to_string(previous.size()), {}});
    }
}

Tensor DiffusionCorrector::fields(const std::vector<State>& members) const
{
    return toDevice(toTensor(members), model_.runtime);
}

Frames DiffusionCorrector::frames(const std::vector<State>& members, const std::vector<State>& previous, const Tensor& fields)
{
    Denoiser& denoiser = model_.denoiser;
    Frames frames;
    frames.geometry = model_.geometryOf(members);
    const auto encode = [&](const Tensor& x) { return denoiser.encode(x, frames.geometry); };
    if (denoiser.method().conditioned()) frames.condition = encode(this->fields(previous));
    frames.state = denoiser.target(encode(fields), frames.condition);
    if (denoiser.method().past()) frames.past = encode(this->fields(past_.at(previous)));
    if (denoiser.method().lagged)
    {
        frames.lag = torch::tensor(past_.lags(previous, model_.manifest.timeStep), torch::kFloat).to(fields.device());
    }
    return frames;
}

std::vector<Refinement> DiffusionCorrector::levels(const Frames& frames, std::size_t nMembers)
{
    std::vector<Refinement> refinements(nMembers);
    if (model_.denoiser.method().heads == 0)
    {
        // of a PDE-Refiner all but the first, which predicts from nothing
        const int nLevels = model_.denoiser.schedule().levels();
        const double preset = model_.denoiser.method().increment ? nLevels - 2 : nLevels/5;
        const double level = options_.level >= 0 ? options_.level : preset;
        for (Refinement& refinement : refinements) refinement.level = level;
        return refinements;
    }
    const LevelsOfFrames logits = model_.denoiser.levels(frames);
    setLevels(refinements, logits.condition, &Refinement::conditionLevel);
    setLevels(refinements, logits.state, &Refinement::level);
    for (Refinement& refinement : refinements) refinement.evaluations = 1;
    return refinements;
}

void DiffusionCorrector::addExcessiveChange(std::vector<Refinement>& refinements, const Frames& frames) const
{
    if (options_.maxChange <= 0) return;
    const Denoiser& denoiser = model_.denoiser;
    const std::vector<double> change = denoiser.relativeChange(frames);
    for (std::size_t i = 0; i < refinements.size(); ++i)
    {
        if (change[i] <= options_.maxChange) continue;
        // the excess as noise on a state of standard deviation 1: sigma/alpha
        const double ratio = std::sqrt(change[i]*change[i] - 1)*denoiser.usualChange();
        const double level = std::round(denoiser.schedule().levelAtLambda(-std::log(ratio)));
        refinements[i].level = std::max(refinements[i].level, level);
        refinements[i].conditionLevel = std::max(refinements[i].conditionLevel, level);
    }
}

bool DiffusionCorrector::isActive(const Refinement& refinement) const
{
    if (options_.safeguard >= 0 && refinement.level > options_.safeguard)
    {
        throw Error({"A state has drifted further than the corrector may bring it back", model_.where + ", entry safeguard",
            "a level of at most " + std::to_string(options_.safeguard), std::to_string(refinement.level), {}});
    }
    const double level = std::max({refinement.level, refinement.conditionLevel, options_.minLevel});
    return level > std::max(options_.activation, options_.stopLevel);
}

Tensor DiffusionCorrector::refine(Frames frames, const Tensor& fields, const std::vector<std::size_t>& chosen, const Noise& noise,
    std::vector<Refinement>& refinements)
{
    Denoiser& denoiser = model_.denoiser;
    std::vector<double> conditionLevels, levels;
    std::vector<std::int64_t> indices(chosen.begin(), chosen.end());
    for (std::size_t member : chosen)
    {
        conditionLevels.push_back(std::max(refinements[member].conditionLevel, options_.minLevel));
        levels.push_back(std::max(refinements[member].level, options_.minLevel));
    }
    frames = select(frames, torch::tensor(indices));
    const Tensor before = frames.condition;

    MemberNoise draws(noise, chosen, frames.geometry.mask);
    Traversal traversal(denoiser, *sampler_, draws);
    if (options_.renoise)
    {
        if (denoiser.method().condition == DenoisingMethod::Condition::noised)
        {
            frames.condition = traversal.noised(frames.condition, conditionLevels);
        }
        frames.state = traversal.noised(frames.state, levels);
    }
    if (options_.stopLevel >= 0)
    {
        traversal.lowerState(frames, levels, options_.stopLevel);
        // what is left at that level is taken for the state, to its own scale
        std::vector<double> scale;
        for (double level : levels) scale.push_back(level > options_.stopLevel ? denoiser.schedule().alpha(options_.stopLevel) : 1);
        frames.state = frames.state/perMember(scale, frames.state);
    }
    else traversal.follow(options_.path, frames, conditionLevels, levels);

    for (std::size_t i = 0; i < chosen.size(); ++i) refinements[chosen[i]].evaluations += traversal.evaluations(i);
    if ((options_.measureAfter && denoiser.method().heads > 0) || denoiser.method().lagged)
    {
        frames.condition = before;
        std::vector<Refinement> after(chosen.size());
        setLevels(after, denoiser.levels(frames).state, &Refinement::level);
        for (std::size_t i = 0; i < chosen.size(); ++i)
        {
            refinements[chosen[i]].levelAfter = after[i].level;
            ++refinements[chosen[i]].evaluations;
        }
    }
    return denoiser.decode(denoiser.state(frames.state, before),
        fields.index_select(0, torch::tensor(indices).to(fields.device())), frames.geometry);
}

std::vector<Refinement> DiffusionCorrector::estimate(const std::vector<State>& members, const std::vector<State>& previous)
{
    const FloatingPointGuard guard;
    check(members, previous);
    return translateErrors(model_.where, [&]
    {
        const torch::InferenceMode inference;
        return levels(frames(members, previous, fields(members)), members.size());
    });
}

std::vector<Refinement> DiffusionCorrector::correct(std::vector<State>& members, const std::vector<State>& previous,
    const Noise& noise)
{
    const FloatingPointGuard guard;
    check(members, previous);
    if (noise.timeIndex()%std::uint32_t(options_.every) != 0 && options_.maxChange <= 0)
    {
        return std::vector<Refinement>(members.size());
    }
    return translateErrors(model_.where, [&]
    {
        const torch::InferenceMode inference;
        const Tensor fields = this->fields(members);
        const Frames frames = this->frames(members, previous, fields);
        const bool resting = noise.timeIndex()%std::uint32_t(options_.every) != 0;
        std::vector<Refinement> refinements(members.size());
        if (!resting) refinements = levels(frames, members.size());
        addExcessiveChange(refinements, frames);

        std::vector<std::size_t> chosen;
        for (std::size_t i = 0; i < members.size(); ++i)
        {
            refinements[i].active = (!resting || refinements[i].level >= 0) && isActive(refinements[i]);
            if (refinements[i].active) chosen.push_back(i);
        }
        if (!chosen.empty())
        {
            std::vector<State> corrected;
            for (std::size_t member : chosen) corrected.push_back(members[member]);
            fromTensor(toHost(refine(frames, fields, chosen, noise, refinements), model_.runtime), corrected);
            for (const State& state : corrected) state.requireFinite("output of the corrector " + model_.where);
            for (std::size_t i = 0; i < chosen.size(); ++i) members[chosen[i]] = std::move(corrected[i]);
        }
        for (std::size_t i = 0; i < members.size(); ++i)
        {
            const Refinement& r = refinements[i];
            const bool good = !r.active || (r.levelAfter >= 0 && r.levelAfter <= options_.activation);
            if (good) past_.anchor(i, members[i], r.active, model_.manifest.timeStep);
        }
        return refinements;
    });
}

} // namespace surrogate
