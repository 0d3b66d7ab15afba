#pragma once

#include "core/error.h"
#include "model/runtime.h"
#include "model/torch/memoryError.h"

#include <torch/torch.h>

#include <new>

namespace surrogate
{

inline torch::Device torchDevice(const Runtime& runtime)
{
    return runtime.cuda ? torch::Device(torch::kCUDA, runtime.cudaIndex) : torch::Device(torch::kCPU);
}

inline torch::ScalarType torchPrecision(const Runtime& runtime)
{
    switch (runtime.precision)
    {
        case Runtime::Precision::bfloat16: return torch::kBFloat16;
        case Runtime::Precision::float64: return torch::kDouble;
        default: return torch::kFloat;
    }
}

//- The tensor on the runtime's device: a copy wherever there is, or is played to be, a device
inline torch::Tensor toDevice(const torch::Tensor& x, const Runtime& runtime)
{
    return runtime.staged ? x.clone() : x.to(torchDevice(runtime));
}

inline torch::Tensor toHost(const torch::Tensor& x, const Runtime& runtime)
{
    return runtime.staged ? x.clone() : x.cpu();
}

//- Runs f; what the tensor library throws becomes an Error without the library's backtrace, and what tells
//  that memory was short an Error that says what to set
template<class Function>
auto translateErrors(const std::string& where, Function&& f)
{
    try
    {
        return f();
    }
    catch (const std::bad_alloc&)
    {
        throw outOfMemory(where, "");
    }
    catch (const c10::Error& error)
    {
        if (tellsOutOfMemory(error.what_without_backtrace())) throw outOfMemory(where, error.what_without_backtrace());
        throw Error({"The tensor library reports a failure", where, "", error.what_without_backtrace(), {}});
    }
}

} // namespace surrogate
