#pragma once

#include "model/torch/diffusion/sampler.h"

#include <array>

namespace surrogate
{

//- All samplers here, written as what they have in common: from one evaluation of the network to the next,
//      prediction = fromState u + fromNoise eps(u)
//      u' = start x + sum_j weights[j] prediction_j + noise z + constant
//  u: the state that the network sees; x: the state at the start of the step (u itself but within a step of several stages);
//  prediction_j: the newest prediction is j = 0; z: standard normal. A sampler is where these numbers come from.
class LinearSampler : public Sampler
{
public:

    static constexpr std::size_t depth = 4;

    LinearSampler(const SamplerOptions& options, Schedule schedule) : options_(options), schedule_(std::move(schedule)) {}

    Result sample(torch::Tensor x, const std::vector<double>& from, double to, const NoiseEstimate& estimate,
        const NoiseSource& noise) const override;

    int evaluations(double from, double to) const override;

protected:

    //- The way of one member
    struct Track
    {
        std::vector<double> levels;   //!< those at which the network is asked, one an evaluation, then the end
        std::vector<int> stage;       //!< of each evaluation within its step
        std::vector<int> stages;      //!< of that step

        int evaluations() const { return static_cast<int>(stage.size()); }
    };

    struct Row
    {
        double fromState = 0;
        double fromNoise = 1;
        double start = 1;
        std::array<double, depth> weights{};
        double noise = 0;
        double constant = 0;
    };

    //- Each evaluation is a step
    virtual Track track(double from, double to) const;

    //- The channels that a state has to have; 1: any
    virtual std::int64_t channels() const { return 1; }

    //- The coefficients of evaluation `e`: one row for all channels, or one a channel
    virtual std::vector<Row> rows(const Track& track, int e) const = 0;

    //- Steps of several stages on the nodes: each takes as many evaluations, and levels, as it has stages. The number of stages
    //  is the order, but for the rest that the number of evaluations leaves and for the last step to the clean level, which has
    //  one.
    Track stagedTrack(double from, double to) const;

    //- The level of stage j of a step from s to t
    virtual double stageLevel(double s, double t, int j, int stages) const;

    const SamplerOptions& options() const { return options_; }
    const Schedule& schedule() const { return schedule_; }

    //- First order (DDIM, Song et al. 2021) from level s to t: u' = start x + weights[0] eps. At the clean level this is the
    //  estimated clean state.
    Row firstOrder(double s, double t) const;

private:

    struct Step;

    std::vector<Track> tracks(const torch::Tensor& x, const std::vector<double>& from, double to) const;
    Step step(const std::vector<Track>& tracks, const std::vector<double>& from, int e, int total) const;

    SamplerOptions options_;
    Schedule schedule_;
};

//- The families; see SamplerOptions
std::unique_ptr<Sampler> makeAncestral(const SamplerOptions& options, const Schedule& schedule);
std::unique_ptr<Sampler> makeDdim(const SamplerOptions& options, const Schedule& schedule);
std::unique_ptr<Sampler> makeDpmSolver(const SamplerOptions& options, const Schedule& schedule);
std::unique_ptr<Sampler> makeDeis(const SamplerOptions& options, const Schedule& schedule);
std::unique_ptr<Sampler> makeDpmSolverV3(const SamplerOptions& options, const Schedule& schedule, const ModelStatistics& s);

} // namespace surrogate
