// Prints what a model file says of itself: its manifest, and its arrays with their types and shapes.
// Needs neither LibTorch nor OpenFOAM.

#include "core/bundle.h"
#include "core/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace
{

using namespace surrogate;

const char* const usage =
    "Usage: modelInfo [OPTIONS] <file.safetensors> ...\n"
    "options:\n"
    "  -json   one JSON array with an object {file, manifest, tensors, parameters} for each file\n"
    "  -help   this text\n"
    "\n"
    "Prints the manifest of each model file and the name, type and shape of each of its tensors.\n"
    "The format is described in doc/model-file.md.\n";

std::string describeShape(const TensorData& tensor)
{
    std::string text;
    for (const std::int64_t extent : tensor.shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "scalar" : text;
}

nlohmann::ordered_json toJson(const std::string& path, const Bundle& bundle)
{
    nlohmann::ordered_json tensors = nlohmann::ordered_json::array();
    for (const auto& [name, tensor] : bundle.tensors)
    {
        tensors.push_back({{"name", name}, {"type", tensor.type}, {"shape", tensor.shape}});
    }
    return
    {
        {"file", path},
        {"manifest", nlohmann::ordered_json::parse(surrogate::toJson(bundle.manifest))},
        {"tensors", tensors},
        {"parameters", bundle.nParameters()}
    };
}

void print(const std::string& path, const Bundle& bundle)
{
    std::size_t width = 4, bytes = 0;
    for (const auto& [name, tensor] : bundle.tensors)
    {
        width = std::max(width, name.size());
        bytes += tensor.bytes.size();
    }
    std::cout << path << "\n\nManifest\n" << surrogate::toJson(bundle.manifest) << "\n\nTensors\n";
    for (const auto& [name, tensor] : bundle.tensors)
    {
        std::cout << "    " << std::left << std::setw(int(width) + 2) << name << std::setw(6) << tensor.type
            << describeShape(tensor) << "\n";
    }
    std::cout << "\nTotal\n    " << bundle.tensors.size() << " tensors, " << bundle.nParameters() << " parameters, " << bytes
        << " bytes\n";
}

} // namespace

int main(int argc, char* argv[])
{
    std::vector<std::string> paths;
    bool asJson = false;
    for (int i = 1; i < argc; ++i)
    {
        const std::string argument = argv[i];
        if (argument == "-help" || argument == "--help" || argument == "-h")
        {
            std::cout << usage;
            return 0;
        }
        if (argument == "-json") asJson = true;
        else if (!argument.empty() && argument[0] == '-')
        {
            std::cerr << "modelInfo: unknown option " << argument << "\n\n" << usage;
            return 2;
        }
        else paths.push_back(argument);
    }
    if (paths.empty())
    {
        std::cerr << "modelInfo: no model file given\n\n" << usage;
        return 2;
    }

    try
    {
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (const std::string& path : paths)
        {
            const Bundle bundle = Bundle::read(path);
            if (asJson) all.push_back(toJson(path, bundle));
            else print(path, bundle);
        }
        if (asJson) std::cout << all.dump(4) << "\n";
    }
    catch (const Error& error)
    {
        std::cerr << "modelInfo: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
