#pragma once

#include "core/settings.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Where and how a network runs
struct RuntimeOptions
{
    std::string device = "auto";      //!< auto | cpu | cuda | cuda:N | staged
    std::string precision = "auto";   //!< auto | float32 | bfloat16 | float64
    int threads = 0;                  //!< 0: one per process under MPI or beside a solver, in training OMP_NUM_THREADS or all cores

    std::vector<long> tiles;          //!< into how many parts the network's grid is cut along x, y, z; empty: evaluated as a whole

    static RuntimeOptions read(const Settings& settings);
    static std::vector<std::string> keywords() { return {"device", "precision", "threads", "tiles"}; }

    //- Throws Error naming the entry and the valid choices
    void check(const std::string& where) const;

    //- "device auto, precision auto, threads 0", and ", tiles 2 2" where there are some
    std::string print() const;
};

} // namespace surrogate
