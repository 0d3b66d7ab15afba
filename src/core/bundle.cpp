#include "core/bundle.h"
#include "core/error.h"

namespace surrogate
{

std::size_t Bundle::nParameters() const
{
    std::size_t n = 0;
    for (const auto& [name, tensor] : tensors) n += tensor.nElements();
    return n;
}

Bundle Bundle::read(const std::string& path)
{
    Safetensors file = Safetensors::read(path, "model file");
    const auto text = file.metadata.find("manifest");
    if (text == file.metadata.end())
    {
        throw Error({"The file has no manifest, so it is not a model of surrogateFoam", path,
            "the manifest as JSON text in __metadata__.manifest", "none", {}});
    }
    return {manifestFromJson(text->second, path), std::move(file.tensors)};
}

void Bundle::write(const std::string& path) const
{
    manifest.check(path);
    Safetensors::write(path, "model file", {{"manifest", toJson(manifest)}}, tensors);
}

} // namespace surrogate
