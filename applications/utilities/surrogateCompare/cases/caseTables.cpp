#include "caseReport.h"

#include "caseFigures.h"

#include "core/error.h"
#include "core/processor.h"
#include "core/version.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

namespace surrogate
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

struct Column
{
    std::string name;
    std::vector<double> values;   // a shorter one ends with empty cells
};

void close(std::ofstream& file, const std::string& path)
{
    file.close();
    if (!file) throw Error({"Cannot write a table", path, "a folder that can be written", "", {}});
}

std::size_t rowsOf(const std::vector<Column>& columns)
{
    std::size_t rows = 0;
    for (const Column& column : columns) rows = std::max(rows, column.values.size());
    return rows;
}

void writeCsv(const std::string& path, const std::vector<Column>& columns)
{
    std::ofstream file(path);
    file.precision(10);
    for (std::size_t c = 0; c < columns.size(); ++c) file << (c ? "," : "") << columns[c].name;
    file << "\n";
    for (std::size_t row = 0; row < rowsOf(columns); ++row)
    {
        for (std::size_t c = 0; c < columns.size(); ++c)
        {
            const std::vector<double>& values = columns[c].values;
            file << (c ? "," : "");
            if (row < values.size() && std::isfinite(values[row])) file << values[row];
        }
        file << "\n";
    }
    close(file, path);
}

//- Legacy VTK, which ParaView opens as a table
void writeVtkTable(const std::string& path, const std::string& title, const std::vector<Column>& columns)
{
    std::ofstream file(path);
    file.precision(10);
    file << "# vtk DataFile Version 4.2\n" << title << "\nASCII\nDATASET TABLE\nROW_DATA " << rowsOf(columns) << "\nFIELD FieldData "
        << columns.size() << "\n";
    for (const Column& column : columns)
    {
        std::string name = column.name;
        std::replace(name.begin(), name.end(), ' ', '_');
        file << name << " 1 " << rowsOf(columns) << " double\n";
        for (std::size_t row = 0; row < rowsOf(columns); ++row)
        {
            file << (row < column.values.size() ? column.values[row] : absent) << (row%8 == 7 ? "\n" : " ");
        }
        file << "\n";
    }
    close(file, path);
}

//- A column of one kind for each run
template<class Values>
std::vector<Column> forAllRuns(const CaseComparison& comparison, const Column& first, Values values)
{
    std::vector<Column> columns{first};
    for (const RunFigures& run : comparison.runs) columns.push_back({run.name, values(run)});
    return columns;
}

std::vector<double> sequence(std::size_t n, double step)
{
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) values.push_back(double(i)*step);
    return values;
}

void writeErrors(const std::string& folder, const CaseComparison& comparison, const RunFigures& run)
{
    std::vector<Column> columns{{"time", comparison.times}};
    for (const ErrorSeries& field : run.errors)
    {
        for (std::size_t m = 0; m < field.metrics.size(); ++m)
        {
            columns.push_back({field.field.name + "." + field.metrics[m], field.values[m]});
        }
    }
    writeCsv(folder + "/" + run.name + "-errors.csv", columns);
}

void writeQuantities(const std::string& folder, const CaseComparison& comparison, const RunFigures& run)
{
    std::vector<Column> statistics{{"time", comparison.times}};
    std::vector<std::pair<std::string, std::vector<Column>>> forces;
    for (const Quantity& quantity : run.quantities)
    {
        if (!isForce(quantity))
        {
            // The rate of change has no value at the first time
            std::vector<double> values(comparison.times.size() - quantity.values.size(), absent);
            values.insert(values.end(), quantity.values.begin(), quantity.values.end());
            statistics.push_back({quantity.name, values});
            continue;
        }
        const auto slash = quantity.name.find('/');
        const std::string object = quantity.name.substr(0, slash);
        auto it = std::find_if(forces.begin(), forces.end(), [&](const auto& one)
        {
            return one.first == object && one.second.front().values == quantity.times;
        });
        if (it == forces.end()) it = forces.insert(it, {object, {{"time", quantity.times}}});
        it->second.push_back({quantity.name.substr(slash + 1), quantity.values});
    }
    if (statistics.size() > 1) writeCsv(folder + "/" + run.name + "-statistics.csv", statistics);
    for (const auto& [object, columns] : forces) writeCsv(folder + "/" + run.name + "-" + object + ".csv", columns);
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

template<class T>
Json orNull(const std::optional<T>& value) { return value ? number(double(*value)) : Json(); }

Json pairOrNull(const std::optional<MeanAndError>& value)
{
    if (!value) return {{"mean", nullptr}, {"stderr", nullptr}};
    return {{"mean", number(value->mean)}, {"stderr", number(value->stderror)}};
}

Json toJson(const Quantity& quantity, const Quantity* reference)
{
    Json json = pairOrNull(quantity.mean);
    json["drift"] = pairOrNull(quantity.drift);
    json["amplitude"] = orNull(quantity.amplitude);
    const auto frequency = frequencyOf(quantity);
    json[quantity.timeScale ? "strouhalNumber" : "frequency"] = pairOrNull(frequency);
    json["periods"] = quantity.oscillation ? quantity.oscillation->periods : 0;
    json["values"] = quantity.values.size();
    if (reference && reference != &quantity)
    {
        const auto told = [](const std::string& word) { return word == "-" ? Json() : Json(word); };
        json["verdict"] = told(verdict(quantity.mean, reference->mean));
        json["frequencyVerdict"] = told(verdict(frequency, frequencyOf(*reference)));
    }
    return json;
}

Json toJson(const ErrorSeries& field)
{
    Json json = Json::object();
    for (std::size_t m = 0; m < field.metrics.size(); ++m)
    {
        const ErrorFigure figure = figureOf(field.values[m]);
        json[field.metrics[m]] = {{"mean", number(figure.mean)}, {"last", number(figure.last)}};
    }
    json["correlationHorizon"] = orNull(field.horizon);
    return json;
}

Json costJson(const RunFigures& run, const RunFigures& reference)
{
    Json json = {{"processorTimePerTime", nullptr}, {"wallTimePerTime", nullptr}, {"timesCheaper", nullptr}};
    if (!run.cost) return json;
    json = {{"processorTimePerTime", run.cost->processorTime}, {"wallTimePerTime", orNull(run.cost->wallTime)}, {"timesCheaper", nullptr},
        {"from", run.cost->from}, {"to", run.cost->to}, {"log", run.cost->log}, {"rounds", run.cost->rounds}};
    if (reference.cost && run.cost->processorTime > 0) json["timesCheaper"] = reference.cost->processorTime/run.cost->processorTime;
    return json;
}

Json toJson(const RunFigures& run, const CaseComparison& comparison)
{
    const RunFigures& reference = comparison.runs[0];
    Json fields = Json::object(), quantities = Json::object(), densities = Json::object();
    for (const ErrorSeries& field : run.errors) fields[field.field.name] = toJson(field);
    for (const Quantity& quantity : run.quantities) quantities[quantity.name] = toJson(quantity, reference.quantity(quantity.name));
    for (std::size_t i = 0; i < run.densityDistances.size(); ++i) densities[run.densities[i].name] = number(run.densityDistances[i]);
    Json json = {{"name", run.name}, {"path", run.path}, {"cells", run.cells}, {"fields", fields}, {"statistics", quantities},
        {"spectrumDistance", orNull(run.spectrumDistance)}, {"lastShell", run.lastShell}, {"densityDistance", densities},
        {"autocorrelationError", orNull(run.autocorrelationError)}, {"zonalMeanError", orNull(run.zonalError)},
        {"leavesFiveSigma", orNull(run.leavesFiveSigma)}, {"cost", costJson(run, reference)}, {"steps", nullptr}};
    if (run.steps)
    {
        json["steps"] = {{"bySolver", run.steps->bySolver}, {"byModel", run.steps->byModel}, {"rejected", run.steps->rejected},
            {"simulatedBySolver", run.steps->simulatedBySolver}, {"simulatedByModel", run.steps->simulatedByModel},
            {"speedUp", orNull(run.steps->speedUp)}};
    }
    return json;
}

} // namespace

void writeCaseSummary(const std::string& path, const CaseComparison& comparison, const std::string& command)
{
    Json runs = Json::array();
    for (const RunFigures& run : comparison.runs) runs.push_back(toJson(run, comparison));
    const Json summary =
    {
        {"command", command}, {"version", version}, {"processor", processorName()},
        {"times", {{"from", comparison.times.front()}, {"to", comparison.times.back()}, {"count", comparison.times.size()},
            {"interval", orNull(comparison.interval)}}},
        {"grid", comparison.grid ? Json(comparison.grid->describe()) : Json()},
        {"runs", runs}, {"notes", comparison.notes}
    };
    std::ofstream file(path);
    file << summary.dump(4) << "\n";
    close(file, path);
}

void writeTables(const std::string& folder, const CaseComparison& comparison)
{
    for (const RunFigures& run : comparison.runs)
    {
        if (!run.errors.empty()) writeErrors(folder, comparison, run);
        writeQuantities(folder, comparison, run);
    }
    const RunFigures& reference = comparison.runs[0];
    if (!reference.spectrum.empty())
    {
        const std::vector<Column> spectra = forAllRuns(comparison, {"waveNumber", sequence(reference.spectrum.size(), 1)},
            [](const RunFigures& run) { return run.spectrum; });
        writeCsv(folder + "/spectra.csv", spectra);
        writeVtkTable(folder + "/spectra.vtk", "mean energy spectra [m2/s2]", spectra);
    }
    if (!reference.zonalMean.empty())
    {
        writeCsv(folder + "/zonalMean.csv", forAllRuns(comparison, {"coordinate", comparison.zonalCoordinate},
            [](const RunFigures& run) { return run.zonalMean; }));
    }
    if (!reference.autocorrelation.empty())
    {
        writeCsv(folder + "/autocorrelation.csv", forAllRuns(comparison,
            {"lag", sequence(reference.autocorrelation.size(), comparison.interval.value_or(1))},
            [](const RunFigures& run) { return run.autocorrelation; }));
    }
    std::vector<Column> densities;
    for (std::size_t i = 0; i < reference.densities.size(); ++i)
    {
        const ProbabilityDensity& density = reference.densities[i].of;
        const Column centres{reference.densities[i].name, binCentres(density)};
        densities.push_back(centres);
        for (const RunFigures& run : comparison.runs)
        {
            densities.push_back({centres.name + "." + run.name, run.densities[i].of.density()});
        }
    }
    writeCsv(folder + "/densities.csv", densities);
}

} // namespace surrogate
