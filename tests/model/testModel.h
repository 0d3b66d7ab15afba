#pragma once

#include "core/bundle.h"
#include "core/scratch.h"
#include "model/surrogate.h"

#include <cmath>
#include <string>

namespace surrogate::testing
{

//- A small emulator of a 16 x 16 periodic flow
inline Manifest smallManifest(const std::string& variables = "vorticity")
{
    Manifest manifest;
    manifest.method = "emulator";
    manifest.network = "uNet";
    manifest.networkSettings.set("width", 4L);
    manifest.networkSettings.set("multipliers", std::vector<long>{1, 2});
    manifest.networkSettings.set("blocks", 1L);
    manifest.fields = FieldList({Field{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}});
    manifest.grid.dimensions = 2;
    manifest.grid.cells = {{16, 16, 1}};
    manifest.grid.upper = {{2*M_PI, 2*M_PI, 1}};
    manifest.grid.periodic = {{true, true, false}};
    manifest.variables = variables;
    const bool vorticity = variables == "vorticity";
    manifest.variableNames = vorticity ? std::vector<std::string>{"vorticity", "U_x", "U_y"} : std::vector<std::string>{"U_x", "U_y"};
    manifest.mean.assign(manifest.variableNames.size(), 0.0);
    manifest.stddev.assign(manifest.variableNames.size(), 1.0);
    manifest.incrementStddev.assign(vorticity ? 1 : 2, 0.1);
    manifest.timeStep = 0.2;
    return manifest;
}

//- A travelling pair of waves, discretely divergence-free: U = curl of a stream function, by central differences
inline State wavyState(const Grid& grid, double time = 0)
{
    State state(grid, FieldList({Field{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}}), time);
    const auto psi = [&](int i, int j)
    {
        const double x = (i + 0.5)*grid.spacing(0), y = (j + 0.5)*grid.spacing(1);
        return std::sin(x - 0.5*time)*std::cos(y) + 0.3*std::cos(2*x + y + time);
    };
    for (int j = 0; j < grid.cells[1]; ++j)
    {
        for (int i = 0; i < grid.cells[0]; ++i)
        {
            state.channel(0)[grid.index(i, j)] = (psi(i, j + 1) - psi(i, j - 1))/(2*grid.spacing(1));
            state.channel(1)[grid.index(i, j)] = -(psi(i + 1, j) - psi(i - 1, j))/(2*grid.spacing(0));
        }
    }
    return state;
}

} // namespace surrogate::testing
