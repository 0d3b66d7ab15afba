#include "folderLock.h"

#include "core/error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

namespace surrogate
{

FolderLock::FolderLock(const std::string& folder)
{
    const std::string path = folder + "/lock";
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file_ < 0) throw Error({"The output folder cannot be written", path, "a file that can be made", std::strerror(errno), {}});
    if (flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    close(file_);
    throw Error({"The output folder is in use", path, "no other process that writes this rollout", "one that does", {}});
}

FolderLock::~FolderLock()
{
    close(file_);
}

} // namespace surrogate
