#include "model/torch/weights.h"

#include "core/error.h"

#include <cstring>
#include <sstream>

namespace surrogate
{

namespace
{

template<class List>
std::string shapeText(const List& shape)
{
    std::ostringstream text;
    text << "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text << (i ? ", " : "") << shape[i];
    text << "]";
    return text.str();
}

torch::ScalarType scalarType(const std::string& type, const std::string& where)
{
    if (type == "F32") return torch::kFloat;
    if (type == "BF16") return torch::kBFloat16;
    if (type == "F64") return torch::kDouble;
    throw Error({"An array of the model file has a type that weights cannot have", where, "F32, BF16 or F64", type, {}});
}

} // namespace

void loadWeights(Network& network, const Bundle& bundle, const std::string& where)
{
    torch::NoGradGuard noGradient;
    const auto parameters = network.named_parameters();
    for (const auto& item : bundle.tensors)
    {
        if (!parameters.contains(item.first))
        {
            throw Error({"The model file has an array that its network does not have", where + ", array " + item.first,
                std::to_string(parameters.size()) + " arrays", std::to_string(bundle.tensors.size()) + " arrays", {}});
        }
    }
    for (const auto& item : parameters)
    {
        const std::string place = where + ", array " + item.key();
        const std::vector<std::int64_t> shape = item.value().sizes().vec();
        const auto found = bundle.tensors.find(item.key());
        if (found == bundle.tensors.end())
        {
            throw Error({"The model file lacks an array of its network", place, "shape " + shapeText(shape), "nothing", {}});
        }
        const TensorData& data = found->second;
        if (data.shape != shape)
        {
            throw Error({"An array of the model file has the wrong shape", place, shapeText(shape), shapeText(data.shape), {}});
        }
        const torch::Tensor values =
            torch::from_blob(const_cast<std::uint8_t*>(data.bytes.data()), shape, scalarType(data.type, place));
        if (!torch::isfinite(values.to(torch::kFloat)).all().item<bool>())
        {
            throw Error({"An array of the model file is not finite", place, "finite numbers", "NaN or infinity", {}});
        }
        item.value().copy_(values);
    }
}

std::map<std::string, TensorData> storeWeights(const Network& network, const std::string& type)
{
    std::map<std::string, TensorData> tensors;
    for (const auto& item : network.named_parameters())
    {
        const torch::Tensor values =
            item.value().detach().to(torch::kCPU, scalarType(type, "entry storage")).contiguous(at::MemoryFormat::Contiguous);
        TensorData data{type, values.sizes().vec(), {}};
        data.bytes.resize(values.numel()*values.element_size());
        std::memcpy(data.bytes.data(), values.data_ptr(), data.bytes.size());
        tensors.emplace(item.key(), std::move(data));
    }
    return tensors;
}

} // namespace surrogate
