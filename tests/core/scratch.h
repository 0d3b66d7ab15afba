#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace surrogate
{

//- A folder of the test's own, gone with it
class Scratch
{
public:

    Scratch()
    {
        std::string name = (std::filesystem::temp_directory_path()/"surrogateTestXXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Scratch() { std::filesystem::remove_all(path_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    std::string operator/(const std::string& name) const { return (path_/name).string(); }
    const std::filesystem::path& path() const { return path_; }

private:

    std::filesystem::path path_;
};

} // namespace surrogate
