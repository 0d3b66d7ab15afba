#include "core/options.h"
#include "core/refusal.h"

using namespace surrogate;

namespace
{

RuntimeOptions with(const std::string& keyword, Settings::Value value)
{
    Settings settings("controlDict");
    settings.set(keyword, std::move(value));
    return RuntimeOptions::read(settings);
}

} // namespace

TEST(RuntimeOptions, hasPresetsAndReadsEntries)
{
    EXPECT_EQ(RuntimeOptions::read(Settings()).print(), "device auto, precision auto, threads 0");
    EXPECT_EQ(with("device", std::string("cuda:12")).device, "cuda:12");
    EXPECT_EQ(with("precision", std::string("bfloat16")).precision, "bfloat16");
    EXPECT_EQ(with("threads", 4L).threads, 4);
}

TEST(RuntimeOptions, refusesUnknownChoices)
{
    for (const char* device : {"gpu", "cuda:", "cuda:N", "cuda:1a", ""})
    {
        expectRefusal([&] { with("device", std::string(device)); },
            {"Unknown device", "controlDict, entry device", "auto, cpu, cuda, cuda:N, staged"});
    }
    expectRefusal([] { with("precision", std::string("float16")); },
        {"Unknown precision", "controlDict, entry precision", "float16", "auto, float32, bfloat16, float64"});
    expectRefusal([] { with("threads", -1L); }, {"Negative number of threads", "-1"});
}
