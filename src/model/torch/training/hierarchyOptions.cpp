#include "model/training.h"

#include "core/error.h"

#include <sstream>

namespace surrogate
{

HierarchyOptions HierarchyOptions::read(const Settings& settings)
{
    settings.requireOnly({"pool", "startUp", "hintWeight", "norm"});
    HierarchyOptions options;
    const std::vector<long> pool = settings.get("pool", std::vector<long>(options.pool.begin(), options.pool.end()));
    options.pool.assign(pool.begin(), pool.end());
    options.startUp = settings.get("startUp", options.startUp);
    options.hintWeight = settings.get("hintWeight", options.hintWeight);
    options.norm = settings.get("norm", options.norm);
    return options;
}

void HierarchyOptions::check(const std::string& where) const
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, double found)
    {
        std::ostringstream text;
        text << found;
        throw Error({"Training option does not fit", where + ", entry hierarchyCoeffs." + entry, expected, text.str(), {}});
    };
    int last = 1;
    for (const int factor : pool)
    {
        if (factor <= last) refuse("pool", std::to_string(last + 1) + " or more, as factors grow", factor);
        last = factor;
    }
    if (!(startUp > 0 && startUp*double(pool.size()) < 1) && !pool.empty())
    {
        refuse("startUp", "above 0 and below 1/" + std::to_string(pool.size()) + ", one over the number of hints", startUp);
    }
    if (!(hintWeight > 0)) refuse("hintWeight", "above 0", hintWeight);
    if (norm != "l1l2" && norm != "l2")
    {
        throw Error({"Training option does not fit", where + ", entry hierarchyCoeffs.norm", "one of the names below", norm,
            {"l1l2", "l2"}});
    }
}

std::string HierarchyOptions::fingerprint() const
{
    std::ostringstream text;
    text.precision(17);
    for (const int factor : pool) text << factor << " ";
    text << "|" << startUp << "|" << hintWeight << "|" << norm;
    return text.str();
}

} // namespace surrogate
