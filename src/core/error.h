#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace surrogate
{

//- What went wrong, told so that the user can mend it.
//  Thrown by everything below the joins; `src/foam/modelCall.H` turns it into OpenFOAM's FatalIOError.
class Error : public std::runtime_error
{
public:

    struct Report
    {
        std::string what;                  //!< one sentence
        std::string where;                 //!< file, entry, tensor or cell
        std::string expected;
        std::string found;
        std::vector<std::string> choices;  //!< the valid names, where one was to be chosen
    };

    explicit Error(Report report);

    const Report& report() const noexcept { return report_; }

private:

    Report report_;
};

//- "a, b, c"
std::string join(const std::vector<std::string>& words, const std::string& separator = ", ");

} // namespace surrogate
