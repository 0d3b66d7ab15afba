#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>

namespace surrogate
{

struct CommandOutput
{
    int status = -1;
    std::string text;   //!< standard output and standard error together
};

//- Runs a command with the shell
inline CommandOutput runCommand(const std::string& command)
{
    CommandOutput output;
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (!pipe) return output;
    std::array<char, 4096> buffer;
    while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.text.append(buffer.data(), n);
    const int status = pclose(pipe);
    output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return output;
}

} // namespace surrogate
