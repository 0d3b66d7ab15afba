#include "model/torch/training/objective.h"

#include "core/error.h"
#include "model/torch/diffusion/denoisingMethod.h"
#include "model/torch/training/denoisingObjective.h"
#include "model/torch/training/emulatorObjective.h"
#include "model/torch/variables/variables.h"

namespace surrogate
{

namespace
{

using torch::Tensor;

//- Largest number of snapshots from which means and standard deviations are taken
constexpr int statisticsSamples = 512;

//- Over all but the channel axis
Tensor channelMean(const Tensor& x) { return x.transpose(0, 1).flatten(1).mean(1); }

std::vector<double> toVector(const Tensor& x)
{
    const Tensor values = x.to(torch::kDouble).contiguous();
    return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

} // namespace

std::vector<std::string> objectiveNames()
{
    std::vector<std::string> names = DenoisingMethod::names();
    names.push_back("emulator");
    return names;
}

std::unique_ptr<Objective> makeObjective(const TrainingOptions& options, const Trajectories& data, const Runtime& runtime)
{
    if (options.objective == "emulator") return std::make_unique<EmulatorObjective>(options, data, runtime);
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

    const auto variables = makeVariables(manifest.variables, manifest.grid, manifest.fields);
    manifest.variableNames = variables->names();

    torch::NoGradGuard noGradient;
    const Tensor pairs = data.spread(statisticsSamples, {0, 1});
    const Tensor first = variables->inputs(pairs[0]), second = variables->inputs(pairs[1]);
    const Tensor mean = channelMean(first);
    const Tensor increment = (second - first).narrow(1, 0, variables->nPredicted());
    manifest.mean = toVector(mean);
    manifest.stddev = toVector(torch::sqrt(channelMean(first.square()) - mean.square()).clamp_min(1e-12));
    manifest.incrementStddev = toVector(torch::sqrt(channelMean(increment.square())).clamp_min(1e-12));
    return manifest;
}

} // namespace surrogate
