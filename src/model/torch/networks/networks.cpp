#include "core/error.h"
#include "model/torch/networks/hineUNet.h"
#include "model/torch/networks/network.h"
#include "model/torch/networks/uNet.h"

#include <functional>
#include <map>

namespace surrogate
{

namespace
{

using Maker = std::function<std::shared_ptr<Network>(const NetworkShape&, const Settings&)>;

const std::map<std::string, Maker>& table()
{
    static const std::map<std::string, Maker> makers
    {
        {"hineUNet", [](const NetworkShape& shape, const Settings& s) { return std::make_shared<HineUNet>(shape, s); }},
        {"uNet", [](const NetworkShape& shape, const Settings& settings) { return std::make_shared<UNet>(shape, settings); }},
    };
    return makers;
}

} // namespace

std::shared_ptr<Network> makeNetwork(const std::string& name, const NetworkShape& shape, const Settings& settings)
{
    const auto maker = table().find(name);
    if (maker != table().end()) return maker->second(shape, settings);

    std::vector<std::string> names;
    for (const auto& entry : table()) names.push_back(entry.first);
    throw Error({"Unknown network", settings.where(), "one of the names below", name, names});
}

void Network::setControls(const NetworkControls& given)
{
    given.requireOnly(controls(), settings().where());
}

void Network::begin(const Noise&, int) {}

std::int64_t Network::nParameters() const
{
    std::int64_t n = 0;
    for (const auto& parameter : parameters()) n += parameter.numel();
    return n;
}

} // namespace surrogate
