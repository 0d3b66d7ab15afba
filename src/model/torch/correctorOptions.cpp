#include "model/corrector.h"

#include "core/error.h"
#include "model/torch/diffusion/sampler.h"

#include <algorithm>

namespace surrogate
{

namespace
{

const std::vector<std::string> paths{"A", "B", "C", "currentOnly"};

} // namespace

std::vector<std::string> CorrectorOptions::keywords()
{
    std::vector<std::string> keywords
    {
        "activation", "minLevel", "every", "maxChange", "path", "renoise", "level", "stopLevel", "safeguard", "maxLag", "measureAfter"
    };
    for (const std::string& keyword : SamplerOptions::keywords()) keywords.push_back(keyword);
    return keywords;
}

CorrectorOptions CorrectorOptions::read(const Settings& s)
{
    CorrectorOptions o;
    o.activation = s.get("activation", o.activation);
    o.minLevel = s.get("minLevel", o.minLevel);
    o.every = s.get("every", o.every);
    o.maxChange = s.get("maxChange", o.maxChange);
    o.path = s.get("path", o.path);
    o.renoise = s.get("renoise", o.renoise);
    o.level = s.get("level", o.level);
    o.stopLevel = s.get("stopLevel", o.stopLevel);
    o.safeguard = s.get("safeguard", o.safeguard);
    o.maxLag = s.get("maxLag", o.maxLag);
    o.measureAfter = s.get("measureAfter", o.measureAfter);
    o.sampler = Settings(s.where());
    for (const std::string& keyword : SamplerOptions::keywords())
    {
        if (s.found(keyword)) o.sampler.set(keyword, s.all().at(keyword));
    }
    o.check(s.where());
    return o;
}

void CorrectorOptions::check(const std::string& where) const
{
    if (std::find(paths.begin(), paths.end(), path) == paths.end())
    {
        throw Error({"Unknown path of a corrector", where + ", entry path", "one of the names below", path, paths});
    }
    for (const auto& [keyword, value] : {std::pair{"maxLag", maxLag}, std::pair{"every", every}})
    {
        if (value >= 1) continue;
        throw Error({"Corrector option does not fit", where + ", entry " + keyword, "1 or more", std::to_string(value), {}});
    }
}

} // namespace surrogate
