#include "core/networkControls.h"

#include "core/error.h"

#include <algorithm>
#include <sstream>

namespace surrogate
{

namespace
{

template<class T>
std::string text(T value)
{
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

} // namespace

NetworkControls NetworkControls::read(const Settings& settings)
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, const std::string& found)
    {
        throw Error({"A control of the network is not valid", settings.where() + ", entry " + entry, expected, found, {}});
    };
    settings.requireOnly(keywords());

    NetworkControls controls;
    controls.iterations = settings.get("iterations", 0);
    controls.tolerance = settings.get("tolerance", 0.0);
    controls.relTol = settings.get("relTol", 0.0);
    controls.maxIter = settings.get("maxIter", 0);
    controls.timeBudget = settings.get("timeBudget", 0.0);
    controls.warmStart = settings.get("warmStart", false);
    controls.patchCycle = settings.get("patchCycle", std::vector<long>());

    for (const auto& [entry, value] : {std::pair{"iterations", controls.iterations}, {"maxIter", controls.maxIter}})
    {
        if (settings.found(entry) && value < 1) refuse(entry, "1 or more", text(value));
    }
    for (const auto& [entry, value] : {std::pair{"tolerance", controls.tolerance}, {"relTol", controls.relTol},
        {"timeBudget", controls.timeBudget}})
    {
        if (value < 0) refuse(entry, "0 or more", text(value));
    }
    if (controls.iterations > 0 && (controls.adaptive() || controls.maxIter > 0))
    {
        refuse("iterations", "either it, or tolerance, relTol, maxIter and timeBudget", "both");
    }
    if (controls.maxIter > 0 && !controls.adaptive()) refuse("maxIter", "tolerance, relTol or timeBudget beside it", "none of them");

    if (settings.found("patch"))
    {
        if (settings.found("patchCycle")) refuse("patch", "either it or patchCycle", "both");
        controls.patchCycle = {settings.get("patch", 0)};
    }
    const char* patches = settings.found("patch") ? "patch" : "patchCycle";
    if (settings.found(patches) && controls.patchCycle.empty()) refuse(patches, "at least one size", "none");
    for (const long size : controls.patchCycle)
    {
        if (size < 1) refuse(patches, "1 or more cells", text(size));
    }
    return controls;
}

void NetworkControls::requireOnly(const std::vector<std::string>& has, const std::string& network) const
{
    const std::vector<std::pair<std::string, bool>> set
    {
        {"iterations", iterations > 0}, {"tolerance", tolerance > 0}, {"relTol", relTol > 0}, {"maxIter", maxIter > 0},
        {"timeBudget", timeBudget > 0}, {"warmStart", warmStart}, {"patchCycle", !patchCycle.empty()}
    };
    for (const auto& [name, isSet] : set)
    {
        if (!isSet || std::find(has.begin(), has.end(), name) != has.end()) continue;
        throw Error({"The network " + network + " does not have this control", "entry networkControls." + name,
            has.empty() ? "no controls" : "one of the names below", name, has});
    }
}

} // namespace surrogate
