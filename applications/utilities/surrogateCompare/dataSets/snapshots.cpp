#include "snapshots.h"

#include "core/error.h"
#include "core/metrics.h"

#include <algorithm>

namespace surrogate
{

void checkBox(const DatasetReader& data, const FlowField& flow)
{
    const Grid& grid = data.grid();
    grid.requireLattice("A comparison of data sets", data.path());
    if (!data.fields().contains(flow.name))
    {
        throw Error({flow.isVorticity ? "A data set lacks the vorticity" : "A data set lacks the velocity", data.path(), flow.name,
            "none of that name", data.fields().names()});
    }
    const int components = data.fields().get(flow.name).components;
    if (grid.dimensions == 2 && grid.periodic[0] && grid.periodic[1] && components == (flow.isVorticity ? 1 : 2)) return;
    throw Error({"A data set is not one that surrogateCompare compares", data.path(),
        "a 2-D grid, periodic in x and y, and a velocity of 2 components or a vorticity of 1", grid.describe(), {}});
}

State readVelocity(const DatasetReader& data, std::size_t index, const FlowField& flow)
{
    const State read = data.read(0, index, {flow.name});
    if (!flow.isVorticity) return read;
    State state(read.grid, FieldList({{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}}), read.time);
    state.values = flow.velocity(read.grid, read.channel(0));
    return state;
}

SnapshotSeries readSeries(const std::string& path, const FlowField& flow, double from, std::size_t stride)
{
    const DatasetReader data(path);
    checkBox(data, flow);
    const Grid& grid = data.grid();
    const double tolerance = data.nTimes() > 1 ? 0.01*data.interval() : 1e-6;
    SnapshotSeries series;
    for (std::size_t index = 0; index < data.nTimes(); index += stride)
    {
        if (data.times()[index] < from - tolerance) continue;
        const State state = readVelocity(data, index, flow);
        series.times.push_back(data.times()[index]);
        series.energies.push_back(kineticEnergy(grid, state.channel(0)));
        series.enstrophies.push_back(enstrophy(grid, state.channel(0)));
        series.spectra.push_back(energySpectrum(grid, {state.channel(0), state.channel(1)}));
        series.spectra.back().resize(std::size_t(std::min(grid.cells[0], grid.cells[1])/2) + 1);
    }
    return series;
}

std::vector<double> meanSpectrum(const std::vector<std::vector<std::vector<double>>>& lists)
{
    std::vector<double> mean;
    std::size_t count = 0;
    for (const auto& spectra : lists)
    {
        for (const std::vector<double>& spectrum : spectra)
        {
            mean.resize(spectrum.size(), 0.0);
            for (std::size_t k = 0; k < spectrum.size(); ++k) mean[k] += spectrum[k];
            ++count;
        }
    }
    for (double& shell : mean) shell /= double(count);
    return mean;
}

int lastCommonShell(const std::vector<double>& a, const std::vector<double>& b, long last)
{
    return int(std::min(last, long(std::min(a.size(), b.size())) - 1));
}

} // namespace surrogate
