#include "model/torch/diffusion/traversal.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Level 0 and below as the clean level
std::vector<double> orClean(std::vector<double> levels)
{
    for (double& level : levels) if (level <= 0) level = -1;
    return levels;
}

} // namespace

Traversal::Traversal(Denoiser& denoiser, const Sampler& sampler, MemberNoise& noise)
:
    denoiser_(denoiser), sampler_(sampler), noise_(noise)
{}

Tensor Traversal::noised(const Tensor& x, const std::vector<double>& levels)
{
    std::vector<double> alpha, sigma;
    for (double level : orClean(levels))
    {
        alpha.push_back(denoiser_.schedule().alpha(level));
        sigma.push_back(denoiser_.schedule().sigma(level));
    }
    return perMember(alpha, x)*x + perMember(sigma, x)*noise_.draw(x);
}

Tensor Traversal::sample(const Tensor& x, const std::vector<double>& from, double to, const NoiseEstimate& estimate)
{
    const auto noise = [&](const Tensor& like, const std::vector<bool>& active) { return noise_.draw(like, active); };
    const auto result = sampler_.sample(x, orClean(from), to, estimate, noise);
    evaluations_.resize(result.ofMembers.size());
    for (std::size_t i = 0; i < result.ofMembers.size(); ++i) evaluations_[i] += result.ofMembers[i];
    return result.x;
}

NoiseEstimate Traversal::noiseOfState(const Frames& frames)
{
    const bool alike = denoiser_.method().condition == DenoisingMethod::Condition::noisedAlike;
    const Tensor clean = frames.condition;
    const Tensor z = alike ? noise_.draw(clean) : Tensor();
    return [this, frames, alike, clean, z](const Tensor& x, const std::vector<double>& levels)
    {
        Frames now = frames;
        now.state = x;
        if (alike)
        {
            std::vector<double> alpha, sigma;
            for (double level : levels)
            {
                alpha.push_back(denoiser_.schedule().alpha(level));
                sigma.push_back(denoiser_.schedule().sigma(level));
            }
            now.condition = perMember(alpha, clean)*clean + perMember(sigma, clean)*z;
        }
        return denoiser_.noise(now, levels).state;
    };
}

void Traversal::lowerState(Frames& frames, const std::vector<double>& levels, double stop)
{
    frames.state = sample(frames.state, levels, stop, noiseOfState(frames));
}

void Traversal::lowerCondition(Frames& frames, const std::vector<double>& levels, const std::vector<double>& stateLevels)
{
    frames.condition = sample(frames.condition, levels, -1, [&](const Tensor& x, const std::vector<double>&)
    {
        Frames now = frames;
        now.condition = x;
        return denoiser_.noise(now, stateLevels).condition;
    });
}

void Traversal::lowerBoth(Frames& frames, const std::vector<double>& conditionLevels, const std::vector<double>& stateLevels)
{
    // the noisier alone: members one by one, as each has its own end level
    const std::vector<double> c = orClean(conditionLevels), s = orClean(stateLevels);
    std::vector<double> common;
    for (std::size_t i = 0; i < s.size(); ++i) common.push_back(std::min(c[i], s[i]));

    const std::int64_t n = frames.state.size(1);
    const auto both = [&](const Tensor& x, const std::vector<double>& at)
    {
        Frames now = frames;
        now.condition = x.narrow(1, 0, n);
        now.state = x.narrow(1, n, n);
        const NoiseOfFrames noise = denoiser_.noise(now, at);
        return torch::cat({noise.condition, noise.state}, 1);
    };
    for (std::size_t i = 0; i < s.size(); ++i)
    {
        if (c[i] == s[i]) continue;
        const bool state = s[i] > c[i];
        // the whole batch goes through the sampler, in which all members but this one are at their end level already
        std::vector<double> from(s.size(), -1);
        from[i] = std::max(c[i], s[i]);
        Tensor& frame = state ? frames.state : frames.condition;
        frame = sample(frame, from, common[i], [&](const Tensor& x, const std::vector<double>& at)
        {
            Frames now = frames;
            (state ? now.state : now.condition) = x;
            const NoiseOfFrames noise = denoiser_.noise(now, at);
            return state ? noise.state : noise.condition;
        });
    }
    const Tensor x = sample(torch::cat({frames.condition, frames.state}, 1), common, -1, both);
    frames.condition = x.narrow(1, 0, n);
    frames.state = x.narrow(1, n, n);
}

void Traversal::follow(const std::string& path, Frames& frames, const std::vector<double>& conditionLevels,
    const std::vector<double>& stateLevels)
{
    if (denoiser_.method().condition != DenoisingMethod::Condition::noised) return lowerState(frames, stateLevels);
    if (path == "C") return lowerBoth(frames, conditionLevels, stateLevels);
    if (path == "A") lowerCondition(frames, conditionLevels, stateLevels);
    lowerState(frames, stateLevels);
    if (path == "B") lowerCondition(frames, conditionLevels, std::vector<double>(stateLevels.size(), -1));
}

Frames select(const Frames& frames, const Tensor& chosen)
{
    const auto pick = [&](const Tensor& x) { return x.defined() ? x.index_select(0, chosen.to(x.device())) : x; };
    return {pick(frames.past), pick(frames.condition), pick(frames.state), pick(frames.lag), frames.geometry.ofMembers(chosen)};
}

} // namespace surrogate
