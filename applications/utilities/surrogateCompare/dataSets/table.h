#pragma once

#include <string>
#include <vector>

namespace surrogate
{

//- A CSV file of numbers with a header; "nan" is one
class Table
{
public:

    //- Throws Error where the file cannot be read or a line has not one number a column
    explicit Table(const std::string& path);

    std::size_t size() const { return rows_.size(); }

    //- Position of the named column; throws Error that lists the names where there is none
    std::size_t column(const std::string& name) const;

    double operator()(std::size_t row, std::size_t column) const { return rows_[row][column]; }

private:

    std::string path_;
    std::vector<std::string> names_;
    std::vector<std::vector<double>> rows_;
};

} // namespace surrogate
