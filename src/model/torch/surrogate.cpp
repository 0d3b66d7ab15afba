#include "model/surrogate.h"

#include "core/bundle.h"
#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "model/torch/device.h"
#include "model/torch/diffusion/diffusionCorrector.h"
#include "model/torch/diffusion/diffusionStepper.h"
#include "model/torch/emulator.h"
#include "model/torch/hierarchicalEmulator.h"
#include "model/torch/weights.h"

namespace surrogate
{

namespace
{

[[noreturn]] void refuseMethod(const std::string& path, const std::string& found, bool emulators)
{
    std::vector<std::string> names = DenoisingMethod::names();
    if (emulators) names.insert(names.end(), {"emulator", "hierarchicalEmulator"});
    throw Error({emulators ? "Unknown method" : "The model is not a corrector", path + ", entry method", "one of the names below",
        found, names});
}

} // namespace

std::unique_ptr<Stepper> loadSurrogate(const std::string& path, const RuntimeOptions& options, const CorrectorOptions& sampling,
    std::shared_ptr<Team> team)
{
    const FloatingPointGuard guard;
    const Bundle bundle = Bundle::read(path);
    const std::string& method = bundle.manifest.method;
    const bool hierarchical = method == "hierarchicalEmulator";
    if (method != "emulator" && !hierarchical && !DenoisingMethod::find(method)) refuseMethod(path, method, true);
    return translateErrors(path, [&]() -> std::unique_ptr<Stepper>
    {
        const Runtime runtime = Runtime::choose(options, std::move(team));
        if (method == "emulator") return std::make_unique<Emulator>(bundle, path, runtime);
        if (hierarchical) return std::make_unique<HierarchicalEmulator>(bundle, path, runtime);
        return std::make_unique<DiffusionStepper>(bundle, path, runtime, sampling);
    });
}

std::unique_ptr<Corrector> loadCorrector(const std::string& path, const RuntimeOptions& runtime, const CorrectorOptions& options,
    std::shared_ptr<Team> team)
{
    const FloatingPointGuard guard;
    const Bundle bundle = Bundle::read(path);
    if (!DenoisingMethod::find(bundle.manifest.method)) refuseMethod(path, bundle.manifest.method, false);
    return translateErrors(path, [&]
    {
        return std::make_unique<DiffusionCorrector>(bundle, path, Runtime::choose(runtime, std::move(team)), options);
    });
}

void writeUntrainedSurrogate(const std::string& path, const Manifest& manifest, std::uint64_t seed, double outputScale)
{
    const FloatingPointGuard guard;
    translateErrors(path, [&]
    {
        torch::manual_seed(seed);
        Bundle bundle{manifest, {}};
        const auto store = [&](Network& network, const Variables& variables)
        {
            network.scaleOutput(outputScale);
            bundle.tensors = storeWeights(network, "F32");
            bundle.manifest.networkSettings = network.settings();
            bundle.manifest.variableNames = variables.names();
        };
        if (DenoisingMethod::find(manifest.method))
        {
            Denoiser denoiser(manifest, path);
            store(denoiser.network(), denoiser.variables());
        }
        else
        {
            IncrementModel model(manifest, path);
            store(*model.network, *model.variables);
        }
        bundle.write(path);
    });
}

} // namespace surrogate
