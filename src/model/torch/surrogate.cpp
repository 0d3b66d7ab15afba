#include "model/surrogate.h"

#include "core/bundle.h"
#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "model/torch/device.h"
#include "model/torch/emulator.h"
#include "model/torch/weights.h"

#include <functional>
#include <map>

namespace surrogate
{

namespace
{

using Maker = std::function<std::unique_ptr<Stepper>(const Bundle&, const std::string&, const Runtime&)>;

//- The methods that a model file may name. To add one: its own file, and a line here.
const std::map<std::string, Maker>& methods()
{
    static const std::map<std::string, Maker> makers
    {
        {"emulator", [](const Bundle& b, const std::string& w, const Runtime& r) { return std::make_unique<Emulator>(b, w, r); }},
    };
    return makers;
}

} // namespace

std::unique_ptr<Stepper> loadSurrogate(const std::string& path, const RuntimeOptions& options)
{
    const FloatingPointGuard guard;
    const Bundle bundle = Bundle::read(path);
    const auto maker = methods().find(bundle.manifest.method);
    if (maker == methods().end())
    {
        std::vector<std::string> names;
        for (const auto& entry : methods()) names.push_back(entry.first);
        throw Error({"Unknown method", path + ", entry method", "one of the names below", bundle.manifest.method, names});
    }
    return translateErrors(path, [&] { return maker->second(bundle, path, Runtime::choose(options)); });
}

void writeUntrainedSurrogate(const std::string& path, const Manifest& manifest, std::uint64_t seed, double outputScale)
{
    const FloatingPointGuard guard;
    translateErrors(path, [&]
    {
        torch::manual_seed(seed);
        IncrementModel model(manifest, path);
        model.network->scaleOutput(outputScale);
        Bundle bundle{manifest, storeWeights(*model.network, "F32")};
        bundle.manifest.networkSettings = model.network->settings();
        bundle.manifest.variableNames = model.variables->names();
        bundle.write(path);
    });
}

} // namespace surrogate
