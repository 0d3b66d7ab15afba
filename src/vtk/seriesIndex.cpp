#include "vtk/seriesIndex.h"

#include "core/error.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iomanip>

namespace surrogate
{

namespace
{

//- The value of NAME="..." in the line; empty where there is none
std::string attribute(const std::string& line, const std::string& name)
{
    const std::size_t start = line.find(" " + name + "=\"");
    if (start == std::string::npos) return "";
    const std::size_t begin = start + name.size() + 3;
    return line.substr(begin, line.find('"', begin) - begin);
}

} // namespace

SeriesIndex::SeriesIndex(std::string path) : path_(std::move(path)) { read(); }

void SeriesIndex::read()
{
    std::ifstream index(path_);
    std::string line;
    while (std::getline(index, line))
    {
        if (line.find("<DataSet ") == std::string::npos) continue;
        const std::string time = attribute(line, "timestep"), file = attribute(line, "file");
        char* end = nullptr;
        const double value = std::strtod(time.c_str(), &end);
        if (time.empty() || *end != '\0' || file.empty())
        {
            throw Error({"Cannot read the index of a VTK series", path_, "timestep and file of each DataSet", line, {}});
        }
        entries_.emplace_back(value, file);
    }
}

void SeriesIndex::write() const
{
    const std::string temporary = path_ + ".writing";
    std::ofstream index(temporary);
    index << "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
        << "<Collection>\n" << std::setprecision(12);
    for (const auto& [time, file] : entries_)
    {
        index << "<DataSet timestep=\"" << time << "\" part=\"0\" file=\"" << file << "\"/>\n";
    }
    index << "</Collection>\n</VTKFile>\n";
    index.close();
    if (!index || std::rename(temporary.c_str(), path_.c_str()) != 0)
    {
        throw Error({"Cannot write the index of a VTK series", path_, "a folder that can be written", std::strerror(errno), {}});
    }
}

void SeriesIndex::removeFrom(double time)
{
    const auto later = [&](const std::pair<double, std::string>& entry)
    {
        return entry.first >= time - 1e-9*std::max(1.0, std::abs(time));
    };
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), later), entries_.end());
}

void SeriesIndex::append(double time, const std::string& file)
{
    entries_.emplace_back(time, file);
    write();
}

void removeSeries(const std::string& path)
{
    namespace fs = std::filesystem;
    if (fs::is_directory(path))
    {
        for (const auto& entry : fs::directory_iterator(path))
        {
            const std::string suffix = entry.path().extension().string();
            if (entry.is_regular_file() && (suffix == ".vti" || suffix == ".vtu")) continue;
            throw Error({"A folder is in the way of a VTK series", path, "no such folder, or one with .vti and .vtu files alone",
                entry.path().filename().string() + " in it; choose another output folder", {}});
        }
        fs::remove_all(path);
    }
    fs::remove(path + ".pvd");
}

} // namespace surrogate
