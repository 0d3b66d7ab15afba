#include "model/torch/emulator.h"

#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "model/torch/device.h"
#include "model/torch/diffusion/memberNoise.h"
#include "model/torch/networks/tiledNetwork.h"
#include "model/torch/perChannel.h"
#include "model/torch/tensorState.h"
#include "model/torch/weights.h"

#include <numeric>

namespace surrogate
{

using torch::Tensor;

IncrementModel::IncrementModel(const Manifest& manifest, const std::string& where)
:
    variables(makeVariables(manifest.variables, manifest.grid, manifest.fields))
{
    requireStatistics(manifest, *variables, where);
    const int nInputs = int(variables->names().size()), nPredicted = variables->nPredicted();
    shape.grid = manifest.grid;
    shape.inputs = nInputs + (manifest.geometry ? manifest.geometry->nChannels() : 0);
    shape.outputs = nPredicted;
    if (manifest.history > 1)
    {
        shape.frames = manifest.history;
        shape.variables = nInputs;
        shape.inputs += nInputs*(manifest.history - 1);
    }
    if (manifest.hierarchy && !manifest.hierarchy->pool.empty())
    {
        shape.pool = manifest.hierarchy->pool;
        shape.variables = nInputs;
        shape.inputs += nPredicted*int(shape.pool.size()) + 1;
        shape.outputs *= 1 + int(shape.pool.size());
    }
    network = makeNetwork(manifest.network, shape, manifest.networkSettings);
    mean = perChannel(manifest.mean, manifest.grid);
    stddev = perChannel(manifest.stddev, manifest.grid);
    incrementStddev = perChannel(manifest.incrementStddev, manifest.grid);
}

Tensor IncrementModel::normalisedIncrement(const Tensor& inputs, const FlowGeometry& geometry, torch::ScalarType precision) const
{
    const auto type = inputs.scalar_type();
    const auto ofFrames = [&](const Tensor& values)
    {
        std::vector<std::int64_t> times(std::size_t(values.dim()), 1);
        times[1] = shape.frames;
        return values.to(inputs.device(), type).repeat(times);
    };
    const Tensor normalised = geometry.masked((inputs - ofFrames(mean))/ofFrames(stddev));
    network->setPoints(geometry.points);
    return geometry.masked(network->forward(geometry.withChannels(normalised.to(precision))).to(type));
}

void IncrementModel::to(torch::Device device, torch::ScalarType precision)
{
    network->to(device, precision);
    mean = mean.to(device);
    stddev = stddev.to(device);
    incrementStddev = incrementStddev.to(device);
}

Emulator::Emulator(const Bundle& bundle, const std::string& where, const Runtime& runtime)
:
    manifest_(bundle.manifest), where_(where), runtime_(runtime), model_(bundle.manifest, where),
    geometries_(manifest_, model_.variables->pointwise(), where), history_(manifest_)
{
    manifest_.diffusion.requireOnly({"sigma"});
    sigma_ = manifest_.diffusion.get("sigma", 0.0);
    loadWeights(*model_.network, bundle, where);
    model_.network->eval();
    model_.to(torchDevice(runtime_), torchPrecision(runtime_));
    model_.network = tiled(manifest_.network, model_.shape, model_.network, runtime_.tiles, runtime_.team);
}

void Emulator::advance(std::vector<State>& members, const Noise& noise)
{
    const FloatingPointGuard guard;
    requireMembers(members, manifest_, where_);
    std::vector<State> next = members;
    std::vector<std::vector<State>> past = history_.before(members);

    translateErrors(where_, [&]
    {
        const torch::InferenceMode inference;
        model_.network->begin(noise);
        const Tensor fields = toDevice(toTensor(members), runtime_);
        const Tensor inputs = model_.variables->inputs(fields);
        std::vector<Tensor> frames;
        for (const auto& states : past) frames.push_back(model_.variables->inputs(toDevice(toTensor(states), runtime_)));
        frames.push_back(inputs);
        const FlowGeometry geometry = geometries_.of(members, inputs.device(), inputs.scalar_type());
        const Tensor change = model_.normalisedIncrement(IncrementModel::inputsOf(frames), geometry, torchPrecision(runtime_));
        const Tensor increment = model_.incrementStddev*change;
        Tensor predicted = inputs.narrow(1, 0, model_.variables->nPredicted()) + increment;
        if (sigma_ > 0)
        {
            std::vector<std::size_t> all(members.size());
            std::iota(all.begin(), all.end(), 0);
            predicted = predicted
                + sigma_*model_.stddev.narrow(1, 0, predicted.size(1))*MemberNoise(noise, all, geometry.mask).draw(predicted);
        }
        fromTensor(toHost(model_.variables->fields(predicted, fields), runtime_), next);
    });

    for (State& state : next)
    {
        state.time += manifest_.timeStep;
        state.requireFinite("output of the model " + where_);
    }
    history_.keep(std::move(past), std::move(members));
    members = std::move(next);
}

} // namespace surrogate
