#pragma once

#include "core/options.h"
#include "core/team.h"
#include "model/processes.h"

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Where a network runs, decided once. The only place that decides.
struct Runtime
{
    enum class Precision { float32, bfloat16, float64 };

    bool cuda = false;
    int cudaIndex = 0;
    bool staged = false;     //!< CPU, but through separate buffers and real copies: the device path without a device
    Precision precision = Precision::float32;
    int threads = 1;
    std::vector<long> tiles; //!< see RuntimeOptions
    std::shared_ptr<Team> team; //!< who shares a network's evaluations; null: none
    std::string line;        //!< one line that says what was chosen and why

    //- Sets the number of threads of this process' tensor operations, too: unless told one, but all cores where one process
    //  alone is `training`. Of several processes each takes the CUDA device of its number on its machine, in turn, unless one is
    //  named. Not collective. Throws Error where the device that was asked for is not there.
    static Runtime choose(const RuntimeOptions& options, bool training = false, const Processes& processes = {});

    //- The same for a process of a team (null: none), which is for inference
    static Runtime choose(const RuntimeOptions& options, std::shared_ptr<Team> team);
};

std::string toString(Runtime::Precision precision);

} // namespace surrogate
