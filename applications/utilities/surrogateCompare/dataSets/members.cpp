#include "members.h"

#include "snapshots.h"
#include "table.h"

#include "core/error.h"
#include "core/metrics.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <sstream>

namespace surrogate
{

namespace
{

constexpr double everything = -std::numeric_limits<double>::infinity();
constexpr std::uint64_t bandSeed = 1;

//- Snapshots to a model step, or 1 where they are further apart
std::size_t stepStride(double interval, double step)
{
    return std::size_t(std::max(1L, std::lround(step/interval)));
}

//- All that is read of one run
struct RunData
{
    std::vector<SnapshotSeries> members;   //!< times after the first snapshot of each
    std::vector<double> firstTimes;        //!< [s]

    //- Spectra from statisticsFrom on, without the member `left`
    std::vector<std::vector<std::vector<double>>> spectra(double from, std::size_t left = std::size_t(-1)) const;
};

std::vector<std::vector<std::vector<double>>> RunData::spectra(double from, std::size_t left) const
{
    std::vector<std::vector<std::vector<double>>> lists;
    for (std::size_t i = 0; i < members.size(); ++i)
    {
        const SnapshotSeries& member = members[i];
        const auto first = std::lower_bound(member.times.begin(), member.times.end(), from - 1e-6) - member.times.begin();
        if (i != left) lists.emplace_back(member.spectra.begin() + first, member.spectra.end());
    }
    return lists;
}

RunData readRun(const ComparisonInput& input, const RunInput& run)
{
    RunData data;
    for (const std::string& file : run.members)
    {
        const DatasetReader reader(file);
        const double interval = reader.nTimes() > 1 ? reader.interval() : input.oneStep;
        SnapshotSeries series = readSeries(file, input.flow, everything, stepStride(interval, input.oneStep));
        if (series.times.empty()) throw Error({"A member has no snapshot", file, "one or more", "none", {}});
        data.firstTimes.push_back(series.times.front());
        for (double& time : series.times) time -= data.firstTimes.back();
        data.members.push_back(std::move(series));
    }
    return data;
}

//- Values from a time on
std::vector<double> valuesFrom(const std::vector<double>& times, const std::vector<double>& values, double from)
{
    std::vector<double> counted;
    for (std::size_t i = 0; i < times.size(); ++i)
    {
        if (times[i] >= from - 1e-6) counted.push_back(values[i]);
    }
    return counted;
}

//- Of all values, with the standard error from the members' means (from batch means, where there is one member)
std::optional<MeanAndError> meanOverMembers(const RunData& data, std::vector<double> SnapshotSeries::*values, double from)
{
    std::vector<double> all, means;
    for (const SnapshotSeries& member : data.members)
    {
        const std::vector<double> counted = valuesFrom(member.times, member.*values, from);
        if (counted.empty()) continue;
        all.insert(all.end(), counted.begin(), counted.end());
        means.push_back(meanAndDeviation(counted).mean);
    }
    if (means.size() < 2)
    {
        if (all.size() < 10) return {};
        return batchMeans(all);
    }
    return MeanAndError{meanAndDeviation(all).mean, meanAndDeviation(means).stddev/std::sqrt(double(means.size()))};
}

//- Positions of the members by the number in "memberN.h5", or as they are listed where a file is named otherwise
std::map<long, std::size_t> memberNumbers(const RunInput& run)
{
    std::map<long, std::size_t> byName, byPosition;
    for (std::size_t i = 0; i < run.members.size(); ++i)
    {
        byPosition[long(i)] = i;
        const std::string stem = std::filesystem::path(run.members[i]).stem().string();
        const std::size_t digits = stem.find_last_not_of("0123456789") + 1;
        if (digits < stem.size() && stem.substr(0, digits) == "member") byName[std::stol(stem.substr(digits))] = i;
    }
    return byName.size() == run.members.size() ? byName : byPosition;
}

std::vector<MemberSeries> readStatistics(const RunInput& run, const RunData& data, std::vector<double>& rates)
{
    const Table table(run.statistics);
    const std::size_t member = table.column("member"), time = table.column("time"), energy = table.column("kineticEnergy"),
        enstrophy = table.column("enstrophy"), rate = table.column("rateOfChange");
    const std::map<long, std::size_t> numbers = memberNumbers(run);
    std::vector<MemberSeries> all(data.members.size());
    for (std::size_t row = 0; row < table.size(); ++row)
    {
        const auto found = numbers.find(std::lround(table(row, member)));
        if (found == numbers.end())
        {
            throw Error({"The statistics are of other members", run.statistics,
                std::to_string(all.size()) + " members, as in run " + run.name,
                "member " + std::to_string(std::lround(table(row, member))), {}});
        }
        MemberSeries& series = all[found->second];
        series.times.push_back(table(row, time) - data.firstTimes[found->second]);
        series.energies.push_back(table(row, energy));
        series.enstrophies.push_back(table(row, enstrophy));
        if (std::isfinite(table(row, rate)) && series.times.back() >= run.statisticsFrom - 1e-6)
        {
            rates.push_back(table(row, rate));
        }
    }
    return all;
}

std::vector<MemberSeries> seriesOf(const RunData& data)
{
    std::vector<MemberSeries> all;
    for (const SnapshotSeries& member : data.members) all.push_back({member.times, member.energies, member.enstrophies});
    return all;
}

LevelHistogram readLevels(const std::string& path)
{
    const Table table(path);
    const std::size_t level = table.column("level"), condition = table.column("condition"), state = table.column("state");
    LevelHistogram histogram;
    for (std::size_t row = 0; row < table.size(); ++row)
    {
        std::array<double, 2>& counts = histogram[std::lround(table(row, level))];
        counts[0] += table(row, condition);
        counts[1] += table(row, state);
    }
    return histogram;
}

//- Last time of a member that ends before the longest one does
std::optional<double> earlyEnd(const std::vector<double>& times, double longest)
{
    if (times.empty()) return 0.0;
    const double interval = times.size() > 1 ? times[1] - times[0] : 0;
    if (times.back() + 1.5*interval >= longest) return {};
    return times.back();
}

//- Vorticity of each step of one recorded part of a run
std::vector<std::vector<double>> readEnd(const ComparisonInput& input, const std::string& path)
{
    const DatasetReader data(path);
    checkBox(data, input.flow);
    const double interval = data.nTimes() > 1 ? data.interval() : input.oneStep;
    const std::size_t stride = stepStride(interval, input.oneStep);
    if (std::abs(double(stride)*interval - input.oneStep) > 1e-3*input.oneStep)
    {
        throw Error({"Snapshots of an end are not one step apart", path, "an interval of which oneStep, "
            + std::to_string(input.oneStep) + ", is a multiple", std::to_string(interval), {}});
    }
    std::vector<std::vector<double>> snapshots;
    for (std::size_t i = 0; i < data.nTimes(); i += stride)
    {
        snapshots.push_back(vorticity(data.grid(), readVelocity(data, i, input.flow).channel(0)));
    }
    return snapshots;
}

//- Steps from the first to the last snapshot of each end
std::vector<std::size_t> endLengths(const ComparisonInput& input, const RunInput& run)
{
    std::vector<std::size_t> lengths;
    for (const std::string& file : run.end)
    {
        const DatasetReader data(file);
        const std::size_t n = data.nTimes();
        lengths.push_back(n > 1 ? (n - 1)/stepStride(data.interval(), input.oneStep) : 0);
    }
    return lengths;
}

//- Half of the longest end of a run; 0: none
std::size_t halfLongestEnd(const ComparisonInput& input, const RunInput& run)
{
    const std::vector<std::size_t> lengths = endLengths(input, run);
    return lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end())/2;
}

//- The same, but for the reference no more than the others have
std::vector<std::size_t> lagsOfRuns(const ComparisonInput& input)
{
    std::vector<std::size_t> lags;
    for (const RunInput& run : input.runs) lags.push_back(halfLongestEnd(input, run));
    const std::size_t others = lags.size() > 1 ? *std::max_element(lags.begin() + 1, lags.end()) : 0;
    if (others > 0) lags.front() = std::min(lags.front(), others);
    return lags;
}

//- Autocorrelation, and rates of change where the statistics have not told them. Ends that are too short, of a member that
//  failed there, are left out.
void readEnds(const ComparisonInput& input, const RunInput& run, std::size_t lags, MembersResult& result)
{
    const std::vector<std::size_t> lengths = endLengths(input, run);
    const bool ratesToo = run.statistics.empty();
    double count = 0;
    for (std::size_t i = 0; i < run.end.size(); ++i)
    {
        if (lags == 0 || lengths[i] < 2*lags) continue;
        const std::vector<std::vector<double>> omega = readEnd(input, run.end[i]);
        const std::vector<double> c = autocorrelation(omega, lags);
        result.autocorrelation.resize(c.size(), 0.0);
        for (std::size_t lag = 0; lag < c.size(); ++lag) result.autocorrelation[lag] += c[lag];
        ++count;
        for (std::size_t step = 1; ratesToo && step < omega.size(); ++step)
        {
            double square = 0;
            for (std::size_t x = 0; x < omega[step].size(); ++x) square += std::pow(omega[step][x] - omega[step - 1][x], 2);
            result.rates.push_back(std::sqrt(square/double(omega[step].size())));
        }
    }
    for (double& value : result.autocorrelation) value /= count;
}

//- Snapshots from one of a window to the next
std::size_t windowStride(const ComparisonInput& input, const SnapshotSeries& member)
{
    if (member.times.size() < 2) return 1;
    return std::size_t(std::max(1.0, std::ceil(input.window.spacing/(member.times[1] - member.times[0]) - 1e-6)));
}

std::vector<std::vector<double>> strided(const std::vector<std::vector<double>>& spectra, std::size_t first,
    std::size_t stride)
{
    std::vector<std::vector<double>> chosen;
    for (std::size_t i = first; i < spectra.size(); i += stride) chosen.push_back(spectra[i]);
    return chosen;
}

//- What the first run is to the others
struct MembersReference
{
    MeanAndDeviation energy;
    SpectrumBand band;
    std::vector<double> spectrum;
};

MembersReference makeReference(const ComparisonInput& input, const RunInput& run, const RunData& data, ComparisonResult& all)
{
    std::vector<double> energies, enstrophies;
    for (const SnapshotSeries& member : data.members)
    {
        for (const double e : valuesFrom(member.times, member.energies, run.statisticsFrom)) energies.push_back(e);
        for (const double e : valuesFrom(member.times, member.enstrophies, run.statisticsFrom)) enstrophies.push_back(e);
    }
    const auto lists = data.spectra(run.statisticsFrom);
    if (meanSpectrum(lists).empty())
    {
        throw Error({"The reference's members end before its statistics begin", run.members.front() + ", statisticsFrom",
            "snapshots later than " + std::to_string(run.statisticsFrom) + " after the first", "none", {}});
    }
    all.energyBand = meanAndDeviation(energies);
    all.enstrophyBand = meanAndDeviation(enstrophies);
    std::vector<std::vector<std::vector<double>>> spaced;
    for (std::size_t i = 0; i < lists.size(); ++i)
    {
        const std::size_t stride = windowStride(input, data.members[i]);
        for (std::size_t first = 0; first < stride; ++first) spaced.push_back(strided(lists[i], first, stride));
    }
    return {all.energyBand, spectrumBand(spaced, input.window.snapshots, Noise(bandSeed)), meanSpectrum(lists)};
}

void findExits(const ComparisonInput& input, const RunData& data, const MembersReference& reference, MembersResult& result)
{
    double longest = 0;
    for (const MemberSeries& series : result.series)
    {
        if (!series.times.empty()) longest = std::max(longest, series.times.back());
    }
    for (std::size_t i = 0; i < result.series.size(); ++i)
    {
        const MemberSeries& series = result.series[i];
        const std::optional<double> end = earlyEnd(series.times, longest);
        const auto outside = firstOutsideFiveSigma(series.energies, reference.energy.mean, reference.energy.stddev);
        result.energy.exits.push_back(outside ? series.times[*outside] : end);

        const SnapshotSeries& member = data.members[i];
        const std::size_t stride = windowStride(input, member);
        const int last = lastCommonShell(reference.spectrum, member.spectra.front(), input.spectrumTo);
        const auto left = firstOutsideBand(strided(member.spectra, 0, stride), input.window.snapshots, reference.band, 1, last);
        result.spectrum.exits.push_back(left ? member.times[*left*stride] : end);
    }
}

std::optional<double> errorOfDistance(const RunInput& run, const RunData& data, const MembersReference& reference, long last)
{
    std::vector<double> distances;
    for (std::size_t left = 0; left < data.members.size(); ++left)
    {
        const std::vector<double> mean = meanSpectrum(data.spectra(run.statisticsFrom, left));
        if (mean.empty()) return {};
        distances.push_back(spectrumDistance(mean, reference.spectrum, 1, lastCommonShell(mean, reference.spectrum, last)));
    }
    if (distances.size() < 2) return {};
    return jackknifeError(distances);
}

//- Between the means over every other member
std::optional<double> distanceOfHalves(const RunInput& run, const RunData& data, long last)
{
    std::vector<std::vector<std::vector<double>>> halves[2];
    const auto lists = data.spectra(run.statisticsFrom);
    for (std::size_t i = 0; i < lists.size(); ++i) halves[i%2].push_back(lists[i]);
    const std::vector<double> a = meanSpectrum(halves[0]), b = meanSpectrum(halves[1]);
    if (a.empty() || b.empty()) return {};
    return spectrumDistance(a, b, 1, lastCommonShell(a, b, last));
}

void noteEarlyEnds(const RunInput& run, const RunData& data, std::vector<std::string>& notes)
{
    const auto lists = data.spectra(run.statisticsFrom);
    const auto counted = std::count_if(lists.begin(), lists.end(), [](const auto& list) { return !list.empty(); });
    if (std::size_t(counted) == lists.size()) return;
    std::ostringstream note;
    note << run.name << ": " << counted << " of " << lists.size() << " members have snapshots after statisticsFrom";
    notes.push_back(note.str());
}

void compareWith(const MembersResult& reference, MembersResult& result)
{
    if (!result.rates.empty()) result.rate = meanAndDeviation(result.rates);
    if (result.rate && reference.rate && reference.rate->mean > 0)
    {
        result.rateRatio = result.rate->mean/reference.rate->mean;
        result.rateDistance = kolmogorovSmirnov(result.rates, reference.rates);
    }
    std::vector<double> c = reference.autocorrelation;
    c.resize(std::min(c.size(), result.autocorrelation.size()));
    if (c.size() > 1) result.autocorrelationError = autocorrelationError(result.autocorrelation, c);
}

MemberSnapshot nearestSnapshot(const DatasetReader& data, const FlowField& flow, double time)
{
    const std::vector<double>& times = data.times();
    const auto near = std::min_element(times.begin(), times.end(), [&](double a, double b)
    {
        return std::abs(a - times.front() - time) < std::abs(b - times.front() - time);
    });
    const State state = readVelocity(data, std::size_t(near - times.begin()), flow);
    return {*near - times.front(), data.grid(), vorticity(data.grid(), state.channel(0))};
}

} // namespace

std::size_t Stability::stable() const
{
    return std::size_t(std::count(exits.begin(), exits.end(), std::nullopt));
}

std::optional<double> Stability::firstExit() const
{
    std::optional<double> first;
    for (const std::optional<double>& exit : exits)
    {
        if (exit && (!first || *exit < *first)) first = exit;
    }
    return first;
}

void compareMembers(const ComparisonInput& input, ComparisonResult& all)
{
    const std::vector<std::size_t> lags = lagsOfRuns(input);
    MembersReference reference;
    for (std::size_t i = 0; i < all.runs.size(); ++i)
    {
        RunResult& run = all.runs[i];
        if (run.given.members.empty()) continue;
        const RunData data = readRun(input, run.given);
        if (i == 0) reference = makeReference(input, run.given, data, all);

        MembersResult result;
        result.series = run.given.statistics.empty() ? seriesOf(data) : readStatistics(run.given, data, result.rates);
        if (!run.given.levels.empty()) result.levels = readLevels(run.given.levels);
        readEnds(input, run.given, lags[i], result);
        findExits(input, data, reference, result);
        noteEarlyEnds(run.given, data, all.notes);

        const double from = run.given.statisticsFrom;
        run.kineticEnergy = meanOverMembers(data, &SnapshotSeries::energies, from);
        run.enstrophy = meanOverMembers(data, &SnapshotSeries::enstrophies, from);
        run.meanSpectrum = meanSpectrum(data.spectra(from));
        if (i == 0) result.spectrumFloor = distanceOfHalves(run.given, data, input.spectrumTo);
        else result.spectrumError = errorOfDistance(run.given, data, reference, input.spectrumTo);
        run.members = std::move(result);
        compareWith(*all.runs.front().members, *run.members);
    }
}

MemberSnapshot memberSnapshot(const ComparisonInput& input, std::size_t run, std::size_t member, double time)
{
    return nearestSnapshot(DatasetReader(input.runs[run].members.at(member)), input.flow, time);
}

double memberLength(const ComparisonInput& input, std::size_t run, std::size_t member)
{
    const DatasetReader data(input.runs[run].members.at(member));
    return data.times().back() - data.times().front();
}

} // namespace surrogate
