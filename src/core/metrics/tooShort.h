#pragma once

#include "core/error.h"

#include <string>

namespace surrogate
{

[[noreturn]] inline void tooShort(const std::string& what, const std::string& expected, std::size_t found)
{
    throw Error({"Too short a series for " + what, "metrics", expected, std::to_string(found) + " values", {}});
}

} // namespace surrogate
