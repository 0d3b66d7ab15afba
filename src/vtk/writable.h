#pragma once

#include "core/error.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

namespace surrogate
{

//- Throws Error where the file cannot be opened for writing, before VTK's writers complain at length in their own way
inline void requireWritable(const std::string& path, const std::string& what)
{
    if (std::ofstream(path, std::ios::app)) return;
    throw Error({what, path, "a folder that can be written", std::strerror(errno), {}});
}

} // namespace surrogate
