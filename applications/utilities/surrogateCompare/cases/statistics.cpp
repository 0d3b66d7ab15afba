#include "statistics.h"

#include "core/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace surrogate
{

namespace
{

constexpr std::size_t mostSampledCells = 2048, mostSeriesValues = std::size_t(1) << 24;   // of the autocorrelation
constexpr std::size_t mostLags = 200, bins = 100;
constexpr int nBatches = 10;

//- Mean of 0.5 |a|^2 over the volume
double halfSquare(const std::vector<double>& values, const std::vector<double>& volumes)
{
    const std::size_t n = volumes.size();
    double sum = 0, volume = 0;
    for (std::size_t cell = 0; cell < n; ++cell)
    {
        double square = 0;
        for (std::size_t at = cell; at < values.size(); at += n) square += values[at]*values[at];
        sum += 0.5*square*volumes[cell];
        volume += volumes[cell];
    }
    return sum/volume;
}

bool equallySpaced(const std::vector<double>& times)
{
    const double interval = (times.back() - times.front())/double(times.size() - 1);
    for (std::size_t i = 1; i < times.size(); ++i)
    {
        if (std::abs(times[i] - times[i - 1] - interval) > 1e-3*interval) return false;
    }
    return true;
}

//- Each value counts with the time to halfway to its neighbours
struct WeightedSums
{
    double weight = 0, sum = 0;

    double mean() const { return sum/weight; }
};

//- Over equal parts of the time
std::vector<WeightedSums> sumsOver(const std::vector<double>& times, const std::vector<double>& values, int parts)
{
    std::vector<WeightedSums> sums{std::size_t(parts)};
    const double length = times.back() - times.front();
    for (std::size_t i = 0; i < times.size(); ++i)
    {
        const double before = i > 0 ? times[i] - times[i - 1] : 0, after = i + 1 < times.size() ? times[i + 1] - times[i] : 0;
        WeightedSums& part = sums[std::min(std::size_t(parts - 1), std::size_t(parts*(times[i] - times.front())/length))];
        part.weight += 0.5*(before + after);
        part.sum += 0.5*(before + after)*values[i];
    }
    return sums;
}

//- Mean with its error from means over equal parts of the time, and sqrt(2) times the standard deviation
void describeUneven(Quantity& quantity)
{
    const WeightedSums whole = sumsOver(quantity.times, quantity.values, 1)[0];
    std::vector<double> squares = quantity.values;
    for (double& value : squares) value = std::pow(value - whole.mean(), 2);
    quantity.amplitude = std::sqrt(2*sumsOver(quantity.times, squares, 1)[0].mean());
    std::vector<double> means;
    for (const WeightedSums& part : sumsOver(quantity.times, quantity.values, nBatches))
    {
        if (part.weight > 0) means.push_back(part.mean());
    }
    if (means.size() < std::size_t(nBatches)) return;
    quantity.mean = MeanAndError{whole.mean(), meanAndDeviation(means).stddev/std::sqrt(double(nBatches))};
}

} // namespace

std::vector<const double*> componentsOf(const std::vector<double>& values, std::size_t cells)
{
    std::vector<const double*> components;
    for (std::size_t first = 0; first < values.size(); first += cells) components.push_back(values.data() + first);
    return components;
}

Cells cellsOf(const FlowCells& cells)
{
    return {cells.size(), cells.volumes.data(), cells.boundaryAreas.empty() ? nullptr : cells.boundaryAreas.data()};
}

void describe(Quantity& quantity)
{
    if (quantity.times.size() < std::size_t(nBatches)) return;
    const double length = quantity.times.back() - quantity.times.front();
    if (equallySpaced(quantity.times))
    {
        quantity.mean = batchMeans(quantity.values, nBatches);
        quantity.amplitude = std::sqrt(2.0)*meanAndDeviation(quantity.values).stddev;
    }
    else describeUneven(quantity);
    const Drift slope = drift(quantity.times, quantity.values, nBatches);
    quantity.drift = MeanAndError{slope.slope*length, slope.stderror*length};
    quantity.oscillation = dominantOscillation(quantity.times, quantity.values);
}

RunStatistics::RunStatistics(const CaseComparison& comparison, const FlowRun& reference, const FlowRun& run,
    const std::vector<std::array<double, 2>>& ranges)
:
    comparison_(comparison), reference_(reference), run_(run)
{
    for (std::size_t i = 0; i < comparison.fields.size(); ++i)
    {
        if (comparison.fields[i].name == comparison.statisticsOf) field_ = i;
        if (comparison.fields[i].name == comparison.velocity) velocity_ = i;
    }
    for (const std::array<double, 2>& range : ranges) densities_.emplace_back(range[0], range[1], bins);
}

void RunStatistics::addQuantity(const std::string& name, const std::string& unit, double time, double value)
{
    auto it = std::find_if(quantities_.begin(), quantities_.end(), [&](const Quantity& q) { return q.name == name; });
    if (it == quantities_.end())
    {
        quantities_.emplace_back();
        it = quantities_.end() - 1;
        it->name = name;
        it->unit = unit;
    }
    it->times.push_back(time);
    it->values.push_back(value);
}

void RunStatistics::add(double time, const std::vector<std::vector<double>>& fields, const std::vector<double>& velocity,
    const std::vector<double>& vorticity)
{
    const std::vector<double>& own = run_.cells().volumes;
    if (!velocity.empty()) addQuantity("kineticEnergy", "m2/s2", time, halfSquare(velocity, own));
    if (!vorticity.empty()) addQuantity("enstrophy", "1/s2", time, halfSquare(vorticity, own));

    const std::vector<double>& now = fields[field_];
    const Cells cells = cellsOf(reference_.cells());
    if (!previous_.empty())
    {
        addQuantity("rateOfChange", "of " + comparison_.statisticsOf + " a second", time,
            rateOfChange(cells, componentsOf(previous_, cells.count), componentsOf(now, cells.count), time - previousTime_));
    }
    previous_ = now;
    previousTime_ = time;

    std::size_t component = 0;
    for (const std::vector<double>& field : fields)
    {
        for (const double* values : componentsOf(field, cells.count)) densities_[component++].add(cells, values);
    }
    sample(now);
    if (comparison_.grid && velocity_) addToGrid(fields, velocity);
    ++snapshots_;
}

void RunStatistics::sample(const std::vector<double>& field)
{
    const std::vector<double>& volumes = reference_.cells().volumes;
    const std::size_t n = volumes.size(), times = std::max<std::size_t>(comparison_.times.size(), 1);
    const std::size_t wanted = std::max<std::size_t>(1, std::min(mostSampledCells, mostSeriesValues/times));
    const std::size_t step = (n + wanted - 1)/wanted;
    series_.emplace_back();
    for (std::size_t first = 0; first < field.size(); first += n)
    {
        for (std::size_t cell = 0; cell < n; cell += step) series_.back().push_back(field[first + cell]*std::sqrt(volumes[cell]));
    }
}

void RunStatistics::addToGrid(const std::vector<std::vector<double>>& fields, const std::vector<double>& own)
{
    const Grid& grid = *comparison_.grid;
    const std::size_t n = grid.nCells();
    const int components = comparison_.fields[*velocity_].components;
    const std::vector<double> velocity = reference_.toGrid(fields[*velocity_], components);
    // On the run's own grid where it has one: what is brought to another has steps
    const Grid& spectral = run_.grid() ? *run_.grid() : grid;
    const std::vector<double> there = run_.grid() ? run_.toGrid(own, components) : velocity;
    std::vector<double> spectrum = energySpectrum(spectral, componentsOf(there, spectral.nCells()));
    int least = spectral.cells[0];
    for (int axis = 1; axis < spectral.dimensions; ++axis) least = std::min(least, spectral.cells[axis]);
    spectrum.resize(std::min(spectrum.size(), std::size_t(least/2) + 1));   // beyond, a shell is not whole
    spectrum_.resize(spectrum.size(), 0.0);
    std::transform(spectrum.begin(), spectrum.end(), spectrum_.begin(), spectrum_.begin(), std::plus<double>());

    if (grid.dimensions < 2) return;
    const std::vector<double> zonal = zonalMean(grid, velocity.data());
    zonal_.resize(zonal.size(), 0.0);
    std::transform(zonal.begin(), zonal.end(), zonal_.begin(), zonal_.begin(), std::plus<double>());
}

void RunStatistics::finish(RunFigures& figures, std::vector<std::string>& notes) const
{
    for (Quantity quantity : quantities_)
    {
        describe(quantity);
        figures.quantities.push_back(quantity);
    }

    figures.spectrum = spectrum_;
    for (double& shell : figures.spectrum) shell /= double(snapshots_);
    figures.zonalMean = zonal_;
    for (double& value : figures.zonalMean) value /= double(snapshots_);

    std::size_t component = 0;
    for (const Field& field : comparison_.fields)
    {
        for (int c = 0; c < field.components; ++c) figures.densities.push_back({componentName(field, c), densities_[component++]});
    }

    if (!comparison_.interval || series_.size() < 4)
    {
        if (&run_ == &reference_) notes.push_back("no autocorrelation: it needs four or more times at a constant interval");
        return;
    }
    std::vector<std::vector<double>> series = series_;
    for (std::size_t i = 0; i < series.front().size(); ++i)
    {
        double mean = 0;
        for (const std::vector<double>& snapshot : series) mean += snapshot[i]/double(series.size());
        for (std::vector<double>& snapshot : series) snapshot[i] -= mean;
    }
    figures.autocorrelation = autocorrelation(series, std::min(mostLags, series.size()/2));
}

} // namespace surrogate
