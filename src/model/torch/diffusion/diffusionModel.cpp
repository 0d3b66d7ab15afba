#include "model/torch/diffusion/diffusionModel.h"

#include "core/error.h"
#include "model/torch/device.h"
#include "model/torch/weights.h"

#include <cstring>

namespace surrogate
{

namespace
{

const std::string prefix = "statistics.";

TensorData store(const torch::Tensor& tensor)
{
    const torch::Tensor values = tensor.to(torch::kCPU, torch::kDouble).contiguous();
    TensorData data{"F64", values.sizes().vec(), {}};
    data.bytes.resize(values.numel()*sizeof(double));
    std::memcpy(data.bytes.data(), values.data_ptr(), data.bytes.size());
    return data;
}

torch::Tensor load(const std::map<std::string, TensorData>& arrays, const std::string& name, const std::string& where)
{
    const auto found = arrays.find(prefix + name);
    if (found == arrays.end() || found->second.type != "F64")
    {
        throw Error({"The statistics of a model are not complete", where, prefix + name + " in float64", "none", {}});
    }
    torch::Tensor tensor = torch::empty(found->second.shape, torch::kDouble);
    std::memcpy(tensor.data_ptr(), found->second.bytes.data(), found->second.bytes.size());
    return tensor;
}

//- The arrays whose names begin with the prefix are taken out of `bundle`
std::optional<ModelStatistics> takeStatistics(Bundle& bundle, const std::string& where)
{
    std::map<std::string, TensorData> arrays;
    for (auto entry = bundle.tensors.begin(); entry != bundle.tensors.end();)
    {
        if (entry->first.rfind(prefix, 0) != 0) { ++entry; continue; }
        arrays.insert(*entry);
        entry = bundle.tensors.erase(entry);
    }
    if (arrays.empty()) return {};

    const torch::Tensor lambda = load(arrays, "lambda", where);
    ModelStatistics statistics
    {
        {lambda.data_ptr<double>(), lambda.data_ptr<double>() + lambda.numel()},
        load(arrays, "l", where), load(arrays, "s", where), load(arrays, "b", where)
    };
    statistics.check();
    return statistics;
}

} // namespace

DiffusionModel::DiffusionModel(const Bundle& bundle, const std::string& where, const Runtime& runtime)
:
    manifest(bundle.manifest), where(where), runtime(runtime), denoiser(bundle.manifest, where),
    geometries(manifest, denoiser.variables().pointwise(), where)
{
    Bundle rest = bundle;
    statistics = takeStatistics(rest, where);
    loadWeights(denoiser.network(), rest, where);
    denoiser.network().eval();
    denoiser.to(torchDevice(runtime), torchPrecision(runtime));
    denoiser.divide(runtime.tiles, runtime.team);
}

FlowGeometry DiffusionModel::geometryOf(const std::vector<State>& members)
{
    return geometries.of(members, torchDevice(runtime), torch::kFloat);
}

std::unique_ptr<Sampler> DiffusionModel::sampler(const SamplerOptions& options) const
{
    return makeSampler(options, denoiser.schedule(), statistics ? &*statistics : nullptr);
}

std::map<std::string, TensorData> storeStatistics(const ModelStatistics& statistics)
{
    return
    {
        {prefix + "lambda", store(torch::tensor(statistics.lambda, torch::kDouble))},
        {prefix + "l", store(statistics.l)},
        {prefix + "s", store(statistics.s)},
        {prefix + "b", store(statistics.b)}
    };
}

} // namespace surrogate
