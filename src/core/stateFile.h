#pragma once

#include "core/state.h"

#include <map>
#include <string>
#include <vector>

namespace surrogate
{

//- Lists of States by name, one State a member: what a run keeps besides its fields. The same type as the model side's Memory.
using NamedStates = std::map<std::string, std::vector<State>>;

//- Writes all states exactly (float64, times included) to a safetensors file: array NAME/MEMBER [channel][z][y][x]; grid, fields
//  and time of each as JSON in the metadata entry "states". A reader never sees half a file. Throws Error.
void writeStateFile(const std::string& path, const NamedStates& states);

//- The reverse. Throws Error, as Safetensors::read does, and on a file that is not a state file.
NamedStates readStateFile(const std::string& path);

//- All entries with the prefix before their names
NamedStates withPrefix(const std::string& prefix, NamedStates states);

//- The reverse: those whose names begin with the prefix, without it
NamedStates withoutPrefix(const std::string& prefix, NamedStates states);

} // namespace surrogate
