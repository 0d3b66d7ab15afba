#include "textTable.h"

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace surrogate
{

void printTable(std::ostream& out, const std::vector<std::vector<std::string>>& rows, std::size_t headers)
{
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const std::vector<std::string>& row : rows)
    {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::size_t total = 0;
    for (const std::size_t width : widths) total += width + 2;
    for (std::size_t r = 0; r < rows.size(); ++r)
    {
        for (std::size_t i = 0; i < rows[r].size(); ++i)
        {
            const std::string space(widths[i] - rows[r][i].size(), ' ');
            out << (i ? "  " + space + rows[r][i] : rows[r][i] + space);
        }
        out << "\n";
        if (r + 1 == headers) out << std::string(total - 2, '-') << "\n";
    }
}

std::string formatted(const char* format, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

} // namespace surrogate
