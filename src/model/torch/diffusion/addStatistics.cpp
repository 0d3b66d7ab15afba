#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "model/surrogate.h"
#include "model/torch/device.h"
#include "model/torch/diffusion/diffusionModel.h"
#include "model/torch/diffusion/traversal.h"
#include "model/torch/training/trajectories.h"

#include <cmath>
#include <numeric>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Snapshots to a model step of the data
int strideOf(const std::vector<std::string>& files, const Manifest& manifest, const std::string& where)
{
    const Trajectories data(files, manifest.fields.names(), 1);
    if (!data.grid().matches(manifest.grid))
    {
        throw Error({"The data set's grid is not the model's", where, manifest.grid.describe(), data.grid().describe(), {}});
    }
    const double stride = manifest.timeStep/data.timeStep();
    if (std::abs(stride - std::round(stride)) > 1e-3 || stride < 0.5)
    {
        throw Error({"The data set's interval does not fit the model", where, "a part of the model's time step, "
            + std::to_string(manifest.timeStep) + " s", std::to_string(data.timeStep()) + " s", {}});
    }
    return int(std::round(stride));
}

} // namespace

void addStatistics(const std::string& path, const std::vector<std::string>& files, int snapshots, int nodes,
    const RuntimeOptions& options)
{
    const FloatingPointGuard guard;
    Bundle bundle = Bundle::read(path);
    translateErrors(path, [&]
    {
        const torch::InferenceMode inference;
        DiffusionModel model(bundle, path, Runtime::choose(options));
        Denoiser& denoiser = model.denoiser;
        const Trajectories data(files, model.manifest.fields.names(), strideOf(files, model.manifest, path));

        const Tensor window = toDevice(data.spread(snapshots, {0, 1}), model.runtime);
        State first(data.grid(), data.fields());
        first.geometry = data.geometry();
        Frames frames;
        frames.geometry = model.geometryOf({first});
        frames.condition = denoiser.encode(window[0], frames.geometry);
        const Tensor states = denoiser.target(denoiser.encode(window[1], frames.geometry), frames.condition);
        if (denoiser.method().past()) frames.past = frames.condition;
        if (denoiser.method().lagged) frames.lag = torch::ones({snapshots}, frames.condition.options());

        std::vector<std::size_t> members(snapshots);
        std::iota(members.begin(), members.end(), 0);
        MemberNoise draws(Noise(1), members, frames.geometry.mask);
        const auto ddim = model.sampler(SamplerOptions());
        Traversal traversal(denoiser, *ddim, draws);
        const ModelStatistics statistics =
            estimateStatistics(traversal.noiseOfState(frames), denoiser.schedule(), states, Noise(2), nodes, frames.geometry);
        for (auto& [name, array] : storeStatistics(statistics)) bundle.tensors[name] = array;
    });
    bundle.write(path);
}

} // namespace surrogate
