#pragma once

#include "model/stepper.h"

#include <string>
#include <vector>

namespace surrogate
{

//- The entry of that name, one State a member; empty where there is none. Throws Error, naming the entry, where a state in it is not
//  on the grid, or has other fields than these; null: any.
std::vector<State> remembered(const Memory& memory, const std::string& name, const Grid& grid, const FieldList* fields = nullptr);

//- Whether one of the states is that member's, `steps` time steps (before the present: negative) from its present one. Times may be
//  off by a hundredth of a time step: names of time directories are rounded, and a solver's steps are longer.
bool isOf(const std::vector<State>& states, const std::vector<State>& members, std::size_t member, double steps, double timeStep);

} // namespace surrogate
