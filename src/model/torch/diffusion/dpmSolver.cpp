#include "model/torch/diffusion/linearSampler.h"
#include "model/torch/diffusion/quadrature.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

//- DPM-Solver and DPM-Solver++ (Lu et al. 2022, both) are one method on two predictions m: the noise eps, or the clean state
//  x0 = (x - sigma eps)/alpha. With h = lambda_t - lambda_s, the exact solution from s to t is, for a polynomial m,
//      noise: u' = (alpha_t/alpha_s) x - sigma_t int_0^h e^(h - w) m dw
//      clean: u' = (sigma_t/sigma_s) x + alpha_t int_0^h e^(w - h) m dw
class DpmSolver : public LinearSampler
{
public:

    DpmSolver(const SamplerOptions& options, const Schedule& schedule)
    :
        LinearSampler(options, schedule), clean_(options.name == "dpmSolverPP")
    {}

protected:

    //- The prediction at s, and the solution at t for m = 0
    Row bare(double s, double t, double predictedAt) const
    {
        Row row;
        row.start = clean_ ? schedule().sigma(t)/schedule().sigma(s) : schedule().alpha(t)/schedule().alpha(s);
        if (clean_)
        {
            row.fromState = 1/schedule().alpha(predictedAt);
            row.fromNoise = -schedule().rho(predictedAt);
        }
        return row;
    }

    //- The factor of m = 1: alpha_t (1 - e^-h) or -sigma_t (e^h - 1); both are finite where sigma_t = 0
    double weight(double s, double t) const
    {
        const Schedule& c = schedule();
        if (clean_) return t <= -1 ? 1 : -c.alpha(t)*std::expm1(c.lambda(s) - c.lambda(t));
        return firstOrder(s, t).weights[0];
    }

    //- The factor of m = w/h
    double slopeWeight(double s, double t) const
    {
        const double h = schedule().lambda(t) - schedule().lambda(s);
        return clean_ ? schedule().alpha(t)*(std::expm1(-h)/h + 1) : -schedule().sigma(t)*(std::expm1(h)/h - 1);
    }

    bool clean() const { return clean_; }

private:

    bool clean_;
};

//- One prediction a step, polynomials through the last ones. Order 2 has the slope's weight h/2 (1 - e^-h)/h in place of the
//  exact one, as DPM-Solver++(2M) has. Order 3 has the exact weights; the published code's weight of the second difference is
//  half of that, which leaves it at order 2.
class DpmMultistep : public DpmSolver
{
public:

    using DpmSolver::DpmSolver;

protected:

    std::vector<Row> rows(const Track& track, int e) const override
    {
        const double s = track.levels[static_cast<std::size_t>(e)];
        const double t = track.levels[static_cast<std::size_t>(e) + 1];
        const int order = t <= -1 ? 1 : std::min(options().order, e + 1);
        Row row = bare(s, t, s);
        row.weights[0] = weight(s, t);
        if (order == 2 && options().order == 2)
        {
            const double h = schedule().lambda(t) - schedule().lambda(s);
            const double before = schedule().lambda(s) - schedule().lambda(track.levels[static_cast<std::size_t>(e) - 1]);
            const double slope = 0.5*row.weights[0]*h/before;
            row.weights[0] += slope;
            row.weights[1] = -slope;
        }
        if (order > 1 && options().order == 3) exactWeights(track, e, order, row);
        return {row};
    }

private:

    void exactWeights(const Track& track, int e, int order, Row& row) const
    {
        const double lambda = schedule().lambda(track.levels[static_cast<std::size_t>(e) + 1]);
        std::vector<double> nodes;
        for (int j = 0; j < order; ++j) nodes.push_back(schedule().lambda(track.levels[static_cast<std::size_t>(e - j)]));
        const double t = track.levels[static_cast<std::size_t>(e) + 1];
        const double factor = clean() ? schedule().alpha(t) : -schedule().sigma(t);
        const double sign = clean() ? -1 : 1;
        for (std::size_t j = 0; j < nodes.size(); ++j)
        {
            row.weights[j] = factor*integrate(nodes[0], lambda,
                [&](double l) { return std::exp(sign*(lambda - l))*lagrange(nodes, j, l); });
        }
    }
};

//- Stages at equal parts of h: order 2 with one half, order 3 with 1/3 and 2/3
class DpmSinglestep : public DpmSolver
{
public:

    using DpmSolver::DpmSolver;

protected:

    Track track(double from, double to) const override { return stagedTrack(from, to); }

    std::vector<Row> rows(const Track& track, int e) const override
    {
        const auto at = static_cast<std::size_t>(e);
        const int stage = track.stage[at];
        const int stages = track.stages[at];
        const double s = track.levels[at - static_cast<std::size_t>(stage)];
        const double t = track.levels[at + 1];
        Row row = bare(s, t, track.levels[at]);
        const auto first = static_cast<std::size_t>(stage);
        row.weights[first] = weight(s, t);
        if (stage == 0) return {row};

        // The slope from the step's first prediction to the newest. Its weight in order 2 is that of m = 1, halved (so that the
        // difference, which is half of a step's, counts in full).
        const double share = static_cast<double>(stage)/stages;
        const double reach = stage == stages - 1 ? 1/share : (share + 1.0/stages)/share;
        const double slope = stages == 2 ? weight(s, t)*0.5*reach : slopeWeight(s, t)*reach;
        row.weights[0] += slope;
        row.weights[first] -= slope;
        return {row};
    }
};

} // namespace

std::unique_ptr<Sampler> makeDpmSolver(const SamplerOptions& options, const Schedule& schedule)
{
    const bool multistep = options.variant.empty() ? options.name == "dpmSolverPP" : options.variant == "multistep";
    if (multistep) return std::make_unique<DpmMultistep>(options, schedule);
    return std::make_unique<DpmSinglestep>(options, schedule);
}

} // namespace surrogate
