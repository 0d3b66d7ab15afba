#include "model/torch/memoryError.h"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace surrogate
{

namespace
{

//- "12.3 of 24.0 GB of the machine's memory are free"; empty where the system does not tell
std::string memoryOfMachine()
{
    std::ifstream file("/proc/meminfo");
    std::string line;
    double total = 0, available = 0;
    while (std::getline(file, line))
    {
        std::istringstream words(line);
        std::string name;
        double kilobytes = 0;
        words >> name >> kilobytes;
        if (name == "MemTotal:") total = kilobytes;
        if (name == "MemAvailable:") available = kilobytes;
    }
    if (total <= 0) return "";
    char text[96];
    std::snprintf(text, sizeof text, "%.1f of %.1f GB of the machine's memory are free", available*1.024e-6, total*1.024e-6);
    return text;
}

} // namespace

bool tellsOutOfMemory(const std::string& message)
{
    // DefaultCPUAllocator: the CPU's, whose failure is an error like any other in LibTorch 1.13 and 2
    return message.find("out of memory") != std::string::npos || message.find("DefaultCPUAllocator") != std::string::npos;
}

Error outOfMemory(const std::string& where, const std::string& message)
{
    const std::string first = message.substr(0, message.find('\n'));
    const std::string machine = memoryOfMachine();
    return Error({"Out of memory", where,
        "enough for the network's activations. Less is needed with an entry tiles, precision bfloat16 or fewer members (of a training: a "
        "smaller batch); more may be there with device cpu",
        (first.empty() ? "an allocation that failed" : first) + (machine.empty() ? "" : "; " + machine), {}});
}

} // namespace surrogate
