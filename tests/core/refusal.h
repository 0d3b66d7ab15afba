#pragma once

#include "core/error.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace surrogate
{

//- The call must throw an Error whose message contains each of the texts
template<class Call>
void expectRefusal(Call call, const std::vector<std::string>& texts)
{
    try
    {
        call();
    }
    catch (const Error& error)
    {
        const std::string message = error.what();
        for (const std::string& text : texts)
        {
            EXPECT_NE(message.find(text), std::string::npos) << "no \"" << text << "\" in:\n" << message;
        }
        return;
    }
    ADD_FAILURE() << "no Error, expected one with " << join(texts);
}

} // namespace surrogate
