#include "core/error.h"
#include "model/torch/networks/equilibriumNetwork.h"
#include "model/torch/networks/fno.h"
#include "model/torch/networks/hineUNet.h"
#include "model/torch/networks/network.h"
#include "model/torch/networks/recurrentNetwork.h"
#include "model/torch/networks/uNet.h"
#include "model/torch/networks/vit.h"

#include <cctype>
#include <functional>
#include <map>

namespace surrogate
{

namespace
{

using Maker = std::function<std::shared_ptr<Network>(const NetworkShape&, const Settings&)>;

template<class T>
std::shared_ptr<T> make(const NetworkShape& shape, const Settings& settings)
{
    return std::make_shared<T>(shape, settings);
}

//- Networks of encoder, processor and decoder. Each is also there with recurrent depth (recurrFno) and as a deep equilibrium (deqFno).
struct Latent
{
    std::string title;   //!< in reports, behind Recurr or Deq
    LatentMaker make;
};

const std::map<std::string, Latent>& latentNetworks()
{
    static const std::map<std::string, Latent> makers
    {
        {"fno", {"FNO", make<Fno>}},
        {"vit", {"ViT", make<ViT>}},
    };
    return makers;
}

std::map<std::string, Maker> makeTable()
{
    std::map<std::string, Maker> makers
    {
        {"hineUNet", make<HineUNet>},
        {"uNet", make<UNet>},
    };
    for (const auto& [name, latent] : latentNetworks())
    {
        const LatentMaker& around = latent.make;
        makers[name] = around;

        std::string capital = name;
        capital[0] = char(std::toupper(name[0]));
        makers["recurr" + capital] = [around, title = "Recurr" + latent.title](const NetworkShape& shape, const Settings& settings)
        {
            return std::make_shared<RecurrentNetwork>(title, shape, settings, around);
        };
        makers["deq" + capital] = [around, title = "Deq" + latent.title](const NetworkShape& shape, const Settings& settings)
        {
            return std::make_shared<EquilibriumNetwork>(title, shape, settings, around);
        };
    }
    return makers;
}

const std::map<std::string, Maker>& table()
{
    static const std::map<std::string, Maker> makers = makeTable();
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

void refuseTiling(const std::string& part)
{
    throw Error({"The network cannot be evaluated tile by tile: each cell of its output depends on the whole grid", "entry tiles",
        "no such entry, or a network without such a part", part, {}});
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
