// Compares runs of one flow with a reference run; see usage.h for input and output.

#include "comparison.h"
#include "membersPictures.h"
#include "pictures.h"
#include "report.h"
#include "usage.h"

#include "core/error.h"

#include <filesystem>
#include <iostream>

namespace
{

using namespace surrogate;

struct Arguments
{
    std::string input, output;
    bool pictures = true, help = false;
};

//- Throws Error on what usage.h does not know
Arguments parse(int argc, char* argv[])
{
    Arguments arguments;
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        if (word == "-help" || word == "--help" || word == "-h") arguments.help = true;
        else if (word == "-noPictures") arguments.pictures = false;
        else if (word == "-output" && i + 1 < argc) arguments.output = argv[++i];
        else if (word.rfind('-', 0) == 0)
        {
            throw Error({"Unknown option", "command line", "one of those below", word, {"-output", "-noPictures", "-help"}});
        }
        else if (arguments.input.empty()) arguments.input = word;
        else throw Error({"More than one file", "command line", "one JSON file", word, {}});
    }
    if (arguments.input.empty() && !arguments.help)
    {
        throw Error({"No list of runs", "command line", "one JSON file, see surrogateCompare -help", "none", {}});
    }
    if (arguments.output.empty())
    {
        arguments.output = (std::filesystem::path(arguments.input).parent_path()/"results").string();
    }
    return arguments;
}

void run(const Arguments& arguments)
{
    const ComparisonInput input = ComparisonInput::read(arguments.input);
    const ComparisonResult result = compare(input);
    const Machine machine = Machine::here();

    const std::filesystem::path output = arguments.output;
    std::error_code failure;
    std::filesystem::create_directories(output, failure);
    if (failure) throw Error({"Cannot make the output folder", output.string(), "", failure.message(), {}});

    writeSummary((output/"summary.json").string(), input, result, machine);
    printTable(std::cout, input, result, machine);
    if (!arguments.pictures) return;
    drawComparison((output/"comparison.png").string(), input, result);
    writeSeries(output.string(), input);
    if (!input.hasMembers()) return;
    drawMemberFields((output/"vorticity.png").string(), input);
    drawMemberStatistics((output/"statistics.png").string(), input, result);
}

} // namespace

int main(int argc, char* argv[])
{
    try
    {
        const Arguments arguments = parse(argc, argv);
        if (arguments.help) std::cout << usage;
        else run(arguments);
    }
    catch (const Error& error)
    {
        std::cerr << "surrogateCompare: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
