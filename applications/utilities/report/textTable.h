#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace surrogate
{

//- Aligned columns, the first one to the left; the first `headers` rows underlined. All rows as long as the first one.
void printTable(std::ostream& out, const std::vector<std::vector<std::string>>& rows, std::size_t headers = 1);

//- By a printf format for one double, such as "%.3g"
std::string formatted(const char* format, double value);

} // namespace surrogate
