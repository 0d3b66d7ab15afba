#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace surrogate
{

//- Progress of long work on standard output: a line that renews itself on a terminal, elsewhere a plain line every so often.
class Progress
{
public:

    //- `from`: steps that were done before (a resumed run)
    Progress(std::string what, std::int64_t total, std::int64_t from = 0, double plainInterval = 30);

    ~Progress();

    //- Shows steps done, rate, time left and `message`; seldom enough to cost nothing
    void update(std::int64_t done, const std::string& message);

    //- Prints a line of its own above the bar
    void note(const std::string& line);

private:

    using Clock = std::chrono::steady_clock;

    std::string what_;
    std::int64_t total_, from_;
    double interval_;
    bool terminal_, shown_ = false;
    Clock::time_point start_, last_;
};

//- "01:02:03"
std::string clockText(double seconds);

} // namespace surrogate
