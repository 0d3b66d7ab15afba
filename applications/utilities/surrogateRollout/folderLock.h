#pragma once

#include <string>

namespace surrogate
{

//- Keeps a folder for one process: two that write the same rollout would ruin each other's files. Held for the object's lifetime, and
//  no longer than the process lives. Where the file system knows no locks it holds nothing.
class FolderLock
{
public:

    //- Makes the folder and FOLDER/lock where they are not there. Throws Error where another process holds the lock, or the file
    //  cannot be made.
    explicit FolderLock(const std::string& folder);

    ~FolderLock();

    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:

    int file_;
};

} // namespace surrogate
