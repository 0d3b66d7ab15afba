#include "model/torch/diffusion/linearSampler.h"

#include <cmath>

namespace surrogate
{

namespace
{

//- Ho et al. 2020 on the levels that are stepped on. From s to t, with r = alphaBar_s/alphaBar_t and beta = 1 - r:
//      u' = (x - beta/sigma_s eps)/sqrt(r) + sqrt(beta sigma_t^2/sigma_s^2) z
//  whose last term is zero in the step to the clean level.
class Ancestral : public LinearSampler
{
public:

    using LinearSampler::LinearSampler;

protected:

    std::vector<Row> rows(const Track& track, int e) const override
    {
        const double s = track.levels[static_cast<std::size_t>(e)];
        const double t = track.levels[static_cast<std::size_t>(e) + 1];
        const double logRatio = schedule().logAlphaBar(s) - schedule().logAlphaBar(t);
        const double beta = -std::expm1(logRatio);
        Row row;
        row.start = std::exp(-0.5*logRatio);
        row.weights[0] = -row.start*beta/schedule().sigma(s);
        row.noise = std::sqrt(beta)*schedule().sigma(t)/schedule().sigma(s);
        return {row};
    }
};

class Ddim : public LinearSampler
{
public:

    using LinearSampler::LinearSampler;

protected:

    std::vector<Row> rows(const Track& track, int e) const override
    {
        return {firstOrder(track.levels[static_cast<std::size_t>(e)], track.levels[static_cast<std::size_t>(e) + 1])};
    }
};

} // namespace

std::unique_ptr<Sampler> makeAncestral(const SamplerOptions& options, const Schedule& schedule)
{
    return std::make_unique<Ancestral>(options, schedule);
}

std::unique_ptr<Sampler> makeDdim(const SamplerOptions& options, const Schedule& schedule)
{
    return std::make_unique<Ddim>(options, schedule);
}

} // namespace surrogate
