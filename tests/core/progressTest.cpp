#include "core/progress.h"

#include <gtest/gtest.h>

using namespace surrogate;

TEST(Progress, clockText)
{
    EXPECT_EQ(clockText(0), "00:00:00");
    EXPECT_EQ(clockText(59.6), "00:01:00");
    EXPECT_EQ(clockText(3661), "01:01:01");
    EXPECT_EQ(clockText(400000), "111:06:40");
    EXPECT_EQ(clockText(-5), "00:00:00");
}

TEST(Progress, printsPlainLinesWhereThereIsNoTerminal)
{
    testing::internal::CaptureStdout();
    {
        Progress progress("training", 10, 4, 1000);
        progress.update(5, "too soon to print");
        progress.note("a note");
        progress.update(10, "loss 0.5");
    }
    const std::string text = testing::internal::GetCapturedStdout();
    EXPECT_EQ(text.rfind("a note\ntraining 10/10  ", 0), 0u) << text;
    EXPECT_NE(text.find("loss 0.5\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("too soon"), std::string::npos) << text;
    EXPECT_EQ(text.find('\r'), std::string::npos) << text;
    EXPECT_EQ(text.find('\033'), std::string::npos) << text;
}
