#pragma once

#include <string>
#include <vector>

namespace surrogate
{

//- A range of numbers laid along a line, with round ticks
struct Axis
{
    double low = 0, high = 1;
    bool logarithmic = false;

    struct Tick
    {
        double value;
        std::string label;      //!< empty for a minor tick
        std::string exponent;   //!< raised, behind the label
    };

    //- 0 at `low`, 1 at `high`; NaN for what a logarithmic axis cannot show
    double fraction(double value) const;

    //- About `count` labelled ticks, and minor ones between them on a logarithmic axis
    std::vector<Tick> ticks(int count) const;
};

//- The shortest text of a number to three significant digits: "0.05", "12", "1e-09"
std::string shortNumber(double value);

} // namespace surrogate
