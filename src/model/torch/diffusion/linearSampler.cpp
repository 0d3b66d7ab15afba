#include "model/torch/diffusion/linearSampler.h"
#include "core/error.h"
#include "model/torch/diffusion/nodes.h"
#include "model/torch/diffusion/sada.h"

#include <algorithm>
#include <deque>

namespace surrogate
{

using torch::Tensor;

//- One evaluation of all members
struct LinearSampler::Step
{
    static constexpr std::size_t numbers = 5 + depth;

    std::vector<double> levels;
    std::vector<bool> active;          //!< not waiting, and with somewhere to go
    std::vector<bool> ends;            //!< a step of its own
    std::vector<std::vector<Row>> rows;

    bool all(const std::vector<bool>& of) const { return std::find(of.begin(), of.end(), false) == of.end(); }

    //- One [member][channel or 1][1].. tensor a number; those that are zero everywhere are left undefined
    std::vector<Tensor> coefficients(const Tensor& x) const;
    Tensor mask(const std::vector<bool>& of, const Tensor& x) const;
};

namespace
{

std::vector<std::int64_t> broadcastShape(const Tensor& x, std::int64_t channels)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    shape[0] = x.size(0);
    if (shape.size() > 1) shape[1] = channels;
    return shape;
}

} // namespace

std::vector<Tensor> LinearSampler::Step::coefficients(const Tensor& x) const
{
    std::size_t channels = 1;
    for (const auto& r : rows) channels = std::max(channels, r.size());
    const std::size_t size = rows.size()*channels;
    std::vector<double> flat(numbers*size);
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        for (std::size_t c = 0; c < channels; ++c)
        {
            const Row& r = rows[i][rows[i].size() == 1 ? 0 : c];
            double* out = flat.data() + i*channels + c;
            const double fixed[] = {r.fromState, r.fromNoise, r.start, r.noise, r.constant};
            for (std::size_t k = 0; k < 5; ++k) out[k*size] = fixed[k];
            for (std::size_t k = 0; k < depth; ++k) out[(5 + k)*size] = r.weights[k];
        }
    }
    const auto n = static_cast<std::int64_t>(size);
    const Tensor packed = torch::from_blob(flat.data(), {static_cast<std::int64_t>(numbers), n}, torch::kFloat64)
        .to(x.device(), x.scalar_type(), false, true);
    std::vector<Tensor> result(numbers);
    for (std::size_t k = 0; k < numbers; ++k)
    {
        const auto begin = flat.begin() + static_cast<std::ptrdiff_t>(k*size);
        if (std::all_of(begin, begin + n, [](double v) { return v == 0; })) continue;
        result[k] = packed[static_cast<std::int64_t>(k)].view(broadcastShape(x, static_cast<std::int64_t>(channels)));
    }
    return result;
}

Tensor LinearSampler::Step::mask(const std::vector<bool>& of, const Tensor& x) const
{
    Tensor mask = torch::empty({static_cast<std::int64_t>(of.size())}, torch::kBool);
    for (std::size_t i = 0; i < of.size(); ++i) mask.data_ptr<bool>()[i] = of[i];
    return mask.to(x.device()).view(broadcastShape(x, 1));
}

Sampler::Result LinearSampler::sample(Tensor x, const std::vector<double>& from, double to, const NoiseEstimate& estimate,
    const NoiseSource& noise) const
{
    const torch::NoGradGuard noGradient;
    const std::vector<Track> ways = tracks(x, from, to);
    int total = 0;
    for (const Track& way : ways) total = std::max(total, way.evaluations());

    Sada sada(schedule_, options_.sada);
    std::deque<Tensor> predictions;
    Tensor start = x;
    for (int e = 0; e < total; ++e)
    {
        const Step now = step(ways, from, e, total);
        const Tensor eps = sada.estimate({x, now.levels, now.active, e == total - 1}, estimate);
        const std::vector<Tensor> c = now.coefficients(x);
        const auto plus = [](const Tensor& sum, const Tensor& factor, const Tensor& term)
        {
            return !factor.defined() ? sum : sum.defined() ? torch::addcmul(sum, factor, term) : factor*term;
        };

        predictions.push_front(plus(plus(Tensor(), c[0], x), c[1], eps));
        if (predictions.size() > depth) predictions.pop_back();

        Tensor next = plus(Tensor(), c[2], start);
        for (std::size_t j = 0; j < predictions.size(); ++j) next = plus(next, c[5 + j], predictions[j]);
        if (c[3].defined()) next = plus(next, c[3], noise(x, now.active));
        if (c[4].defined()) next = next + c[4];
        if (!now.all(now.active)) next = torch::where(now.mask(now.active, x), next, x);

        start = now.all(now.ends) ? next : torch::where(now.mask(now.ends, x), next, start);
        x = next;
    }
    std::vector<int> ofMembers = sada.ofMembers();
    ofMembers.resize(from.size());
    return {x, sada.evaluations(), std::move(ofMembers)};
}

int LinearSampler::evaluations(double from, double to) const
{
    return from > to ? track(from, to).evaluations() : 0;
}

LinearSampler::Track LinearSampler::track(double from, double to) const
{
    Track track;
    track.levels = levelNodes(schedule_, from, to, options_.evaluations, options_.spacing);
    track.stage.assign(track.levels.size() - 1, 0);
    track.stages.assign(track.levels.size() - 1, 1);
    return track;
}

LinearSampler::Track LinearSampler::stagedTrack(double from, double to) const
{
    const std::vector<double> nodes = levelNodes(schedule_, from, to, options_.evaluations, options_.spacing);
    const int all = static_cast<int>(nodes.size()) - 1;
    const int last = to <= -1 ? 1 : 0;

    Track track;
    for (int e = 0; e < all;)
    {
        const int stages = e == all - last ? 1 : std::min(options_.order, all - last - e);
        const double s = nodes[static_cast<std::size_t>(e)];
        const double t = nodes[static_cast<std::size_t>(e + stages)];
        for (int j = 0; j < stages; ++j)
        {
            track.levels.push_back(j == 0 ? s : stageLevel(s, t, j, stages));
            track.stage.push_back(j);
            track.stages.push_back(stages);
        }
        e += stages;
    }
    track.levels.push_back(to);
    return track;
}

double LinearSampler::stageLevel(double s, double t, int j, int stages) const
{
    const double share = static_cast<double>(j)/stages;
    return schedule_.levelAtLambda((1 - share)*schedule_.lambda(s) + share*schedule_.lambda(t));
}

LinearSampler::Row LinearSampler::firstOrder(double s, double t) const
{
    Row row;
    row.start = schedule_.alpha(t)/schedule_.alpha(s);
    row.weights[0] = schedule_.sigma(t) - schedule_.alpha(t)*schedule_.rho(s);
    return row;
}

std::vector<LinearSampler::Track> LinearSampler::tracks(const Tensor& x, const std::vector<double>& from, double to) const
{
    const double last = schedule_.levels() - 1;
    if (!(to >= -1 && to <= last))
    {
        throw Error({"End level out of range", "sampler " + options_.name, "-1 to " + std::to_string(schedule_.levels() - 1),
            std::to_string(to), {}});
    }
    if (channels() > 1 && (x.dim() < 2 || x.size(1) != channels()))
    {
        throw Error({"The network's statistics do not fit the state", "sampler " + options_.name,
            std::to_string(channels()) + " channels", std::to_string(x.dim() < 2 ? 0 : x.size(1)), {}});
    }
    if (x.dim() < 1 || static_cast<std::size_t>(x.size(0)) != from.size())
    {
        throw Error({"Start levels do not fit the state", "sampler " + options_.name, "one a member",
            std::to_string(from.size()) + " for a state of " + std::to_string(x.dim() < 1 ? 0 : x.size(0)) + " members", {}});
    }
    std::vector<Track> tracks;
    for (const double level : from)
    {
        if (!(level >= -1 && level <= last))
        {
            throw Error({"Start level out of range", "sampler " + options_.name,
                "-1 to " + std::to_string(schedule_.levels() - 1), std::to_string(level), {}});
        }
        tracks.push_back(level > to ? track(level, to) : Track());
    }
    return tracks;
}

LinearSampler::Step LinearSampler::step(const std::vector<Track>& tracks, const std::vector<double>& from, int e,
    int total) const
{
    Step step;
    for (std::size_t i = 0; i < tracks.size(); ++i)
    {
        const Track& track = tracks[i];
        const int own = e - (total - track.evaluations());
        const bool active = own >= 0;
        const auto at = static_cast<std::size_t>(std::max(own, 0));
        step.active.push_back(active);
        step.levels.push_back(active ? track.levels[at] : from[i]);
        step.ends.push_back(!active || track.stage[at] == track.stages[at] - 1);
        step.rows.push_back(active ? rows(track, own) : std::vector<Row>(1));
    }
    return step;
}

} // namespace surrogate
