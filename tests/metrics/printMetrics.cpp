// Metrics of fields and series in a file of raw doubles, for metricsTest.py; one line a metric: its name and values.
//   printMetrics fields FILE DIMENSIONS NX NY NZ LX LY LZ PERIODIC COMPONENTS   PERIODIC: 0 or 1 for all axes
//       FILE: volumes, boundary areas, truth, prediction; components one after the other
//   printMetrics series FILE N         FILE: times, one series, another
//   printMetrics snapshots FILE COUNT CELLS LAGS BINS LOWER UPPER
//       FILE: volumes, one series of snapshots, another; COUNT snapshots of CELLS values each
#include "core/metrics.h"

#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <string>

using namespace surrogate;

namespace
{

std::vector<double> readDoubles(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    const double* first = reinterpret_cast<const double*>(bytes.data());
    return {first, first + bytes.size()/sizeof(double)};
}

template<class Values>
void print(const std::string& name, const Values& values)
{
    std::cout << name;
    for (const auto& value : values) std::cout << ' ' << value;
    std::cout << '\n';
}

void print(const std::string& name, std::initializer_list<double> values) { print<std::initializer_list<double>>(name, values); }

void printOfGrid(const Grid& grid, const std::vector<const double*>& truth, const std::vector<const double*>& prediction)
{
    print("energySpectrum", energySpectrum(grid, truth));
    print("bsnmse", bsnmse(grid, truth, prediction));
    const auto bands = frmse(grid, truth, prediction);
    for (std::size_t band = 0; band < 3; ++band)
    {
        if (bands[band]) print("frmse" + std::to_string(band), {*bands[band]});
    }
    std::vector<double> power;
    for (const double* component : truth) addPower(grid, component, power);
    print("powerAlongAxes", powerAlongAxes(grid, power));
    for (const int patch : {3, 4})
    {
        const auto fits = [&](int axis) { return axis >= grid.dimensions || (grid.cells[axis]%patch == 0 && grid.cells[axis] >= 3*patch); };
        if (fits(0) && fits(1) && fits(2)) print("latticePeaks" + std::to_string(patch), {latticePeakHeight(grid, power, patch)});
    }
    if (grid.dimensions > 1)
    {
        print("zonalMean", zonalMean(grid, truth[0]));
    }
    if (grid.dimensions < 2 || truth.size() < std::size_t(grid.dimensions)) return;
    print("kineticEnergy", {kineticEnergy(grid, truth[0])});
    print("divergenceNorm", {divergenceNorm(grid, truth[0])});
    print("vorticity", vorticity(grid, truth[0]));
    print("enstrophy", {enstrophy(grid, truth[0])});
}

void fields(char** words)
{
    Grid grid;
    grid.dimensions = std::stoi(words[1]);
    for (int axis = 0; axis < grid.dimensions; ++axis)
    {
        grid.cells[axis] = std::stoi(words[2 + axis]);
        grid.upper[axis] = std::stod(words[5 + axis]);
        grid.periodic[axis] = words[8] == std::string("1");
    }
    const std::size_t components = std::stoul(words[9]), n = grid.nCells();
    const std::vector<double> data = readDoubles(words[0]);
    std::vector<const double*> truth, prediction;
    for (std::size_t c = 0; c < components; ++c)
    {
        truth.push_back(data.data() + (2 + c)*n);
        prediction.push_back(data.data() + (2 + components + c)*n);
    }
    const FieldErrors e = fieldErrors({n, data.data(), data.data() + n}, truth, prediction);
    print("fieldErrors", {e.vrmse, e.nrmse, e.pearson, e.rmse, e.relativeRmse, e.conserved, e.largest, e.boundary.value()});
    print("equalVolumes", {vrmse(truth[0], prediction[0], n), nrmse(truth[0], prediction[0], n), pearson(truth[0], prediction[0], n)});
    print("rateOfChange", {rateOfChange({n, data.data()}, truth, prediction, 0.25)});
    printOfGrid(grid, truth, prediction);
}

void series(char** words)
{
    const std::size_t n = std::stoul(words[1]);
    const std::vector<double> data = readDoubles(words[0]);
    const auto part = [&](std::size_t i) { return std::vector<double>(data.begin() + i*n, data.begin() + (i + 1)*n); };
    const std::vector<double> times = part(0), a = part(1), b = part(2);
    const MeanAndError meanA = batchMeans(a, 7), meanB = batchMeans(b, 7);
    const Drift slope = drift(times, a, 7);
    print("batchMeans", {meanA.mean, meanA.stderror});
    print("differ", {double(differ(meanA, meanB))});
    print("drift", {slope.slope, slope.stderror});
    print("kolmogorovSmirnov", {kolmogorovSmirnov(a, b)});
    print("jackknifeError", {jackknifeError(a)});
    if (const auto horizon = correlationHorizon(times, a, 0.5)) print("correlationHorizon", {*horizon});
    if (const auto o = dominantOscillation(times, b))
    {
        print("oscillation", {o->frequency, o->frequencyError, o->amplitude, o->amplitudeError, double(o->periods)});
    }
}

void snapshots(char** words)
{
    const std::size_t count = std::stoul(words[1]), n = std::stoul(words[2]);
    const std::vector<double> data = readDoubles(words[0]);
    Autocorrelation correlation(std::stoul(words[3]));
    ProbabilityDensity p(std::stod(words[5]), std::stod(words[6]), std::stoul(words[4])), q = p;
    for (std::size_t t = 0; t < count; ++t)
    {
        const double* a = data.data() + (1 + t)*n;
        correlation.add({a, a + n});
        p.add({n, data.data()}, a);
        q.add({n, data.data()}, a + count*n);
    }
    print("autocorrelation", correlation.values());
    print("density", p.density());
    print("outside", {p.below(), p.above()});
    print("distances", {totalVariation(p, q), wassersteinDistance(p, q)});
}

} // namespace

int main(int argc, char** argv)
{
    const std::string what = argc > 2 ? argv[1] : "";
    std::cout << std::setprecision(17);
    if (what == "fields" && argc == 12) fields(argv + 2);
    else if (what == "series" && argc == 4) series(argv + 2);
    else if (what == "snapshots" && argc == 9) snapshots(argv + 2);
    else return 2;
    return 0;
}
