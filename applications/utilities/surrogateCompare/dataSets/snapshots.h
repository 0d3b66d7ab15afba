#pragma once

#include "core/metrics/flowField.h"
#include "dataset/datasetReader.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Throws Error where the data set is not of a periodic 2-D box with that velocity or vorticity
void checkBox(const DatasetReader& data, const FlowField& flow);

//- The velocity alone, of one snapshot of such a data set
State readVelocity(const DatasetReader& data, std::size_t index, const FlowField& flow);

//- What one data set's snapshots give
struct SnapshotSeries
{
    std::vector<double> times;                    //!< as recorded [s]
    std::vector<double> energies, enstrophies;
    std::vector<std::vector<double>> spectra;     //!< energy by wave number, up to half the cells: beyond, a shell is not whole
};

//- Snapshots from time `from` on, every `stride`-th. Throws Error as checkBox does.
SnapshotSeries readSeries(const std::string& path, const FlowField& flow, double from, std::size_t stride = 1);

//- Over all spectra of all lists; empty where there is none
std::vector<double> meanSpectrum(const std::vector<std::vector<std::vector<double>>>& lists);

//- `last`, or the last one of the shorter spectrum
int lastCommonShell(const std::vector<double>& a, const std::vector<double>& b, long last);

} // namespace surrogate
