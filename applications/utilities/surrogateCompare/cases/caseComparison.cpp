#include "caseComparison.h"

#include "errorsOverTime.h"
#include "statistics.h"

#include "core/error.h"
#include "core/progress.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

namespace surrogate
{

namespace
{

namespace fs = std::filesystem;

const char* const vorticityName = "vorticity";

std::string timeText(double time)
{
    char text[32];
    std::snprintf(text, sizeof text, "%g", time);
    return text;
}

std::string timesText(const std::vector<double>& times)
{
    std::string text = std::to_string(times.size()) + " times";
    if (times.size() == 1) text = "time " + timeText(times[0]);
    else if (!times.empty()) text += " from " + timeText(times.front()) + " to " + timeText(times.back());
    if (times.size() > 1 && times.size() < 9)
    {
        text += ":";
        for (const double time : times) text += " " + timeText(time);
    }
    return text;
}

//- One run, how it comes to the reference's cells, and where the common times are in it
struct Side
{
    std::unique_ptr<FlowRun> run;
    CellMap map;
    std::vector<std::size_t> positions;

    std::vector<double> mapped(std::vector<double> values, int components) const
    {
        return map ? map(values, components) : values;
    }
};

//- Names that tell the runs apart: the last parts of their paths, as many as that needs
std::vector<std::string> shortNames(const std::vector<std::string>& paths)
{
    std::vector<std::string> names(paths.size());
    std::vector<fs::path> rest;
    for (const std::string& path : paths)
    {
        fs::path whole = fs::absolute(path).lexically_normal();
        if (!whole.has_filename()) whole = whole.parent_path();
        rest.push_back(whole);
    }
    do
    {
        for (std::size_t i = 0; i < paths.size(); ++i)
        {
            const bool isDataSet = names[i].empty() && rest[i].extension() == ".h5";
            const std::string part = (isDataSet ? rest[i].stem() : rest[i].filename()).string();
            names[i] = names[i].empty() ? part : part + "-" + names[i];
            rest[i] = rest[i].parent_path();
        }
    }
    while (std::set<std::string>(names.begin(), names.end()).size() < names.size() && rest[0].has_filename());
    return names;
}

void checkNames(const std::vector<std::string>& names, std::size_t runs)
{
    if (names.size() != runs)
    {
        throw Error({"There is not one name for each run", "option -name", std::to_string(runs) + " names, the reference's first",
            std::to_string(names.size()), {}});
    }
    const std::set<std::string> different(names.begin(), names.end());
    if (different.size() < names.size())
    {
        throw Error({"Two runs have one name", "option -name or the paths", "different names", join(names), {}});
    }
    for (const std::string& name : names)
    {
        if (!name.empty() && name.find('/') == std::string::npos) continue;
        throw Error({"A name names no file", "option -name", "a word without /", name, {}});
    }
}

void findTimes(const CaseOptions& options, std::vector<Side>& sides, CaseComparison& comparison)
{
    std::vector<std::vector<double>> lists;
    for (const Side& side : sides) lists.push_back(side.run->times());
    std::vector<std::vector<std::size_t>> positions = commonTimes(lists);

    const std::vector<double>& all = lists.front();
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < positions.front().size(); ++i)
    {
        if (options.times.contains(all[positions.front()[i]])) kept.push_back(i);
    }
    if (!options.times.given() && kept.size() > 1 && std::abs(all[positions.front()[kept.front()]]) < 1e-12) kept.erase(kept.begin());
    if (kept.empty())
    {
        std::string found;
        for (std::size_t i = 0; i < sides.size(); ++i)
        {
            found += (i ? "; " : "") + options.paths[i] + " has " + timesText(lists[i]);
        }
        throw Error({"The runs have no common time to compare at", join(options.paths, " and "),
            options.times.given() ? "one that -times names" : "one or more", found, {}});
    }
    for (std::size_t s = 0; s < sides.size(); ++s)
    {
        for (const std::size_t i : kept) sides[s].positions.push_back(positions[s][i]);
    }
    for (const std::size_t position : sides.front().positions) comparison.times.push_back(all[position]);

    for (std::size_t s = 0; s < sides.size(); ++s)
    {
        std::size_t own = 0;
        for (const double time : lists[s]) own += options.times.contains(time) && std::abs(time) > 1e-12;
        if (own > comparison.times.size())
        {
            comparison.notes.push_back(comparison.runs[s].name + " has " + std::to_string(own) + " times, of which "
                + std::to_string(comparison.times.size()) + " are common to all runs and compared");
        }
    }
    if (comparison.times.size() < 2) return;
    const double interval = (comparison.times.back() - comparison.times.front())/double(comparison.times.size() - 1);
    for (std::size_t i = 1; i < comparison.times.size(); ++i)
    {
        if (std::abs(comparison.times[i] - comparison.times[i - 1] - interval) > 1e-3*interval) return;
    }
    comparison.interval = interval;
}

//- Of all runs, at the first common time
std::vector<Field> commonFields(const std::vector<Side>& sides)
{
    std::vector<Field> common;
    for (const Field& field : sides.front().run->fields(sides.front().positions.front()))
    {
        const bool everywhere = std::all_of(sides.begin(), sides.end(), [&](const Side& side)
        {
            const FieldList own = side.run->fields(side.positions.front());
            return own.contains(field.name) && own.get(field.name).components == field.components;
        });
        // The old time of a field is none of its own
        const bool old = field.name.size() > 2 && field.name.substr(field.name.size() - 2) == "_0";
        const bool fits = field.components == 1 || field.components == sides.front().run->cells().dimensions;
        if (everywhere && !old && fits) common.push_back(field);
    }
    return common;
}

void findFields(const CaseOptions& options, const std::vector<Side>& sides, CaseComparison& comparison)
{
    const FieldList common(commonFields(sides));
    std::vector<Field> fields;
    for (const std::string& name : options.fields)
    {
        if (name == vorticityName && common.contains(options.velocity)) continue;
        if (!common.contains(name))
        {
            for (const Side& side : sides)
            {
                const FieldList own = side.run->fields(side.positions.front());
                if (own.contains(name)) continue;
                throw Error({"A run lacks a field", side.run->path() + ", time " + timeText(comparison.times.front()), name,
                    "no such scalar or vector", own.names()});
            }
            throw Error({"A field has different components", join(options.paths, " and "), "the same", name, common.names()});
        }
        fields.push_back(common.get(name));
    }
    if (options.fields.empty()) fields = common.all();
    if (fields.empty() && options.fields.empty())
    {
        std::string found;
        for (const Side& side : sides)
        {
            found += side.run->path() + " has " + join(side.run->fields(side.positions.front()).names()) + "; ";
        }
        throw Error({"The runs have no field in common", "time " + timeText(comparison.times.front()), "scalars or vectors", found, {}});
    }
    const bool asked = options.fields.empty()
        || std::find(options.fields.begin(), options.fields.end(), options.velocity) != options.fields.end()
        || std::find(options.fields.begin(), options.fields.end(), vorticityName) != options.fields.end();
    const int dimensions = sides.front().run->cells().dimensions;
    const bool hasVelocity = common.contains(options.velocity) && common.get(options.velocity).components == dimensions;
    if (asked && hasVelocity && dimensions > 1 && !FieldList(fields).contains(vorticityName))
    {
        fields.push_back({vorticityName, dimensions == 3 ? 3 : 1, {{0, 0, -1, 0, 0, 0, 0}}});
    }
    comparison.fields = FieldList(fields);
    if (hasVelocity) comparison.velocity = options.velocity;
    else
    {
        comparison.notes.push_back("no energy, enstrophy, spectra: the runs have no vector " + options.velocity
            + " in common; see -velocity");
    }
    comparison.statisticsOf = comparison.fields.contains(vorticityName) ? vorticityName : comparison.fields[0].name;
}

void compareWithReference(CaseComparison& comparison)
{
    const RunFigures& reference = comparison.runs.front();
    const Quantity* energy = reference.quantity("kineticEnergy");
    for (std::size_t s = 1; s < comparison.runs.size(); ++s)
    {
        RunFigures& run = comparison.runs[s];
        if (!run.spectrum.empty())
        {
            run.spectrum.resize(std::min(run.spectrum.size(), reference.spectrum.size()));
            run.lastShell = int(run.spectrum.size()) - 1;
            if (run.lastShell >= 1) run.spectrumDistance = spectrumDistance(run.spectrum, reference.spectrum, 1, run.lastShell);
        }
        for (std::size_t i = 0; i < run.densities.size(); ++i)
        {
            run.densityDistances.push_back(totalVariation(run.densities[i].of, reference.densities[i].of));
        }
        if (!run.autocorrelation.empty())
        {
            run.autocorrelationError = autocorrelationError(run.autocorrelation, reference.autocorrelation);
        }
        if (!run.zonalMean.empty())
        {
            double sum = 0;
            for (std::size_t i = 0; i < run.zonalMean.size(); ++i) sum += std::pow(run.zonalMean[i] - reference.zonalMean[i], 2);
            run.zonalError = std::sqrt(sum/double(run.zonalMean.size()));
        }
        if (!energy || energy->values.size() < 2) continue;
        const MeanAndDeviation band = meanAndDeviation(energy->values);
        const Quantity& own = *run.quantity("kineticEnergy");
        if (const auto exit = firstOutsideFiveSigma(own.values, band.mean, band.stddev)) run.leavesFiveSigma = own.times[*exit];
    }
}

//- Quantities of the reference that are on their way: their means and verdicts are of a flow that is not stationary
void noteDrifts(CaseComparison& comparison)
{
    std::vector<std::string> names;
    for (const Quantity& quantity : comparison.runs.front().quantities)
    {
        if (!quantity.mean || !quantity.drift) continue;
        const double drift = std::abs(quantity.drift->mean);
        if (drift > 4*quantity.drift->stderror && drift > 4*quantity.mean->stderror) names.push_back(quantity.name);
    }
    if (names.empty()) return;
    comparison.notes.push_back("not stationary in the reference: " + join(names)
        + ": a mean over time and its verdict say little there; compare the values over time");
}

bool wanted(const std::string& name, const std::vector<std::string>& parts)
{
    if (name.find('(') != std::string::npos) return false;   // the shares of front and rear
    return parts.empty() || std::any_of(parts.begin(), parts.end(), [&](const std::string& part)
    {
        return name.find(part) != std::string::npos;
    });
}

//- Forces that all runs have, over the time that all have them
void addForces(const CaseOptions& options, const std::vector<Side>& sides, CaseComparison& comparison)
{
    std::vector<std::vector<ForceSeries>> forces;
    for (const Side& side : sides) forces.push_back(readForces(side.run->folder()));
    std::size_t found = 0;
    for (const ForceSeries& first : forces.front())
    {
        if (!wanted(first.name, options.patches)) continue;
        std::vector<const ForceSeries*> same;
        for (const std::vector<ForceSeries>& list : forces)
        {
            const auto it = std::find_if(list.begin(), list.end(), [&](const ForceSeries& s) { return s.name == first.name; });
            if (it != list.end()) same.push_back(&*it);
        }
        if (same.size() < forces.size()) continue;
        double from = 0, to = 1e300;
        for (const ForceSeries* series : same)
        {
            from = std::max(from, series->times.front());
            to = std::min(to, series->times.back());
        }
        double largest = 0;
        for (const double value : first.values) largest = std::max(largest, std::abs(value));
        if (largest < 1e-12) continue;   // a direction without force
        ++found;
        for (std::size_t s = 0; s < sides.size(); ++s)
        {
            Quantity quantity;
            quantity.name = first.name;
            quantity.timeScale = first.timeScale;
            for (std::size_t i = 0; i < same[s]->times.size(); ++i)
            {
                const double time = same[s]->times[i];
                if (time < from || time > to || !options.times.contains(time)) continue;
                quantity.times.push_back(time);
                quantity.values.push_back(same[s]->values[i]);
            }
            if (quantity.times.size() < 2) continue;
            describe(quantity);
            comparison.runs[s].quantities.push_back(quantity);
        }
    }
    if (!found) comparison.notes.push_back("no forces: no columns of forces or forceCoeffs that all runs have in postProcessing");
}

void addCosts(const std::vector<Side>& sides, CaseComparison& comparison)
{
    for (std::size_t s = 0; s < sides.size(); ++s)
    {
        RunFigures& run = comparison.runs[s];
        run.cost = readCost(sides[s].run->folder());
        run.steps = readStepTakers(sides[s].run->folder());
        if (!run.steps && run.cost && run.cost->application == "surrogateFoam")
        {
            run.steps = StepTakers();
            run.steps->byModel = run.cost->steps;
            run.steps->simulatedByModel = run.cost->to - run.cost->from;
        }
        if (!run.cost) comparison.notes.push_back(run.name + ": no cost, for want of a log.* with ExecutionTime in its case folder");
    }
}

} // namespace

const std::vector<double>& ErrorSeries::of(const std::string& metric) const
{
    return values.at(std::size_t(std::find(metrics.begin(), metrics.end(), metric) - metrics.begin()));
}

const Quantity* RunFigures::quantity(const std::string& wantedName) const
{
    for (const Quantity& quantity : quantities)
    {
        if (quantity.name == wantedName) return &quantity;
    }
    return nullptr;
}

namespace
{

//- The runs, opened and mapped
std::vector<Side> openAll(const CaseOptions& options, CaseComparison& comparison)
{
    std::vector<std::string> names = options.names.empty() ? shortNames(options.paths) : options.names;
    checkNames(names, options.paths.size());
    std::vector<Side> sides(options.paths.size());
    for (std::size_t s = 0; s < sides.size(); ++s)
    {
        sides[s].run = openRun(options.paths[s], options.gridCells);
        comparison.runs.emplace_back();
        RunFigures& figures = comparison.runs.back();
        figures.name = names[s];
        figures.path = options.paths[s];
        figures.cells = sides[s].run->cells().description;
    }
    findTimes(options, sides, comparison);
    for (std::size_t s = 1; s < sides.size(); ++s)
    {
        if (sides[s].run->cells().dimensions != sides[0].run->cells().dimensions)
        {
            throw Error({"Two runs have different dimensions", options.paths[s],
                comparison.runs[0].cells + ", as " + options.paths[0], comparison.runs[s].cells, {}});
        }
        std::string note;
        sides[s].map = mapBetween(*sides[s].run, *sides[0].run, note);
        if (!note.empty()) comparison.notes.push_back(comparison.runs[s].name + " is " + note);
    }
    comparison.grid = sides[0].run->grid();
    if (!sides[0].run->gridNote().empty())
    {
        comparison.notes.push_back((comparison.grid ? "" : "no spectra, no spectral errors, no zonal mean: ") + sides[0].run->gridNote());
    }
    return sides;
}

//- All fields of a run at one time, on the reference's cells; velocity and vorticity on its own
struct Reading
{
    std::vector<std::vector<double>> fields;
    std::vector<double> velocity, vorticity;
};

Reading readAll(const Side& side, std::size_t index, const CaseComparison& comparison, const std::vector<double>& volumes)
{
    const std::size_t position = side.positions[index];
    const int dimensions = side.run->cells().dimensions;
    Reading reading;
    const Field velocity{comparison.velocity, dimensions, {}};
    if (!comparison.velocity.empty()) reading.velocity = side.run->read(position, velocity);
    for (const Field& field : comparison.fields)
    {
        std::vector<double> own;
        if (field.name == comparison.velocity) own = reading.velocity;
        else if (field.name == vorticityName && !side.run->fields(position).contains(vorticityName))
        {
            own = reading.vorticity = side.run->curl(position, velocity);
        }
        else own = side.run->read(position, field);
        for (const double value : own)
        {
            if (std::isfinite(value)) continue;
            throw Error({"A value is not finite", side.run->path() + ", time " + timeText(comparison.times[index]) + ", field "
                + field.name, "a finite number", std::isnan(value) ? "NaN" : "infinity", {}});
        }
        reading.fields.push_back(side.mapped(own, field.components));
        // Cells of the reference without fluid do not count
        std::vector<double>& values = reading.fields.back();
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            if (volumes[i%volumes.size()] <= 0) values[i] = 0;
        }
    }
    return reading;
}

} // namespace

namespace
{

//- Of each component of the fields: what the reference has at five of the times, and a fifth more on both sides
std::vector<std::array<double, 2>> densityRanges(const Side& reference, const CaseComparison& comparison)
{
    constexpr std::size_t looks = 5;
    std::vector<std::array<double, 2>> ranges;
    for (std::size_t look = 0; look < looks; ++look)
    {
        const std::size_t index = look*(comparison.times.size() - 1)/(looks - 1);
        std::size_t component = 0;
        for (const std::vector<double>& field : readAll(reference, index, comparison, reference.run->cells().volumes).fields)
        {
            for (const double* values : componentsOf(field, reference.run->cells().size()))
            {
                const auto [least, most] = std::minmax_element(values, values + reference.run->cells().size());
                if (component == ranges.size()) ranges.push_back({{*least, *most}});
                ranges[component] = {{std::min(ranges[component][0], *least), std::max(ranges[component][1], *most)}};
                ++component;
            }
        }
    }
    for (std::array<double, 2>& range : ranges)
    {
        const double room = std::max({0.2*(range[1] - range[0]), 1e-6*std::abs(range[0]), 1e-12});
        range = {{range[0] - room, range[1] + room}};
    }
    return ranges;
}

} // namespace

CaseComparison compareCases(const CaseOptions& options, const std::vector<SnapshotUser*>& users)
{
    CaseComparison comparison;
    const std::vector<Side> sides = openAll(options, comparison);
    findFields(options, sides, comparison);
    const FlowRun& reference = *sides.front().run;
    if (comparison.grid && comparison.grid->dimensions > 1)
    {
        for (int y = 0; y < comparison.grid->cells[1]; ++y)
        {
            comparison.zonalCoordinate.push_back(comparison.grid->lower[1] + (y + 0.5)*comparison.grid->spacing(1));
        }
    }

    const std::vector<std::array<double, 2>> ranges = densityRanges(sides.front(), comparison);
    std::vector<RunStatistics> statistics;
    for (const Side& side : sides) statistics.emplace_back(comparison, reference, *side.run, ranges);
    ErrorsOverTime errors(comparison, reference);
    for (SnapshotUser* user : users) user->begin(reference, comparison);

    Progress progress("comparing", std::int64_t(comparison.times.size()));
    std::vector<std::vector<std::vector<double>>> values(sides.size());
    for (std::size_t i = 0; i < comparison.times.size(); ++i)
    {
        for (std::size_t s = 0; s < sides.size(); ++s)
        {
            Reading reading = readAll(sides[s], i, comparison, reference.cells().volumes);
            values[s] = std::move(reading.fields);
            statistics[s].add(comparison.times[i], values[s], reading.velocity, reading.vorticity);
            if (s > 0) errors.add(s, values[0], values[s]);
        }
        for (SnapshotUser* user : users) user->see({i, comparison.times[i], comparison.fields, values});
        progress.update(std::int64_t(i) + 1, "time " + timeText(comparison.times[i]));
    }

    for (std::size_t s = 0; s < sides.size(); ++s)
    {
        statistics[s].finish(comparison.runs[s], comparison.notes);
        if (s > 0) comparison.runs[s].errors = errors.finish(s);
    }
    compareWithReference(comparison);
    addForces(options, sides, comparison);
    addCosts(sides, comparison);
    noteDrifts(comparison);
    if (comparison.times.size() < 10)
    {
        comparison.notes.push_back("no uncertainty of means over " + std::to_string(comparison.times.size())
            + (comparison.times.size() == 1 ? " time" : " times") + ": ten batch means need ten or more");
    }
    return comparison;
}

} // namespace surrogate
