#pragma once

#include "core/error.h"

#include <string>

namespace surrogate
{

//- Throws Error unless shells `first` to `last` are among n
inline void requireShells(std::size_t n, int first, int last)
{
    if (first >= 0 && last >= first && last < int(n)) return;
    throw Error
    ({
        "The shells are not in both spectra", "metrics", "shells from 0 to " + std::to_string(int(n) - 1),
        std::to_string(first) + " to " + std::to_string(last), {}
    });
}

} // namespace surrogate
