#pragma once

#include "core/options.h"

#include <string>

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
    std::string line;        //!< one line that says what was chosen and why

    //- Sets the number of threads of this process' tensor operations, too. `training`: all cores unless told, else one.
    //  Throws Error where the device that was asked for is not there.
    static Runtime choose(const RuntimeOptions& options, bool training = false);
};

std::string toString(Runtime::Precision precision);

} // namespace surrogate
