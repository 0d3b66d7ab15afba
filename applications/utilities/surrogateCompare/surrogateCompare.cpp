// Compares runs of one flow with a reference run; see usage.h for input and output.

#include "cases/caseCommand.h"
#include "dataSets/comparison.h"
#include "dataSets/membersPictures.h"
#include "dataSets/pictures.h"
#include "dataSets/report.h"
#include "usage.h"

#include "core/error.h"

#include <cmath>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>

namespace
{

using namespace surrogate;

struct Arguments
{
    CaseCommand command;
    std::vector<std::string> options;   //!< those that were given
    bool help = false;

    //- Of the form with comparison.json
    bool isList() const
    {
        return command.compare.paths.size() == 1 && std::filesystem::path(command.compare.paths[0]).extension() == ".json";
    }
};

using Reader = std::function<void(CaseCommand&, const std::string& value, const std::string& option)>;

double numberOf(const std::string& value, const std::string& option)
{
    const std::vector<double> numbers = numberList(value, option);
    if (numbers.size() != 1) throw Error({"An option has more than one value", "option " + option, "one number", value, {}});
    return numbers[0];
}

int countOf(double value, const std::string& option)
{
    if (value >= 1 && value == std::floor(value) && value < 1e6) return int(value);
    throw Error({"Not a number of cells or times", "option " + option, "a whole number, 1 or more", std::to_string(value), {}});
}

void readPlane(CaseCommand& command, const std::string& value, const std::string& option)
{
    const std::vector<std::string> words = wordList(value, option);
    command.picture.plane.normal = words[0];
    if (words.size() > 1) command.picture.plane.position = numberOf(words[1], option);
    if (words.size() > 2) throw Error({"No such plane", "option " + option, "a normal and a position", value, {}});
}

void readZoom(CaseCommand& command, const std::string& value, const std::string& option)
{
    const std::vector<double> ends = numberList(value, option);
    if (ends.size() != 4) throw Error({"No such part of a plane", "option " + option, "four numbers, x0 x1 y0 y1", value, {}});
    command.picture.plane.zoom = {{ends[0], ends[1], ends[2], ends[3]}};
}

void readGrid(CaseCommand& command, const std::string& value, const std::string& option)
{
    for (const double cells : numberList(value, option)) command.compare.gridCells.push_back(countOf(cells, option));
}

//- With a value each
const std::map<std::string, Reader>& readers()
{
    using Text = const std::string&;
    static const std::map<std::string, Reader> all
    {
        {"-output", [](CaseCommand& c, Text value, Text) { c.output = value; }},
        {"-name", [](CaseCommand& c, Text value, Text option) { c.compare.names = wordList(value, option); }},
        {"-fields", [](CaseCommand& c, Text value, Text option) { c.compare.fields = wordList(value, option); }},
        {"-velocity", [](CaseCommand& c, Text value, Text) { c.compare.velocity = value; }},
        {"-times", [](CaseCommand& c, Text value, Text) { c.compare.times = TimeRanges(value); }},
        {"-patches", [](CaseCommand& c, Text value, Text option) { c.compare.patches = wordList(value, option); }},
        {"-pictureFields", [](CaseCommand& c, Text value, Text option) { c.picture.fields = wordList(value, option); }},
        {"-pictureTime", [](CaseCommand& c, Text value, Text option) { c.picture.time = numberOf(value, option); }},
        {"-vtkTimes", [](CaseCommand& c, Text value, Text option) { c.vtkTimes = std::size_t(countOf(numberOf(value, option), option)); }},
        {"-grid", readGrid},
        {"-plane", readPlane},
        {"-zoom", readZoom}
    };
    return all;
}

//- As a shell takes it
std::string quoted(const std::string& word)
{
    const char* const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,+=";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string result = "'";
    for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

//- Throws Error on what usage.h does not know
Arguments parse(int argc, char* argv[])
{
    Arguments arguments;
    CaseCommand& command = arguments.command;
    command.command = "surrogateCompare";
    for (int i = 1; i < argc; ++i) command.command += " " + quoted(argv[i]);
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        if (word.rfind('-', 0) != 0)
        {
            command.compare.paths.push_back(word);
            continue;
        }
        arguments.options.push_back(word);
        const auto reader = readers().find(word);
        if (word == "-help" || word == "--help" || word == "-h") arguments.help = true;
        else if (word == "-noPictures") command.pictures = false;
        else if (word == "-noVtk") command.vtk = false;
        else if (reader == readers().end())
        {
            std::vector<std::string> known{"-noPictures", "-noVtk", "-help"};
            for (const auto& [name, read] : readers()) known.push_back(name);
            throw Error({"Unknown option", "command line", "one of those below", word, known});
        }
        else if (i + 1 == argc) throw Error({"An option lacks its value", "command line", word + " VALUE", "nothing", {}});
        else reader->second(command, argv[++i], word);
    }
    return arguments;
}

void check(const Arguments& arguments)
{
    const std::vector<std::string>& paths = arguments.command.compare.paths;
    if (paths.empty())
    {
        throw Error({"There is nothing to compare", "command line",
            "a reference case and one or more runs, or one JSON file, see surrogateCompare -help", "none", {}});
    }
    for (const std::string& path : paths)
    {
        if (std::filesystem::path(path).extension() != ".json" || paths.size() == 1) continue;
        throw Error({"A list of runs stands alone", "command line", "one JSON file, or cases and data sets", join(paths), {}});
    }
    if (arguments.isList())
    {
        for (const std::string& option : arguments.options)
        {
            if (option == "-output" || option == "-noPictures" || option == "-noVtk") continue;
            throw Error({"An option is not for lists of runs", "command line", "one of those below", option,
                {"-output", "-noPictures", "-noVtk"}});
        }
        return;
    }
    if (paths.size() < 2)
    {
        throw Error({"There is no run to compare with the reference", "command line", "a reference and one or more runs", paths[0], {}});
    }
}

void runList(const CaseCommand& command)
{
    const ComparisonInput input = ComparisonInput::read(command.compare.paths[0]);
    const ComparisonResult result = compare(input);
    const Machine machine = Machine::here();

    const std::filesystem::path output = command.output.empty()
        ? std::filesystem::path(command.compare.paths[0]).parent_path()/"results" : std::filesystem::path(command.output);
    std::error_code failure;
    std::filesystem::create_directories(output, failure);
    if (failure) throw Error({"Cannot make the output folder", output.string(), "", failure.message(), {}});

    writeSummary((output/"summary.json").string(), input, result, machine);
    printTable(std::cout, input, result, machine);
    if (command.pictures)
    {
        drawComparison((output/"comparison.png").string(), input, result);
        if (command.vtk) writeSeries(output.string(), input);
        if (input.hasMembers())
        {
            drawMemberFields((output/"vorticity.png").string(), input);
            drawMemberStatistics((output/"statistics.png").string(), input, result);
        }
    }
    writeReport(output.string(), input, result, machine, command.command, command.pictures);
}

} // namespace

int main(int argc, char* argv[])
{
    try
    {
        const Arguments arguments = parse(argc, argv);
        if (arguments.help)
        {
            std::cout << usage;
            return 0;
        }
        check(arguments);
        if (arguments.isList()) runList(arguments.command);
        else run(arguments.command);
    }
    catch (const std::exception& error)
    {
        std::cout.flush();
        std::cerr << "surrogateCompare: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
