#pragma once

#include <string>
#include <utility>
#include <vector>

namespace surrogate
{

//- OpenFOAM's -time: values and ranges that commas separate, as in "0.5,10:20,30:"
class TimeRanges
{
public:

    //- All times
    TimeRanges() = default;

    //- Throws Error on what is none
    explicit TimeRanges(const std::string& text);

    bool contains(double time) const;

    //- Whether it was said which
    bool given() const { return !ranges_.empty(); }

private:

    std::vector<std::pair<double, double>> ranges_;
};

//- Positions, in each list of ascending times, of the times that are in all lists, to a hundredth of the smallest interval of
//  the first list (1e-6 s where there is one time alone)
std::vector<std::vector<std::size_t>> commonTimes(const std::vector<std::vector<double>>& lists);

} // namespace surrogate
