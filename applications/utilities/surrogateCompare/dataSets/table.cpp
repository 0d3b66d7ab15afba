#include "table.h"

#include "core/error.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace surrogate
{

namespace
{

std::vector<std::string> split(const std::string& line)
{
    std::vector<std::string> words;
    std::istringstream stream(line);
    for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
    return words;
}

} // namespace

Table::Table(const std::string& path)
:
    path_(path)
{
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw Error({"Cannot read the table", path, "a CSV file with a header", "none", {}});
    names_ = split(line);
    while (std::getline(file, line))
    {
        std::vector<double> row;
        for (const std::string& word : split(line))
        {
            char* end = nullptr;
            row.push_back(std::strtod(word.c_str(), &end));
            if (word.empty() || *end) row.clear();
            if (row.empty()) break;
        }
        if (row.size() != names_.size())
        {
            throw Error({"A line of the table has not one number a column", path + ", line " + std::to_string(rows_.size() + 2),
                std::to_string(names_.size()) + " numbers", line, {}});
        }
        rows_.push_back(row);
    }
}

std::size_t Table::column(const std::string& name) const
{
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) throw Error({"The table lacks a column", path_, name, "none of that name", names_});
    return std::size_t(found - names_.begin());
}

} // namespace surrogate
