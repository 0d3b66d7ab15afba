// Measures what the sampler dpmSolverV3 must know of a diffusion model, and adds it to the model's file.

#include "core/error.h"
#include "model/surrogate.h"

#include <cstdlib>
#include <iostream>

namespace
{

const char* const usage =
    "Usage: surrogateStatistics [OPTIONS] <model.safetensors> <data set.h5> ...\n"
    "options:\n"
    "  -snapshots <N>      of the data sets, evenly spread, over which is averaged (default 32)\n"
    "  -nodes <N>          noise levels at which is measured (default 40); each costs 5 evaluations of all snapshots\n"
    "  -device <name>      auto, cpu, cuda, cuda:N or staged (default auto)\n"
    "  -precision <name>   auto, float32, bfloat16 or float64 (default float32)\n"
    "  -help               this text\n"
    "\n"
    "Adds to the model file the statistics of its network that the sampler dpmSolverV3 needs: arrays statistics.lambda, l, s, b.\n"
    "The data sets are such as fieldSnapshots records, with the model's fields on its grid.\n";

struct Arguments
{
    std::vector<std::string> files;
    int snapshots = 32, nodes = 40;
    surrogate::RuntimeOptions runtime;
};

int atLeast(const std::string& option, const std::string& text, int least)
{
    char* end = nullptr;
    const long value = std::strtol(text.c_str(), &end, 10);
    if (text.empty() || *end || value < least)
    {
        throw surrogate::Error({"Not a number", "option " + option, std::to_string(least) + " or more", text, {}});
    }
    return int(value);
}

Arguments read(int argc, char* argv[])
{
    Arguments arguments;
    arguments.runtime.precision = "float32";
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        if (word[0] != '-') { arguments.files.push_back(word); continue; }
        const std::string value = i + 1 < argc ? argv[++i] : "";
        if (word == "-snapshots") arguments.snapshots = atLeast(word, value, 1);
        else if (word == "-nodes") arguments.nodes = atLeast(word, value, 2);
        else if (word == "-device") arguments.runtime.device = value;
        else if (word == "-precision") arguments.runtime.precision = value;
        else throw surrogate::Error({"Unknown option", "command line", "one of the names below", word,
            {"-snapshots", "-nodes", "-device", "-precision", "-help"}});
    }
    arguments.runtime.check("command line");
    if (arguments.files.size() < 2)
    {
        throw surrogate::Error({"Too few files", "command line", "a model file and at least one data set",
            std::to_string(arguments.files.size()) + " files", {}});
    }
    return arguments;
}

} // namespace

int main(int argc, char* argv[])
{
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        if (word == "-help" || word == "--help" || word == "-h") { std::cout << usage; return 0; }
    }
    try
    {
        const Arguments arguments = read(argc, argv);
        const std::string model = arguments.files.front();
        surrogate::addStatistics(model, {arguments.files.begin() + 1, arguments.files.end()}, arguments.snapshots,
            arguments.nodes, arguments.runtime);
        std::cout << "surrogateStatistics: added to " << model << "\n";
    }
    catch (const surrogate::Error& error)
    {
        std::cerr << "surrogateStatistics: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
