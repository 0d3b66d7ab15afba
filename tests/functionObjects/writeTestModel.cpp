// Writes the model files that the tests of the function objects use.
//
// usage: writeTestModel FILE CELLS VARIABLES TIMESTEP [identity | random | overflow] [method=NAME] [network=NAME]
//                       [history=N] [walls] [FIELD=EXPONENT_OF_M,EXPONENT_OF_S[,EXPONENT_OF_K] ...]
//   CELLS      of the square periodic grid, along each side
//   VARIABLES  vorticity or fields
//   identity   predicts no change; random: some change; overflow: infinity
//   method     emulator (the default), hierarchicalEmulator (two hints), sns or thermalizer; these two are diffusion models of 20
//              levels
//   network    uNet (the default), recurrFno, or upt, which is for the cells of any mesh
//   history    states that an emulator sees, by default 1
//   walls      at the lower and the upper y, the grid is not periodic there
//   FIELD      one component, beside U

#include "model/surrogate.h"

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

namespace
{

using namespace surrogate;

Manifest makeManifest(int cells, const std::string& variables, double timeStep)
{
    Manifest manifest;
    manifest.method = "emulator";
    manifest.network = "uNet";
    manifest.networkSettings.set("width", 4L);
    manifest.networkSettings.set("multipliers", std::vector<long>{1, 2});
    manifest.networkSettings.set("blocks", 1L);
    manifest.fields = FieldList({Field{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}});
    manifest.grid.dimensions = 2;
    manifest.grid.cells = {{cells, cells, 1}};
    manifest.grid.upper = {{2*M_PI, 2*M_PI, 1}};
    manifest.grid.periodic = {{true, true, false}};
    manifest.variables = variables;
    manifest.variableNames = {"U_x", "U_y"};
    if (variables == "vorticity") manifest.variableNames.insert(manifest.variableNames.begin(), "vorticity");
    manifest.timeStep = timeStep;
    return manifest;
}

void addField(Manifest& manifest, const std::string& text)
{
    const std::size_t equals = text.find('=');
    Field field{text.substr(0, equals), 1, {}};
    std::istringstream exponents(text.substr(equals + 1));
    std::string exponent;
    for (std::size_t i = 1; std::getline(exponents, exponent, ','); ++i) field.dimensions.at(i) = std::stod(exponent);
    std::vector<Field> fields = manifest.fields.all();
    fields.push_back(field);
    manifest.fields = fields;
    manifest.variableNames.push_back(field.name);
}

void setWalls(Manifest& manifest)
{
    manifest.grid.periodic[1] = false;
    manifest.grid.walls[1] = {{true, true}};
}

void setMethod(Manifest& manifest, const std::string& method)
{
    manifest.method = method;
    if (method == "emulator") return;
    if (method == "hierarchicalEmulator")
    {
        manifest.hierarchy = Hierarchy{{2, 8}, {}};
        return;
    }
    manifest.diffusion.set("schedule", std::string("cosine"));
    manifest.diffusion.set("levels", 20L);
}

void setNetwork(Manifest& manifest, const std::string& network)
{
    manifest.network = network;
    if (network == "uNet") return;
    manifest.networkSettings = Settings("network");
    if (network == "upt")
    {
        manifest.grid.points = true;
        manifest.grid.cells = {{manifest.grid.cells[0]*manifest.grid.cells[1], 1, 1}};
        manifest.geometry = GeometryChannels{{"distance", "size", "boundary"}, 1.0};
        manifest.networkSettings.set("width", 16L);
        manifest.networkSettings.set("heads", 2L);
        manifest.networkSettings.set("blocks", 1L);
        manifest.networkSettings.set("supernodes", 40L);
        return;
    }
    manifest.networkSettings.set("width", 4L);
    manifest.networkSettings.set("layers", 1L);
}

} // namespace

int main(int argc, char* argv[])
try
{
    const std::string path = argv[1], variables = argv[3], kind = argc > 5 ? argv[5] : "identity";
    Manifest manifest = makeManifest(std::atoi(argv[2]), variables, std::atof(argv[4]));
    for (int i = 6; i < argc; ++i)
    {
        const std::string option = argv[i];
        if (option == "walls") setWalls(manifest);
        else if (option.rfind("network=", 0) == 0) setNetwork(manifest, option.substr(8));
        else if (option.rfind("history=", 0) == 0) manifest.history = std::stoi(option.substr(8));
        else option.rfind("method=", 0) == 0 ? setMethod(manifest, option.substr(7)) : addField(manifest, option);
    }
    manifest.mean.assign(manifest.variableNames.size(), 0.0);
    manifest.stddev.assign(manifest.variableNames.size(), 1.0);
    manifest.incrementStddev.assign(variables == "vorticity" ? 1 : manifest.variableNames.size(), 0.01);
    if (manifest.hierarchy) manifest.hierarchy->incrementStddev.assign(2, manifest.incrementStddev);
    if (kind == "overflow") manifest.incrementStddev[0] = 1e300;
    const std::map<std::string, double> outputScale{{"identity", 0}, {"random", 1}, {"overflow", 1e38}};
    writeUntrainedSurrogate(path, manifest, 1, outputScale.at(kind));
    return 0;
}
catch (const std::exception& error)
{
    std::cerr << error.what() << std::endl;
    return 1;
}
