#include "model/torch/training/hierarchicalObjective.h"

#include "model/torch/device.h"
#include "model/torch/perChannel.h"
#include "model/torch/training/validationMeasures.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- The least standard deviation of a hint's change, in that of the state. What nearly averages out in each block (vorticity over half
//  of a periodic box, say) would else be a scale in which the network's own errors in the state are large: the next step would see
//  hints unlike any of its training, and the run would blow up.
constexpr double leastOfState = 0.1;

//- Random numbers' stream of the cases; 0 to 999 are the data's
constexpr std::uint32_t caseStream = 2000;

//- Shape of one number a sample beside x
std::vector<std::int64_t> perMember(const Tensor& x)
{
    std::vector<std::int64_t> sizes(std::size_t(x.dim()), 1);
    sizes[0] = x.size(0);
    return sizes;
}

Manifest describe(const TrainingOptions& options, const Trajectories& data)
{
    Manifest manifest = describeData(options, data);
    manifest.hierarchy = Hierarchy{options.hierarchy.pool, {}};
    manifest.hierarchy->grids(manifest.grid, options.model + ", entry hierarchyCoeffs.pool");

    torch::NoGradGuard noGradient;
    const CoarseLevels levels(manifest);
    const auto variables = makeVariables(manifest.variables, manifest.grid, manifest.fields);
    const auto geometries = levels.geometries(geometryOf(manifest, data, variables->pointwise()).to(torch::kCPU, torch::kFloat));
    const Tensor pairs = data.spread(statisticsSamples, {0, 1});
    const Tensor increment = (variables->inputs(pairs[1]) - variables->inputs(pairs[0])).narrow(1, 0, variables->nPredicted());
    for (int level = 1; level <= levels.nHints(); ++level)
    {
        const Tensor square = levels.coarse(increment, 0, level, geometries).square();
        std::vector<double> stddev = toVector(torch::sqrt(geometries[std::size_t(level)].channelMean(square)));
        for (std::size_t i = 0; i < stddev.size(); ++i) stddev[i] = std::max(stddev[i], leastOfState*manifest.incrementStddev[i]);
        manifest.hierarchy->incrementStddev.push_back(stddev);
    }
    return manifest;
}

} // namespace

HierarchicalObjective::HierarchicalObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime)
:
    options_(options),
    runtime_(runtime),
    manifest_(describe(options, data)),
    model_(manifest_, options.model)
{
    manifest_.networkSettings = model_.model.network->settings();
    model_.to(torchDevice(runtime_), torch::kFloat);   // master weights; operations run in the runtime's precision
    geometries_ = model_.levels.geometries
    (
        geometryOf(manifest_, data, model_.model.variables->pointwise()).to(torchDevice(runtime_), torch::kFloat)
    );
}

Tensor HierarchicalObjective::predicted(const Tensor& fields) const
{
    return model_.model.variables->inputs(fields).narrow(1, 0, model_.model.variables->nPredicted());
}

std::vector<Tensor> HierarchicalObjective::hints(const Tensor& window) const
{
    std::vector<Tensor> hints;
    for (int level = 1; level <= model_.nHints(); ++level)
    {
        hints.push_back(model_.levels.coarse(predicted(window[level]), 0, level, geometries_));
    }
    return hints;
}

Tensor HierarchicalObjective::cases(const Noise& noise, const BatchShare& share) const
{
    const int nHints = model_.nHints();
    std::vector<float> known;
    for (int i = share.first; i < share.first + share.count; ++i)
    {
        const double u = noise.uniform(caseStream, std::uint64_t(i));
        known.push_back(u < nHints*options_.hierarchy.startUp ? std::floor(float(u/options_.hierarchy.startUp)) : float(nHints));
    }
    return toDevice(torch::tensor(known), runtime_);
}

Tensor HierarchicalObjective::distance(const HierarchicalModel::Prediction& prediction, const Tensor& window, const Tensor& time,
    const Tensor& known) const
{
    const int nHints = model_.nHints();
    const Tensor all = known == nHints, samples = torch::arange(time.size(0), time.options());
    Tensor sum = torch::zeros_like(known);
    for (int level = 0; level <= nHints; ++level)
    {
        const FlowGeometry& geometry = geometries_[std::size_t(level)];
        // one step later than what is known: of a hint that starts up, the time at which it is then known
        const Tensor frames = window.index({time + level + all.to(torch::kLong), samples});
        const Tensor truth = model_.levels.coarse(predicted(frames), 0, level, geometries_);
        const Tensor error = prediction.changes[std::size_t(level)] - model_.change(prediction, level, truth);
        Tensor distance = geometry.memberMean(error.square());
        if (options_.hierarchy.norm == "l1l2") distance = distance + geometry.memberMean(error.abs());
        const Tensor learnt = all.logical_or(known == level - 1).to(distance.scalar_type());
        sum = sum + (level == 0 ? 1 : options_.hierarchy.hintWeight)*learnt*distance;
    }
    return sum.mean();
}

Tensor HierarchicalObjective::loss(const Tensor& window, Tensor known, int evaluations) const
{
    const int nHints = model_.nHints();
    Tensor fields = window[0], time = torch::zeros({known.size(0)}, known.options().dtype(torch::kLong)), sum;
    std::vector<Tensor> own = hints(window);
    for (int evaluation = 0; evaluation < evaluations; ++evaluation)
    {
        const auto prediction = model_.predict(model_.model.variables->inputs(fields), own, known, geometries_,
            torchPrecision(runtime_));
        const Tensor error = distance(prediction, window, time, known);
        sum = sum.defined() ? sum + error : error;
        if (evaluation + 1 == evaluations) break;

        const Tensor all = known == nHints;
        for (int level = 1; level <= nHints; ++level)
        {
            Tensor& hint = own[std::size_t(level - 1)];
            const Tensor renewed = all.logical_or(known == level - 1);
            hint = torch::where(renewed.reshape(perMember(hint)), model_.predicted(prediction, level), hint);
        }
        const Tensor next = model_.model.variables->fields(model_.predicted(prediction, 0), fields);
        fields = torch::where(all.reshape(perMember(fields)), next, fields);
        time = time + all.to(torch::kLong);
        known = (known + 1).clamp_max(nHints);
    }
    return sum/evaluations;
}

Tensor HierarchicalObjective::loss(const Trajectories& data, int iteration, const BatchShare& share)
{
    const Noise noise(options_.seed, iteration);
    const int evaluations = options_.unrollAt(iteration);
    const Tensor window = toDevice(data.sample(share.count, upTo(model_.nHints() + evaluations), noise, share.first), runtime_);
    model_.model.network->begin(noise, share.first);
    return loss(window, cases(noise, share), evaluations);
}

std::vector<double> HierarchicalObjective::validate(const Trajectories& data)
{
    const Variables& variables = *model_.model.variables;
    const auto precision = torchPrecision(runtime_);
    const int starts = 16, steps = options_.validationSteps;
    model_.model.network->begin(Noise());
    const auto start = [&](const Tensor& inputs)
    {
        std::vector<Tensor> known = model_.noHints(inputs);
        model_.startUp(inputs, known, torch::ones({inputs.size(0)}, inputs.options().dtype(torch::kBool)), geometries_, precision);
        return known;
    };

    const Tensor frames = toDevice(data.spread(128, upTo(model_.nHints() + 1)), runtime_);
    const Tensor inputs = variables.inputs(frames[0]), truth = predicted(frames[1]);
    std::vector<Tensor> own = start(inputs), given = hints(frames);
    const double vrmse = meanVrmse(model_.advance(inputs, own, geometries_, precision), truth, geometries_[0]);
    const double ofHints = meanVrmse(model_.advance(inputs, given, geometries_, precision), truth, geometries_[0]);

    const Tensor window = toDevice(data.spread(starts, {0, steps}), runtime_);
    Tensor fields = window[0];
    own = start(variables.inputs(fields));
    for (int i = 0; i < steps; ++i)
    {
        fields = variables.fields(model_.advance(variables.inputs(fields), own, geometries_, precision), fields);
    }
    return {vrmse, ofHints, meanCorrelation(predicted(fields), predicted(window[1]), geometries_[0])};
}

} // namespace surrogate
