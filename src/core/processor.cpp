#include "core/processor.h"

#include <fstream>

#if defined(__x86_64__)
    #include <cpuid.h>
#endif

namespace surrogate
{

std::string processorBfloat16()
{
#if defined(__x86_64__)
    // Intel 64 manual, CPUID leaf 7: sub-leaf 0 EDX bit 22 AMX-BF16; sub-leaf 1 EAX bit 5 AVX512_BF16
    unsigned a, b, c, d;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22 & 1)) return "AMX";
    if (__get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 5 & 1)) return "AVX-512 BF16";
#endif
    return "";
}

std::string processorName()
{
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
    {
        if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

} // namespace surrogate
