#pragma once

#include "core/fieldList.h"
#include "core/grid.h"
#include "core/settings.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- What a model of a bounded flow asks of State::geometry
struct GeometryChannels
{
    std::vector<std::string> channels;   //!< what its network sees, some of names() or nothing
    double distanceLength = 0;           //!< [m]; the network sees tanh(distance/distanceLength), log2(size/distanceLength)

    //- fluid (of a lattice alone), distance; of points alone: size of the cell and boundary (one channel a kind of CellPoints)
    static std::vector<std::string> names() { return {"fluid", "distance", "size", "boundary"}; }

    //- Channels of the network
    int nChannels() const;
};

//- Of a hierarchical emulator: the coarse states ("hints") of coming times that it reads and predicts beside the next state.
//  Hint l (from 1) is l time steps ahead of the state, averaged over blocks of pool[l-1] cells along each axis.
struct Hierarchy
{
    std::vector<int> pool;                               //!< growing; empty: no hints
    std::vector<std::vector<double>> incrementStddev;    //!< of each hint's change over one time step, one a predicted channel

    //- The hints' grids. Throws Error, naming `where`, where `pool` does not grow or divide the cells along each axis.
    std::vector<Grid> grids(const Grid& grid, const std::string& where) const;
};

//- What a model file says of itself. See doc/model-file.md.
struct Manifest
{
    static constexpr int currentFormat = 1;

    int format = currentFormat;

    std::string method;         //!< which Stepper: "emulator", ...
    std::string network;        //!< which network: "uNet", ...
    Settings networkSettings;   //!< the network's options, defaults included

    FieldList fields;           //!< physical fields in and out, with dimensions
    Grid grid;

    //- How fields become the network's variables: "fields" (as they are) or "vorticity" (see model/torch/variables)
    std::string variables = "fields";
    std::vector<std::string> variableNames;   //!< one per input channel of the network, e.g. {"vorticity", "U_x", "U_y"}
    std::vector<double> mean;                 //!< one per input channel, physical units
    std::vector<double> stddev;               //!< one per input channel, physical units
    std::vector<double> incrementStddev;      //!< of the change over one time step, one per predicted channel: the first ones

    std::optional<GeometryChannels> geometry;   //!< where not set, the model needs no geometry

    std::optional<Hierarchy> hierarchy;         //!< of method hierarchicalEmulator, and of no other

    double timeStep = 0;        //!< [s]
    int history = 1;            //!< number of states that the model reads, the present one and those of the time steps before it;
                                //!< above 1 of method emulator alone

    Settings diffusion;         //!< schedule, steps, prediction; empty for an emulator

    std::map<std::string, std::string> origin;   //!< code version, data digest, seed, losses, how to reproduce

    //- Throws Error unless complete and consistent; `where` names the file
    void check(const std::string& where) const;
};

//- The manifest as indented JSON, as it stands in the model file and as modelInfo prints it. Throws Error where a setting is
//  not finite.
std::string toJson(const Manifest& manifest);

//- The reverse; types of settings are kept. Throws Error, naming `where` and the entry, on text that is not JSON, an entry that
//  is missing or of the wrong kind, and all that Manifest::check refuses.
Manifest manifestFromJson(const std::string& text, const std::string& where);

} // namespace surrogate
