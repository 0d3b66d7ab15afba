#include "model/torch/device.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

std::string messageOf(const std::function<void()>& call)
{
    try { translateErrors("model m", call); }
    catch (const Error& error) { return error.what(); }
    return "nothing";
}

// Of a device, of the tensor library's own allocator on the CPU (a real one), and of the standard library's
TEST(MemoryError, saysWhatWasNeededAndWhatHelps)
{
    const std::vector<std::pair<std::function<void()>, std::string>> faults
    {
        {[] { TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.8 GiB total"); },
            "Tried to allocate 2.00 GiB (GPU 0; 7.8 GiB total"},
        {[] { torch::empty({std::int64_t(1) << 50}); }, "4503599627370496"},
        {[] { throw std::bad_alloc(); }, "an allocation that failed"}
    };
    for (const auto& [fault, told] : faults)
    {
        const std::string message = messageOf(fault);
        for (const std::string& words : {std::string("Out of memory"), std::string("model m"), told, std::string("entry tiles"),
            std::string("precision bfloat16"), std::string("fewer members"), std::string("device cpu"),
            std::string("GB of the machine's memory are free")})
        {
            EXPECT_NE(message.find(words), std::string::npos) << words << " is not in " << message;
        }
    }
}

TEST(MemoryError, otherErrorsStayWhatTheyAre)
{
    const std::string message = messageOf([] { TORCH_CHECK(false, "sizes differ"); });
    EXPECT_NE(message.find("sizes differ"), std::string::npos);
    EXPECT_EQ(message.find("Out of memory"), std::string::npos);
}

} // namespace
} // namespace surrogate
