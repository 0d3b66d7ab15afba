#pragma once

#include "core/settings.h"

#include <string>

namespace surrogate
{

//- Where and how a network runs
struct RuntimeOptions
{
    std::string device = "auto";      //!< auto | cpu | cuda | cuda:N | staged
    std::string precision = "auto";   //!< auto | float32 | bfloat16 | float64
    int threads = 0;                  //!< 0: one per process under MPI or beside a solver, all cores in training

    static RuntimeOptions read(const Settings& settings);
    static std::vector<std::string> keywords() { return {"device", "precision", "threads"}; }

    //- Throws Error naming the entry and the valid choices
    void check(const std::string& where) const;

    //- "device auto, precision auto, threads 0"
    std::string print() const;
};

} // namespace surrogate
