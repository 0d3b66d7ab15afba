#pragma once

#include <string>

namespace surrogate
{

//- "AMX", "AVX-512 BF16" or empty: the fastest bfloat16 instructions that this processor has
std::string processorBfloat16();

//- The model name, as the operating system tells it; "unknown" where it does not
std::string processorName();

} // namespace surrogate
