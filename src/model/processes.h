#pragma once

#include <functional>
#include <string>

namespace surrogate
{

//- The processes that share one piece of work, as whoever started them tells
struct Processes
{
    int rank = 0;
    int size = 1;
    int localRank = 0;                   //!< number among those of the same machine
    std::string host = "localhost";      //!< under which all of them reach the machine of rank 0

    //- Collective: the text of rank 0, on all. Needed where size > 1.
    std::function<std::string(const std::string&)> fromMaster;

    bool master() const { return rank == 0; }
};

} // namespace surrogate
