#pragma once

#include "core/error.h"

#include <string>

namespace surrogate
{

//- Whether the tensor library's message tells that memory could not be had, of a device or of the machine
bool tellsOutOfMemory(const std::string& message);

//- What to say then: what the library tells of the memory that was needed and is there, what the machine has free, and which
//  entries help. `where` names the model file.
Error outOfMemory(const std::string& where, const std::string& message);

} // namespace surrogate
