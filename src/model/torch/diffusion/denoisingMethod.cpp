#include "model/torch/diffusion/denoisingMethod.h"

#include <map>

namespace surrogate
{

namespace
{

using Condition = DenoisingMethod::Condition;

const std::map<std::string, DenoisingMethod>& table()
{
    // condition, invariant, lagged, heads, told, increment, velocity
    static const std::map<std::string, DenoisingMethod> methods
    {
        {"sns", {Condition::noised, true, false, 2, false, false, false}},            // the SNS paper, section 4
        {"snsLagged", {Condition::noised, false, true, 2, false, false, false}},      // the same, appendix B.4
        {"thermalizer", {Condition::none, false, false, 1, false, false, false}},     // Pedersen et al. 2025
        {"acdm", {Condition::noisedAlike, false, false, 0, true, false, false}},      // Kohl et al. 2024
        {"cleanCondition", {Condition::clean, false, false, 0, true, false, false}},  // as GenCast, Price et al. 2023
        {"pdeRefiner", {Condition::clean, false, false, 0, true, true, true}},        // Lippe et al. 2023
    };
    return methods;
}

} // namespace

const DenoisingMethod* DenoisingMethod::find(const std::string& name)
{
    const auto found = table().find(name);
    return found == table().end() ? nullptr : &found->second;
}

std::vector<std::string> DenoisingMethod::names()
{
    std::vector<std::string> names;
    for (const auto& entry : table()) names.push_back(entry.first);
    return names;
}

} // namespace surrogate
