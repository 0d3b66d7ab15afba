#include "model/torch/rememberedStates.h"

#include "core/error.h"

#include <cmath>

namespace surrogate
{

namespace
{

//- Part of a time step
constexpr double sameTime = 0.01;

} // namespace

std::vector<State> remembered(const Memory& memory, const std::string& name, const Grid& grid, const FieldList* fields)
{
    const auto found = memory.find(name);
    if (found == memory.end()) return {};
    for (const State& state : found->second)
    {
        if (state.grid.matches(grid) && (!fields || state.fields.names() == fields->names())) continue;
        const auto describe = [&](const FieldList& of, const Grid& on)
        {
            return fields ? join(of.names()) + " on " + on.describe() : on.describe();
        };
        throw Error({fields ? "What a model remembers is on another grid, or of other variables, than the model's"
            : "What a model remembers is on another grid than the model's", "state file, entry " + name,
            describe(fields ? *fields : state.fields, grid), describe(state.fields, state.grid), {}});
    }
    return found->second;
}

bool isOf(const std::vector<State>& states, const std::vector<State>& members, std::size_t member, double steps, double timeStep)
{
    return states.size() == members.size()
        && std::abs(states[member].time - (members[member].time + steps*timeStep)) <= sameTime*timeStep;
}

} // namespace surrogate
