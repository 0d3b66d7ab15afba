#include "core/error.h"
#include "model/torch/networks/equilibriumNetwork.h"
#include "model/torch/networks/fno.h"
#include "model/torch/networks/hineUNet.h"
#include "model/torch/networks/network.h"
#include "model/torch/networks/recurrentNetwork.h"
#include "model/torch/networks/uNet.h"
#include "model/torch/networks/upt.h"
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
    bool points = false; //!< whether it is for points, or else for a lattice
};

const std::map<std::string, Latent>& latentNetworks()
{
    static const std::map<std::string, Latent> makers
    {
        {"fno", {"FNO", make<Fno>}},
        {"upt", {"UPT", make<Upt>, true}},
        {"vit", {"ViT", make<ViT>}},
    };
    return makers;
}

struct Entry
{
    Maker make;
    bool points = false;
};

std::map<std::string, Entry> makeTable()
{
    std::map<std::string, Entry> entries
    {
        {"hineUNet", {make<HineUNet>}},
        {"uNet", {make<UNet>}},
    };
    for (const auto& [name, latent] : latentNetworks())
    {
        const LatentMaker& around = latent.make;
        entries[name] = {around, latent.points};

        std::string capital = name;
        capital[0] = char(std::toupper(name[0]));
        const Maker recurrent = [around, title = "Recurr" + latent.title](const NetworkShape& shape, const Settings& settings)
        {
            return std::make_shared<RecurrentNetwork>(title, shape, settings, around);
        };
        const Maker equilibrium = [around, title = "Deq" + latent.title](const NetworkShape& shape, const Settings& settings)
        {
            return std::make_shared<EquilibriumNetwork>(title, shape, settings, around);
        };
        entries["recurr" + capital] = {recurrent, latent.points};
        entries["deq" + capital] = {equilibrium, latent.points};
    }
    return entries;
}

const std::map<std::string, Entry>& table()
{
    static const std::map<std::string, Entry> entries = makeTable();
    return entries;
}

} // namespace

std::shared_ptr<Network> makeNetwork(const std::string& name, const NetworkShape& shape, const Settings& settings)
{
    const auto found = table().find(name);
    if (found != table().end() && found->second.points == shape.grid.points) return found->second.make(shape, settings);

    const bool known = found != table().end();
    std::vector<std::string> names;
    for (const auto& [other, entry] : table())
    {
        if (!known || entry.points == shape.grid.points) names.push_back(other);
    }
    if (!known) throw Error({"Unknown network", settings.where(), "one of the names below", name, names});
    throw Error({"The network does not fit the grid", settings.where() + ", entry network",
        std::string("one for ") + (shape.grid.points ? "the cells of a mesh as points" : "a uniform grid") + ", below", name, names});
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

void Network::setPoints(const std::shared_ptr<const PointSet>& points)
{
    TORCH_CHECK(!points, "A network on a lattice was given points");
}

std::int64_t Network::nParameters() const
{
    std::int64_t n = 0;
    for (const auto& parameter : parameters()) n += parameter.numel();
    return n;
}

} // namespace surrogate
