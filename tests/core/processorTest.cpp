#include "core/commandOutput.h"
#include "core/processor.h"

#include <gtest/gtest.h>

#include <set>

using namespace surrogate;

TEST(Processor, hasTheNameThatTheSystemTells)
{
    const std::string system = runCommand("grep -m 1 '^model name' /proc/cpuinfo | sed 's/^[^:]*: //'").text;
    EXPECT_EQ(processorName() + "\n", system.empty() ? "unknown\n" : system);
}

TEST(Processor, bfloat16AsTheSystemTells)
{
    const std::string flags = runCommand("grep -m 1 '^flags' /proc/cpuinfo").text + " ";
    const auto has = [&](const std::string& flag) { return flags.find(" " + flag) != std::string::npos; };
    const std::string found = processorBfloat16();
    if (has("amx_bf16")) EXPECT_EQ(found, "AMX");
    else if (has("avx512_bf16")) EXPECT_EQ(found, "AVX-512 BF16");
    else EXPECT_TRUE((std::set<std::string>{"", "AMX", "AVX-512 BF16"}).count(found));   // a kernel may hide what there is
}
