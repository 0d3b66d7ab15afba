#include "postProcessing.h"

#include "core/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace surrogate
{

namespace
{

namespace fs = std::filesystem;

std::optional<double> number(const std::string& word)
{
    char* end = nullptr;
    const double value = std::strtod(word.c_str(), &end);
    if (word.empty() || end == word.c_str() || *end != '\0') return {};
    return value;
}

//- Folders of times in ascending order
std::vector<fs::path> timeFolders(const fs::path& folder)
{
    std::vector<std::pair<double, fs::path>> found;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        if (!entry.is_directory()) continue;
        if (const auto time = number(entry.path().filename().string())) found.emplace_back(*time, entry.path());
    }
    std::sort(found.begin(), found.end());
    std::vector<fs::path> paths;
    for (const auto& [time, path] : found) paths.push_back(path);
    return paths;
}

//- Folders below postProcessing, one a function object, by name
std::vector<fs::path> functionObjects(const std::string& caseFolder)
{
    std::vector<fs::path> found;
    const fs::path all = fs::path(caseFolder)/"postProcessing";
    if (caseFolder.empty() || !fs::is_directory(all)) return found;
    for (const auto& entry : fs::directory_iterator(all))
    {
        if (entry.is_directory()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

//- Words of a line, parentheses that group components left out; those that belong to a name, as in Cd(f), stay
std::vector<std::string> words(const std::string& line)
{
    std::istringstream in(line);
    std::vector<std::string> found;
    for (std::string word; in >> word;)
    {
        if (word.front() == '(') word.erase(0, word.find_first_not_of('('));
        while (!word.empty() && word.back() == ')' && word.find('(') == std::string::npos) word.pop_back();
        if (!word.empty()) found.push_back(word);
    }
    return found;
}

//- A table of OpenFOAM's: comments with constants, one with the columns, lines of numbers
struct Columns
{
    std::vector<std::string> names;
    std::map<std::string, double> constants;
    std::vector<std::vector<double>> rows;
};

Columns readColumns(const fs::path& path)
{
    Columns columns;
    std::ifstream file(path);
    std::size_t lineNumber = 0;
    for (std::string line; std::getline(file, line);)
    {
        ++lineNumber;
        if (line.empty()) continue;
        if (line[0] == '#')
        {
            const std::vector<std::string> found = words(line.substr(1));
            if (!found.empty() && found[0] == "Time") columns.names = found;
            if (found.size() == 3 && found[1] == ":" && number(found[2])) columns.constants[found[0]] = *number(found[2]);
            continue;
        }
        std::vector<double> row;
        for (const std::string& word : words(line))
        {
            const auto value = number(word);
            if (!value)
            {
                throw Error({"A table of forces cannot be read", path.string() + " line " + std::to_string(lineNumber),
                    "numbers", word, {}});
            }
            row.push_back(*value);
        }
        if (row.size() == columns.names.size()) columns.rows.push_back(row);   // a killed run may leave half a line
    }
    return columns;
}

//- Adds the rows of one more time folder
void extend(std::vector<ForceSeries>& series, const std::string& object, const Columns& columns)
{
    if (columns.rows.empty()) return;
    for (std::size_t i = 1; i < columns.names.size(); ++i)
    {
        const std::string name = object + "/" + columns.names[i];
        auto it = std::find_if(series.begin(), series.end(), [&](const ForceSeries& s) { return s.name == name; });
        if (it == series.end())
        {
            series.emplace_back();
            it = series.end() - 1;
            it->name = name;
        }
        while (!it->times.empty() && it->times.back() >= columns.rows.front()[0])
        {
            it->times.pop_back();
            it->values.pop_back();
        }
        for (const std::vector<double>& row : columns.rows)
        {
            if (!it->times.empty() && row[0] <= it->times.back()) continue;
            it->times.push_back(row[0]);
            it->values.push_back(row[i]);
        }
        const auto length = columns.constants.find("lRef"), speed = columns.constants.find("magUInf");
        if (length != columns.constants.end() && speed != columns.constants.end() && speed->second > 0)
        {
            it->timeScale = length->second/speed->second;
        }
    }
}

//- First and last time with what had been spent by then
struct LogTimes
{
    std::string application;
    std::size_t steps = 0;
    std::array<double, 3> first{}, last{};   // time, processor time, wall time
};

LogTimes readLog(const fs::path& path)
{
    LogTimes log;
    std::ifstream file(path);
    std::optional<double> time;
    for (std::string line; std::getline(file, line);)
    {
        if (log.application.empty() && line.rfind("Exec   : ", 0) == 0) log.application = line.substr(9, line.find(' ', 9) - 9);
        if (line.rfind("Time = ", 0) == 0) time = std::strtod(line.c_str() + 7, nullptr);
        if (!time || line.rfind("ExecutionTime = ", 0) != 0) continue;
        const auto clock = line.find("ClockTime = ");
        const double processor = std::strtod(line.c_str() + 16, nullptr);
        const std::array<double, 3> now{{*time, processor,
            clock == std::string::npos ? processor : std::strtod(line.c_str() + clock + 12, nullptr)}};
        if (log.steps++ == 0 || now[0] < log.first[0]) log.first = now;
        log.last = now;
    }
    return log;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size()/2;
    return values.size()%2 ? values[half] : (values[half - 1] + values[half])/2;
}

} // namespace

std::vector<ForceSeries> readForces(const std::string& caseFolder)
{
    std::vector<ForceSeries> series;
    for (const fs::path& object : functionObjects(caseFolder))
    {
        for (const fs::path& folder : timeFolders(object))
        {
            for (const char* name : {"coefficient.dat", "forceCoeffs.dat", "force.dat", "forces.dat"})
            {
                if (fs::exists(folder/name)) extend(series, object.filename().string(), readColumns(folder/name));
            }
        }
    }
    return series;
}

std::optional<RunCost> readCost(const std::string& caseFolder)
{
    if (caseFolder.empty()) return {};
    LogTimes best;
    fs::path file;
    for (const auto& entry : fs::directory_iterator(caseFolder))
    {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file() || (name != "log" && name.rfind("log.", 0) != 0)) continue;
        const LogTimes log = readLog(entry.path());
        const bool same = log.steps == best.steps && !file.empty() && entry.path() < file;
        if (log.steps <= best.steps && !same) continue;
        best = log;
        file = entry.path();
    }
    if (best.steps < 2 || !(best.last[0] > best.first[0])) return {};

    std::vector<double> processor, wall;
    const auto add = [&](const LogTimes& log)
    {
        processor.push_back((log.last[1] - log.first[1])/(log.last[0] - log.first[0]));
        wall.push_back((log.last[2] - log.first[2])/(log.last[0] - log.first[0]));
    };
    add(best);
    for (int round = 2;; ++round)
    {
        const fs::path again = file.string() + "." + std::to_string(round);
        if (!fs::exists(again)) break;
        const LogTimes log = readLog(again);
        if (log.steps == best.steps) add(log);
    }
    return RunCost{file.string(), best.application, long(best.steps), int(processor.size()), median(processor), median(wall),
        best.first[0], best.last[0]};
}

std::optional<StepTakers> readStepTakers(const std::string& caseFolder)
{
    std::optional<StepTakers> all;
    for (const fs::path& object : functionObjects(caseFolder))
    {
        for (const fs::path& folder : timeFolders(object))
        {
            std::map<std::string, double> entries;
            std::ifstream file(folder/"summary.dat");
            std::string key, value;
            while (file >> key >> value) entries[key] = std::strtod(value.c_str(), nullptr);
            if (!entries.count("stepsBySolver")) continue;
            if (!all) all.emplace();
            all->bySolver += std::lround(entries["stepsBySolver"]);
            all->byModel += std::lround(entries["stepsByModel"]);
            all->rejected += std::lround(entries["stepsRejected"]);
            all->simulatedBySolver += entries["simulatedBySolver[s]"];
            all->simulatedByModel += entries["simulatedByModel[s]"];
            if (std::isfinite(entries["speedUp"]) && entries["speedUp"] > 0) all->speedUp = entries["speedUp"];
        }
    }
    return all;
}

} // namespace surrogate
