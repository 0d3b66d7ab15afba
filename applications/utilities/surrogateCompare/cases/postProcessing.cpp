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

//- A time step in a log, with what had been spent by then
struct LogStep { double time, processorTime, wallTime; };

struct Log
{
    std::string application;
    std::vector<LogStep> steps;
};

Log readLog(const fs::path& path)
{
    Log log;
    std::ifstream file(path);
    std::optional<double> time;
    for (std::string line; std::getline(file, line);)
    {
        if (log.application.empty() && line.rfind("Exec   : ", 0) == 0) log.application = line.substr(9, line.find(' ', 9) - 9);
        if (line.rfind("Time = ", 0) == 0) time = std::strtod(line.c_str() + 7, nullptr);
        if (!time || line.rfind("ExecutionTime = ", 0) != 0) continue;
        const auto clock = line.find("ClockTime = ");
        const double processor = std::strtod(line.c_str() + 16, nullptr);
        log.steps.push_back({*time, processor, clock == std::string::npos ? processor : std::strtod(line.c_str() + clock + 12, nullptr)});
    }
    return log;
}

//- Positions of the steps before the log's time jumps; the last step, too, where it comes as long after the last jump as each of
//  these after the one before
std::vector<std::size_t> stepsBeforeJumps(const std::vector<LogStep>& steps)
{
    std::vector<double> lengths;
    for (std::size_t i = 1; i < steps.size(); ++i) lengths.push_back(steps[i].time - steps[i - 1].time);
    std::nth_element(lengths.begin(), lengths.begin() + std::ptrdiff_t(lengths.size()/2), lengths.end());
    const double usual = lengths[lengths.size()/2];
    std::vector<std::size_t> found;
    for (std::size_t i = 1; i < steps.size(); ++i)
    {
        if (steps[i].time - steps[i - 1].time > 1.5*usual) found.push_back(i - 1);
    }
    const std::size_t last = steps.size() - 1;
    if (found.empty() || found.back() == last) return found;
    const std::size_t cycle = found.size() > 1 ? found.back() - found[found.size() - 2] : found[0] + 1;
    if (last - found.back() == cycle) found.push_back(last);
    return found;
}

//- What passed between the first and the last step that count; see readCost
LogStep spent(const std::vector<LogStep>& steps, LogStep& first)
{
    const std::vector<std::size_t> jumps = stepsBeforeJumps(steps);
    first = jumps.size() > 1 ? steps[jumps.front()] : steps.front();
    const LogStep last = jumps.size() > 1 ? steps[jumps.back()] : steps.back();
    return {last.time - first.time, last.processorTime - first.processorTime, last.wallTime - first.wallTime};
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
    Log best;
    fs::path file;
    for (const auto& entry : fs::directory_iterator(caseFolder))
    {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file() || (name != "log" && name.rfind("log.", 0) != 0)) continue;
        Log log = readLog(entry.path());
        const bool same = log.steps.size() == best.steps.size() && !file.empty() && entry.path() < file;
        if (log.steps.size() <= best.steps.size() && !same) continue;
        best = std::move(log);
        file = entry.path();
    }
    if (best.steps.size() < 2) return {};

    LogStep first{};
    const LogStep all = spent(best.steps, first);
    if (!(all.time > 0)) return {};
    std::vector<double> processor, wall;
    const auto add = [&](const LogStep& round)
    {
        processor.push_back(round.processorTime/round.time);
        wall.push_back(round.wallTime/round.time);
    };
    add(all);
    for (int round = 2;; ++round)
    {
        const fs::path again = file.string() + "." + std::to_string(round);
        if (!fs::exists(again)) break;
        const Log log = readLog(again);
        LogStep ignored{};
        if (log.steps.size() == best.steps.size()) add(spent(log.steps, ignored));
    }
    RunCost cost{file.string(), best.application, long(best.steps.size()), int(processor.size()), median(processor), {}, first.time,
        first.time + all.time};
    if (all.wallTime >= 10) cost.wallTime = median(wall);
    return cost;
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
