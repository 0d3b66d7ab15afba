#pragma once

#include "model/stepper.h"

#include <string>
#include <vector>

namespace surrogate
{

//- The states of the last time steps, which an emulator with a history reads beside the present one. A member that it has no such
//  states of (at first, and where somebody else took the member on since) begins anew, as if its present state had always been.
//  They are memory(): past1, past2, .., so many time steps before the state that comes next, one State a member.
class EmulatorHistory
{
public:

    explicit EmulatorHistory(const Manifest& manifest);

    //- Those before the members' present states, oldest first: [history - 1][member]
    std::vector<std::vector<State>> before(const std::vector<State>& members) const;

    //- To be called when the members went one time step on. past: what before() gave; members: as they were
    void keep(std::vector<std::vector<State>> past, std::vector<State> members);

    Memory memory() const;

    //- Throws Error where a state in it is not on the grid, or of other fields
    void setMemory(const Memory& memory);

private:

    std::string name(std::size_t frame) const { return "past" + std::to_string(past_.size() - frame); }

    Grid grid_;
    FieldList fields_;
    double timeStep_;
    std::vector<std::vector<State>> past_;   //!< [history - 1][member], oldest first; empty members: none yet
};

} // namespace surrogate
