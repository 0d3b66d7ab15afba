#include "comparison.h"

#include "members.h"
#include "snapshots.h"

#include "core/error.h"
#include "core/fourierInterpolation.h"
#include "dataset/datasetReader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

namespace surrogate
{

namespace
{

constexpr int nBatches = 10;

//- Of a snapshot: what rounding to float32 and a solver's own time values leave open
double tolerance(const DatasetReader& data)
{
    return data.nTimes() > 1 ? 0.01*data.interval() : 1e-6;
}

//- Vorticity by snapshot of one short run on the reference's grid
class ShortRun
{
public:

    ShortRun(const std::string& path, double startTime, const FlowField& flow)
    :
        data_(path), startTime_(startTime), flow_(flow)
    {
        checkBox(data_, flow);
    }

    const std::string& path() const { return data_.path(); }
    const Grid& grid() const { return data_.grid(); }

    std::vector<double> times() const
    {
        std::vector<double> after;
        for (const double time : data_.times())
        {
            if (time >= startTime_ - tolerance(data_)) after.push_back(time - startTime_);
        }
        return after;
    }

    //- Velocity at a time after the start
    std::optional<State> velocityAt(double time) const
    {
        const std::optional<std::size_t> index = data_.indexAt(startTime_ + time);
        if (!index) return {};
        return readVelocity(data_, *index, flow_);
    }

    //- Vorticity at a time after the start, on that grid
    std::optional<std::vector<double>> vorticityAt(double time, const Grid& grid) const
    {
        const std::optional<State> state = velocityAt(time);
        if (!state) return {};
        return fourierInterpolate(state->grid, vorticity(state->grid, state->channel(0)).data(), grid);
    }

    //- The same; throws Error where the run goes on past that time without a snapshot at it
    std::optional<std::vector<double>> requiredVorticityAt(double time, const Grid& grid) const
    {
        std::optional<std::vector<double>> omega = vorticityAt(time, grid);
        if (!omega && data_.nTimes() > 0 && data_.times().back() > startTime_ + time)
        {
            throw Error({"A data set has no snapshot at a time to compare at", data_.path(),
                "time " + std::to_string(startTime_ + time), "snapshots from " + std::to_string(data_.times().front()) + " to "
                + std::to_string(data_.times().back()) + " every " + std::to_string(data_.interval()), {}});
        }
        return omega;
    }

private:

    DatasetReader data_;
    double startTime_;
    FlowField flow_;
};

ShortRun openShortRun(const ComparisonInput& input, std::size_t run, std::size_t start)
{
    return ShortRun(input.runs[run].starts.at(start), input.startTimes.at(start), input.flow);
}

//- The reference's vorticity at all its snapshots, by start and time
class Reference
{
public:

    explicit Reference(const ComparisonInput& input)
    {
        for (std::size_t start = 0; start < input.nStarts(); ++start)
        {
            const ShortRun run = openShortRun(input, 0, start);
            if (start == 0) grid_ = run.grid();
            for (const double time : run.times()) vorticity_[start][time] = *run.vorticityAt(time, grid_);
            for (const double time : input.correlationTimes) requireSnapshot(run, time);
            requireSnapshot(run, input.oneStep);
        }
    }

    const Grid& grid() const { return grid_; }

    const std::map<double, std::vector<double>>& ofStart(std::size_t start) const { return vorticity_.at(start); }

    const std::vector<double>& at(std::size_t start, double time) const
    {
        const auto& snapshots = vorticity_.at(start);
        return std::min_element(snapshots.begin(), snapshots.end(), [time](const auto& a, const auto& b)
        {
            return std::abs(a.first - time) < std::abs(b.first - time);
        })->second;
    }

private:

    void requireSnapshot(const ShortRun& run, double time) const
    {
        if (run.requiredVorticityAt(time, grid_)) return;
        throw Error({"The reference ends before a time to compare at", run.path(),
            "a snapshot " + std::to_string(time) + " s after the start", "none", {}});
    }

    Grid grid_;
    std::map<std::size_t, std::map<double, std::vector<double>>> vorticity_;
};

double correlation(const std::vector<double>& a, const std::vector<double>& b)
{
    return pearson(a.data(), b.data(), a.size());
}

//- Means over the starts; a run that does not reach a time from one start has no value there
void compareShortRuns(const ComparisonInput& input, const Reference& reference, std::size_t position, ComparisonResult& all)
{
    RunResult& result = all.runs[position];
    result.correlation.assign(input.correlationTimes.size(), {});
    if (result.given.starts.empty()) return;

    const double n = double(input.nStarts());
    std::vector<double> sums(input.correlationTimes.size(), 0.0);
    std::vector<std::size_t> counts(sums.size(), 0);
    std::map<double, std::pair<double, std::size_t>> curve;
    double oneStepSum = 0;
    std::size_t oneStepCount = 0;
    for (std::size_t start = 0; start < input.nStarts(); ++start)
    {
        const ShortRun run = openShortRun(input, position, start);
        for (std::size_t i = 0; i < sums.size(); ++i)
        {
            const auto omega = run.requiredVorticityAt(input.correlationTimes[i], reference.grid());
            if (!omega) continue;
            sums[i] += correlation(reference.at(start, input.correlationTimes[i]), *omega)/n;
            ++counts[i];
        }
        if (const auto omega = run.requiredVorticityAt(input.oneStep, reference.grid()))
        {
            oneStepSum += vrmse(reference.at(start, input.oneStep).data(), omega->data(), omega->size())/n;
            ++oneStepCount;
        }
        for (const auto& [time, truth] : reference.ofStart(start))
        {
            const auto omega = run.vorticityAt(time, reference.grid());
            if (!omega) continue;
            auto& [sum, count] = curve[std::round(time*1e4)*1e-4];
            sum += correlation(truth, *omega)/n;
            ++count;
        }
    }

    for (std::size_t i = 0; i < sums.size(); ++i)
    {
        if (counts[i] == input.nStarts()) result.correlation[i] = sums[i];
        else
        {
            std::ostringstream note;
            note << result.given.name << " reaches t = " << input.correlationTimes[i] << " from " << counts[i] << " of "
                << input.nStarts() << " starts";
            all.notes.push_back(note.str());
        }
    }
    if (oneStepCount == input.nStarts()) result.vrmseOneStep = oneStepSum;
    for (const auto& [time, sumAndCount] : curve)
    {
        if (sumAndCount.second != input.nStarts()) continue;
        result.curveTimes.push_back(time);
        result.curve.push_back(sumAndCount.first);
    }
}

void computeStatistics(const ComparisonInput& input, RunResult& result, std::vector<std::string>& notes)
{
    if (result.given.longRun.empty()) return;
    const SnapshotSeries series = readSeries(result.given.longRun, input.flow, input.statisticsFrom);
    if (series.energies.size() < std::size_t(nBatches))
    {
        notes.push_back(result.given.name + " has " + std::to_string(series.energies.size())
            + " snapshots for statistics: too few");
        return;
    }
    result.kineticEnergy = batchMeans(series.energies, nBatches);
    result.enstrophy = batchMeans(series.enstrophies, nBatches);
    result.meanSpectrum = meanSpectrum({series.spectra});
}

} // namespace

ComparisonResult compare(const ComparisonInput& input)
{
    ComparisonResult result;
    for (const RunInput& run : input.runs)
    {
        result.runs.emplace_back();
        result.runs.back().given = run;
    }

    const Reference reference(input);
    for (std::size_t i = 0; i < input.runs.size(); ++i) compareShortRuns(input, reference, i, result);

    for (RunResult& run : result.runs) computeStatistics(input, run, result.notes);
    if (input.hasMembers()) compareMembers(input, result);
    const RunResult& first = result.runs.front();
    for (RunResult& run : result.runs)
    {
        if (run.meanSpectrum.empty() || first.meanSpectrum.empty()) continue;
        run.lastShell = lastCommonShell(run.meanSpectrum, first.meanSpectrum, input.spectrumTo);
        run.spectrumDistance = spectrumDistance(run.meanSpectrum, first.meanSpectrum, 1, run.lastShell);
    }
    return result;
}

std::optional<State> shortRunState(const ComparisonInput& input, std::size_t run, std::size_t start, double time)
{
    const std::optional<State> velocity = openShortRun(input, run, start).velocityAt(time);
    if (!velocity) return {};
    const Grid grid = run == 0 ? velocity->grid : openShortRun(input, 0, start).grid();
    const Field& field = velocity->fields[0];
    State state(grid, FieldList({field, {"vorticity", 1, {{0, 0, -1, 0, 0, 0, 0}}}}), time);
    const auto put = [&](const double* values, double* out)
    {
        const std::vector<double> mapped = fourierInterpolate(velocity->grid, values, grid);
        std::copy(mapped.begin(), mapped.end(), out);
    };
    put(velocity->channel(0), state.channel(0));
    put(velocity->channel(1), state.channel(1));
    put(vorticity(velocity->grid, velocity->channel(0)).data(), state.channel(2));
    return state;
}

std::vector<double> shortRunTimes(const ComparisonInput& input, std::size_t run, std::size_t start)
{
    return openShortRun(input, run, start).times();
}

} // namespace surrogate
