#pragma once

#include <string>
#include <utility>
#include <vector>

namespace surrogate
{

//- NAME.pvd: which file belongs to which time. Complete on the disk after every append.
class SeriesIndex
{
public:

    //- `path` of the file; an existing one is gone on with. Throws Error where it cannot be read.
    explicit SeriesIndex(std::string path);

    const std::string& path() const { return path_; }

    //- Time [s] and file of each entry, the file relative to the index
    const std::vector<std::pair<double, std::string>>& entries() const { return entries_; }

    //- Drops the entries at that time or later
    void removeFrom(double time);

    //- Throws Error where the index cannot be written
    void append(double time, const std::string& file);

private:

    void read();
    void write() const;

    std::string path_;
    std::vector<std::pair<double, std::string>> entries_;
};

//- Removes a series, PATH.pvd and the folder PATH. Throws Error where the folder holds anything but files .vti and .vtu: then
//  it is not a series, and nothing is removed.
void removeSeries(const std::string& path);

} // namespace surrogate
