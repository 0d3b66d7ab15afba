#include "model/torch/diffusion/sampler.h"
#include "core/error.h"
#include "model/torch/diffusion/linearSampler.h"

#include <algorithm>
#include <map>
#include <utility>

namespace surrogate
{

namespace
{

using Maker = std::function<std::unique_ptr<Sampler>(const SamplerOptions&, const Schedule&, const ModelStatistics*)>;

struct Family
{
    //- Variants, the first is the one of an empty name, with their highest order (0: order means nothing)
    std::vector<std::pair<std::string, int>> variants;
    Maker make;
};

std::unique_ptr<Sampler> makeV3(const SamplerOptions& options, const Schedule& schedule, const ModelStatistics* statistics)
{
    if (!statistics)
    {
        throw Error({"The sampler dpmSolverV3 needs the network's statistics", "entry sampler",
            "a model file with statistics in it, which the utility surrogateStatistics makes", "none",
            {"ddim", "dpmSolver", "dpmSolverPP", "deis"}});
    }
    return makeDpmSolverV3(options, schedule, *statistics);
}

const std::map<std::string, Family>& table()
{
    static const std::map<std::string, Family> families
    {
        {"ddpm", {{{"", 0}}, [](const auto& o, const auto& s, auto) { return makeAncestral(o, s); }}},
        {"ddim", {{{"", 0}}, [](const auto& o, const auto& s, auto) { return makeDdim(o, s); }}},
        {"dpmSolver", {{{"singlestep", 3}, {"multistep", 3}},
            [](const auto& o, const auto& s, auto) { return makeDpmSolver(o, s); }}},
        {"dpmSolverPP", {{{"multistep", 3}, {"singlestep", 3}},
            [](const auto& o, const auto& s, auto) { return makeDpmSolver(o, s); }}},
        {"dpmSolverV3", {{{"", 3}}, makeV3}},
        {"deis", {{{"tAB", 4}, {"rhoAB", 4}, {"rhoRK", 3}, {"iPNDM", 4}},
            [](const auto& o, const auto& s, auto) { return makeDeis(o, s); }}},
    };
    return families;
}

//- Throws Error unless the name is among the choices
void requireOneOf(const std::string& what, const std::string& where, const std::string& name,
    const std::vector<std::string>& choices)
{
    if (std::find(choices.begin(), choices.end(), name) != choices.end()) return;
    throw Error({what, where, "one of the names below", name, choices});
}

} // namespace

SamplerOptions SamplerOptions::read(const Settings& settings)
{
    SamplerOptions options;
    options.name = settings.get("sampler", options.name);
    options.variant = settings.get("variant", options.variant);
    options.order = settings.get("order", options.order);
    options.evaluations = settings.get("evaluations", options.evaluations);
    options.spacing = settings.get("spacing", options.spacing);
    options.sada = settings.get("sada", options.sada);
    options.check(settings.where());
    return options;
}

std::vector<std::string> SamplerOptions::keywords()
{
    return {"sampler", "variant", "order", "evaluations", "spacing", "sada"};
}

void SamplerOptions::check(const std::string& where) const
{
    std::vector<std::string> names;
    for (const auto& entry : table()) names.push_back(entry.first);
    requireOneOf("Unknown sampler", where + ", entry sampler", name, names);

    const auto& variants = table().at(name).variants;
    std::vector<std::string> variantNames;
    for (const auto& entry : variants) variantNames.push_back(entry.first);
    if (variants.size() == 1 && !variant.empty())
    {
        throw Error({"The sampler " + name + " has no variants", where + ", entry variant", "no such entry", variant, {}});
    }
    if (!variant.empty())
    {
        requireOneOf("Unknown variant of the sampler " + name, where + ", entry variant", variant, variantNames);
    }

    int highest = variants.front().second;
    for (const auto& entry : variants) if (entry.first == variant) highest = entry.second;
    std::vector<std::string> orders;
    for (int k = 1; k <= highest; ++k) orders.push_back(std::to_string(k));
    if (highest > 0)
    {
        requireOneOf("No such order of the sampler " + name + (variant.empty() ? "" : ", variant " + variant),
            where + ", entry order", std::to_string(order), orders);
    }
    if (evaluations < 0)
    {
        throw Error({"Negative number of evaluations", where + ", entry evaluations", "0 (one a level) or more",
            std::to_string(evaluations), {}});
    }
    requireOneOf("Unknown spacing", where + ", entry spacing", spacing, {"logSNR", "uniform", "quadratic"});
}

std::unique_ptr<Sampler> makeSampler(const SamplerOptions& options, const Schedule& schedule, const ModelStatistics* statistics)
{
    options.check("sampler");
    return table().at(options.name).make(options, schedule, statistics);
}

} // namespace surrogate
