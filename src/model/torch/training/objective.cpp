#include "model/torch/training/objective.h"

#include "core/error.h"
#include "model/torch/diffusion/denoisingMethod.h"
#include "model/torch/perChannel.h"
#include "model/torch/training/denoisingObjective.h"
#include "model/torch/training/emulatorObjective.h"
#include "model/torch/training/hierarchicalObjective.h"
#include "model/torch/variables/variables.h"

#include <algorithm>

namespace surrogate
{

namespace
{

using torch::Tensor;

//- What the model needs to know of walls and bodies: what the options name, and all of it where cells hold no fluid
std::optional<GeometryChannels> geometryChannels(const TrainingOptions& options, const Trajectories& data)
{
    if (!options.geometry.empty() && !data.geometry())
    {
        throw Error({"The training data have no geometry of walls and bodies", "entry geometry",
            "data sets that fieldSnapshots recorded with their geometry", join(options.trainingData), {}});
    }
    const bool solid = data.geometry() && makeFlowGeometry(*data.geometry(), data.grid(), nullptr).mask.defined();
    if (options.geometry.empty() && !solid) return {};
    double spacing = data.grid().points ? data.geometry()->points->medianSize(data.grid()) : data.grid().spacing(0);
    for (int axis = 1; axis < data.grid().dimensions && !data.grid().points; ++axis)
    {
        spacing = std::min(spacing, data.grid().spacing(axis));
    }
    return GeometryChannels{options.geometry, options.distanceCells*spacing};
}

} // namespace

std::vector<std::string> objectiveNames()
{
    std::vector<std::string> names = DenoisingMethod::names();
    names.insert(names.end(), {"emulator", "hierarchicalEmulator"});
    return names;
}

std::unique_ptr<Objective> makeObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime)
{
    if (options.objective == "emulator") return std::make_unique<EmulatorObjective>(options, data, runtime);
    if (options.objective == "hierarchicalEmulator") return std::make_unique<HierarchicalObjective>(options, data, runtime);
    return std::make_unique<DenoisingObjective>(options, data, runtime);   // its Denoiser refuses an unknown name
}

Manifest describeData(const TrainingOptions& options, const Trajectories& data)
{
    Manifest manifest;
    manifest.method = options.objective;
    manifest.network = options.network;
    manifest.networkSettings = options.networkSettings;
    manifest.fields = data.fields();
    manifest.grid = data.grid();
    manifest.variables = options.variables;
    manifest.timeStep = data.timeStep();

    manifest.geometry = geometryChannels(options, data);

    const auto variables = makeVariables(manifest.variables, manifest.grid, manifest.fields);
    manifest.variableNames = variables->names();

    torch::NoGradGuard noGradient;
    const FlowGeometry geometry =
        geometryOf(manifest, data, variables->pointwise()).to(torch::kCPU, torch::kFloat);
    const Tensor pairs = data.spread(statisticsSamples, {0, 1});
    const Tensor first = variables->inputs(pairs[0]), second = variables->inputs(pairs[1]);
    const Tensor mean = geometry.channelMean(first);
    const Tensor increment = (second - first).narrow(1, 0, variables->nPredicted());
    manifest.mean = toVector(mean);
    manifest.stddev = toVector(torch::sqrt(geometry.channelMean(first.square()) - mean.square()).clamp_min(1e-12));
    manifest.incrementStddev = toVector(torch::sqrt(geometry.channelMean(increment.square())).clamp_min(1e-12));
    return manifest;
}

FlowGeometry geometryOf(const Manifest& manifest, const Trajectories& data, bool pointwise)
{
    if (!data.geometry()) return {};
    const FlowGeometry geometry =
        makeFlowGeometry(*data.geometry(), manifest.grid, manifest.geometry ? &*manifest.geometry : nullptr);
    requirePointwise(pointwise, geometry, "training data");
    return geometry;
}

} // namespace surrogate
