#include "model/runtime.h"

#include "core/error.h"
#include "core/processor.h"

#include <torch/torch.h>

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

namespace surrogate
{

std::string toString(Runtime::Precision precision)
{
    switch (precision)
    {
        case Runtime::Precision::bfloat16: return "bfloat16";
        case Runtime::Precision::float64: return "float64";
        default: return "float32";
    }
}

namespace
{

//- Threads of a training of one process that was not told how many, and why
std::pair<int, std::string> threadsOfTraining()
{
    const char* const told = std::getenv("OMP_NUM_THREADS");
    const int number = told ? std::atoi(told) : 0;
    if (number > 0) return {number, "OMP_NUM_THREADS"};
    return {int(std::max(1u, std::thread::hardware_concurrency())), "all cores"};
}

//- OpenBLAS keeps threads of its own beside the tensor library's
void setBlasThreads(int threads)
{
    using Setter = void (*)(int);
    if (const auto setter = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) setter(threads);
}

std::string chooseDevice(const RuntimeOptions& options, const Processes& processes, Runtime& runtime)
{
    const int nDevices = torch::cuda::is_available() ? int(torch::cuda::device_count()) : 0;
    const std::string& name = options.device;

    if (name == "staged")
    {
        runtime.staged = true;
        return "device staged (CPU through separate buffers)";
    }
    if (name == "cpu" || (name == "auto" && nDevices == 0))
    {
        return name == "cpu" ? "device cpu (asked for)" : "device cpu (no CUDA device)";
    }

    runtime.cuda = true;
    const bool named = name.rfind("cuda:", 0) == 0;
    runtime.cudaIndex = named ? std::stoi(name.substr(5)) : nDevices > 0 ? processes.localRank%nDevices : 0;
    if (runtime.cudaIndex >= nDevices)
    {
        throw Error
        ({
            "The CUDA device asked for is not there", "entry device", std::to_string(nDevices) + " device(s) are visible",
            name, {"auto", "cpu", "staged"}
        });
    }
    const char* why = named ? " (asked for)" : processes.size > 1 ? " (one a process, in turn)" : " (first CUDA device)";
    return "device cuda:" + std::to_string(runtime.cudaIndex) + why;
}

std::string choosePrecision(const RuntimeOptions& options, Runtime& runtime)
{
    using Precision = Runtime::Precision;
    const std::string& name = options.precision;
    if (name == "float64") runtime.precision = Precision::float64;
    else if (name == "bfloat16") runtime.precision = Precision::bfloat16;
    else runtime.precision = Precision::float32;
    if (name != "auto") return "precision " + name + " (asked for)";

    if (runtime.cuda)
    {
        runtime.precision = Precision::bfloat16;
        return "precision bfloat16 (CUDA)";
    }
    const std::string instructions = processorBfloat16();
    if (instructions.empty()) return "precision float32 (the processor has no bfloat16 instructions)";
    runtime.precision = Precision::bfloat16;
    return "precision bfloat16 (the processor has " + instructions + ")";
}

} // namespace

Runtime Runtime::choose(const RuntimeOptions& options, bool training, const Processes& processes)
{
    options.check("runtime options");
    Runtime runtime;
    runtime.line = chooseDevice(options, processes, runtime) + ", " + choosePrecision(options, runtime);
    std::pair<int, std::string> threads{1, "one a process"};
    if (training && processes.size == 1) threads = threadsOfTraining();
    if (options.threads) threads = {options.threads, "asked for"};
    runtime.threads = threads.first;
    runtime.tiles = options.tiles;
    runtime.line += ", threads " + std::to_string(runtime.threads) + " (" + threads.second + ")";
    if (!runtime.tiles.empty())
    {
        runtime.line += ", tiles";
        for (const long n : runtime.tiles) runtime.line += " " + std::to_string(n);
    }
    at::set_num_threads(runtime.threads);
    setBlasThreads(runtime.threads);
    return runtime;
}

Runtime Runtime::choose(const RuntimeOptions& options, std::shared_ptr<Team> team)
{
    Processes processes;
    if (team)
    {
        processes.rank = team->rank();
        processes.size = team->size();
        processes.localRank = team->localRank();
    }
    Runtime runtime = choose(options, false, processes);
    if (team) runtime.line += ", shared by " + std::to_string(team->size()) + " processes";
    runtime.team = std::move(team);
    return runtime;
}

} // namespace surrogate
