#include "report.h"

#include "report/html.h"
#include "report/textTable.h"

#include "core/error.h"
#include "core/processor.h"
#include "core/version.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace surrogate
{

namespace
{

using Json = nlohmann::ordered_json;

template<class T>
Json orNull(const std::optional<T>& value)
{
    if (!value || !std::isfinite(double(*value))) return nullptr;
    return *value;
}

Json orNull(const std::optional<MeanAndError>& value)
{
    const auto part = [&](double MeanAndError::*member)
    {
        return value ? std::optional<double>((*value).*member) : std::nullopt;
    };
    return {{"mean", orNull(part(&MeanAndError::mean))}, {"stderr", orNull(part(&MeanAndError::stderror))}};
}

//- "3", "0.5"
std::string timeName(double time)
{
    char text[32];
    std::snprintf(text, sizeof text, "%g", time);
    return text;
}

std::string formatted(const char* format, const std::optional<double>& value)
{
    if (!value) return "-";
    char text[32];
    std::snprintf(text, sizeof text, format, *value);
    return text;
}

std::string formatted(const std::optional<MeanAndError>& value)
{
    if (!value) return "-";
    char text[64];
    std::snprintf(text, sizeof text, "%.4g +- %.2g", value->mean, value->stderror);
    return text;
}

using Row = std::vector<std::string>;

Row tableRow(const RunResult& run, const RunResult& reference)
{
    const RunInput& given = run.given;
    std::optional<double> cheaper;
    if (given.wallTimePerTime && reference.given.wallTimePerTime)
    {
        cheaper = *reference.given.wallTimePerTime / *given.wallTimePerTime;
    }
    const auto count = [](const std::optional<long>& n) { return n ? std::to_string(*n) : std::string("-"); };
    Row row{given.name, formatted("%.4g", given.wallTimePerTime), formatted("%.3g", cheaper), count(given.stepsBySolver),
        count(given.stepsByModel), formatted("%.4f", run.vrmseOneStep)};
    for (const std::optional<double>& value : run.correlation) row.push_back(formatted("%.3f", value));
    row.push_back(formatted(run.kineticEnergy));
    row.push_back(formatted(run.enstrophy));
    row.push_back(formatted("%.3f", run.spectrumDistance)
        + (run.spectrumDistance ? " (1-" + std::to_string(run.lastShell) + ")" : ""));
    row.push_back(formatted("%.2g", given.continuityError));
    return row;
}

Json toJson(const Stability& stability, double step)
{
    Json exits = Json::array();
    for (const std::optional<double>& exit : stability.exits) exits.push_back(exit ? Json(std::lround(*exit/step)) : Json());
    const std::optional<double> first = stability.firstExit();
    return
    {
        {"stable", stability.stable()}, {"members", stability.exits.size()}, {"firstExit", orNull(first)}, {"exitSteps", exits}
    };
}

//- Mean of the estimated levels, of the condition or of the state
std::optional<double> meanLevel(const LevelHistogram& levels, std::size_t which)
{
    double sum = 0, count = 0;
    for (const auto& [level, counts] : levels)
    {
        sum += double(level)*counts[which];
        count += counts[which];
    }
    if (count == 0) return {};
    return sum/count;
}

Json toJson(const RunResult& run, const ComparisonInput& input)
{
    const MembersResult& members = *run.members;
    Json rate{{"mean", nullptr}, {"stddev", nullptr}};
    if (members.rate) rate = {{"mean", members.rate->mean}, {"stddev", members.rate->stddev}};
    rate["ratio"] = orNull(members.rateRatio);
    rate["distance"] = orNull(members.rateDistance);
    return
    {
        {"spectrumDistanceError", orNull(members.spectrumError)},
        {"spectrumFloor", orNull(members.spectrumFloor)},
        {"fiveSigma", toJson(members.energy, input.oneStep)},
        {"spectrumBand", toJson(members.spectrum, input.oneStep)},
        {"rateOfChange", rate},
        {"autocorrelationError", orNull(members.autocorrelationError)},
        {"autocorrelation", members.autocorrelation},
        {"meanLevel", {{"condition", orNull(meanLevel(members.levels, 0))}, {"state", orNull(meanLevel(members.levels, 1))}}},
        {"timePerStep", orNull(run.given.timePerStep)},
        {"evaluationsPerStep", orNull(run.given.evaluationsPerStep)}
    };
}

std::string formatted(const Stability& stability, double step)
{
    std::string text = std::to_string(stability.stable()) + "/" + std::to_string(stability.exits.size());
    if (const auto first = stability.firstExit()) text += " (" + std::to_string(std::lround(*first/step)) + ")";
    return text;
}

Row membersRow(const RunResult& run, const ComparisonInput& input)
{
    const MembersResult& m = *run.members;
    std::string distance = formatted("%.3f", run.spectrumDistance);
    if (m.spectrumError) distance += formatted(" +- %.3f", m.spectrumError);
    if (m.spectrumFloor) distance = formatted("halves: %.3f", m.spectrumFloor);
    const std::optional<double> mean = m.rate ? std::optional<double>(m.rate->mean) : std::nullopt;
    return {run.given.name, formatted("%.3g", run.given.timePerStep), formatted("%.2f", run.given.evaluationsPerStep),
        formatted(m.energy, input.oneStep), formatted(m.spectrum, input.oneStep), distance, formatted("%.4g", mean),
        formatted("%.3f", m.rateRatio), formatted("%.3f", m.rateDistance), formatted("%.3f", m.autocorrelationError),
        formatted("%.2f", meanLevel(m.levels, 1))};
}

//- The first two rows are the header
std::vector<Row> membersRows(const ComparisonInput& input, const ComparisonResult& result)
{
    std::vector<Row> rows
    {
        {"", "ms per", "evaluations", "in 5 sigma", "in the band", "spectrum", "rate of", "its", "its", "C(tau)", "mean"},
        {"members of", "step", "per step", "(first exit)", "(first exit)", "distance", "change", "ratio", "distance", "error",
            "level"}
    };
    for (const RunResult& run : result.runs)
    {
        if (run.members) rows.push_back(membersRow(run, input));
    }
    return rows;
}

//- The first two rows are the header
std::vector<Row> runRows(const ComparisonInput& input, const ComparisonResult& result)
{
    Row top{"", "wall time", "times", "steps by", "steps by", "one-step"};
    Row below{"run", "per time", "cheaper", "solver", "model", "VRMSE"};
    for (const double time : input.correlationTimes)
    {
        top.push_back("corr.");
        below.push_back("t=" + timeName(time));
    }
    for (const char* word : {"kinetic energy", "enstrophy", "spectrum", "continuity"}) top.push_back(word);
    for (const char* word : {"mean +- stderr", "mean +- stderr", "distance", "error"}) below.push_back(word);
    std::vector<Row> rows{top, below};
    for (const RunResult& run : result.runs) rows.push_back(tableRow(run, result.runs.front()));
    return rows;
}

//- The rows of a table with one header row
std::vector<Row> oneHeader(const std::vector<Row>& rows)
{
    std::vector<Row> result(rows.begin() + 1, rows.end());
    for (std::size_t i = 0; i < result[0].size(); ++i)
    {
        if (!rows[0][i].empty()) result[0][i] = rows[0][i] + " " + result[0][i];
    }
    return result;
}

} // namespace

Machine Machine::here()
{
    return {processorName(), processorBfloat16() == "AMX"};
}

void writeSummary(const std::string& path, const ComparisonInput& input, const ComparisonResult& result,
    const Machine& machine)
{
    Json runs = Json::array();
    for (const RunResult& run : result.runs)
    {
        Json correlation = Json::object();
        for (std::size_t i = 0; i < run.correlation.size(); ++i)
        {
            correlation[timeName(input.correlationTimes[i])] = orNull(run.correlation[i]);
        }
        runs.push_back
        ({
            {"name", run.given.name},
            {"wallTimePerTime", orNull(run.given.wallTimePerTime)},
            {"stepsBySolver", orNull(run.given.stepsBySolver)},
            {"stepsByModel", orNull(run.given.stepsByModel)},
            {"vrmseOneStep", orNull(run.vrmseOneStep)},
            {"correlation", correlation},
            {"kineticEnergy", orNull(run.kineticEnergy)},
            {"enstrophy", orNull(run.enstrophy)},
            {"spectrumDistance", orNull(run.spectrumDistance)},
            {"continuityError", orNull(run.given.continuityError)}
        });
        if (run.members) runs.back()["members"] = toJson(run, input);
    }
    const Json summary =
    {
        {"case", input.caseName},
        {"machine", {{"processor", machine.processor}, {"threads", input.threads}, {"amx", machine.amx}}},
        {"runs", runs}
    };
    std::ofstream file(path);
    file << summary.dump(4) << "\n";
    file.close();
    if (!file) throw Error({"Cannot write the summary", path, "a folder that can be written", "", {}});
}

void printTable(std::ostream& out, const ComparisonInput& input, const ComparisonResult& result, const Machine& machine)
{
    const RunResult& reference = result.runs.front();
    out << input.caseName << ", " << machine.processor << (machine.amx ? " (AMX)" : "") << ", threads " << input.threads
        << "; correlation, VRMSE and spectrum against " << reference.given.name << "\n\n";
    printTable(out, runRows(input, result), 2);
    if (input.hasMembers())
    {
        out << "\n";
        printTable(out, membersRows(input, result), 2);
    }
    for (const std::string& note : result.notes) out << "note: " << note << "\n";
}

void writeReport(const std::string& folder, const ComparisonInput& input, const ComparisonResult& result, const Machine& machine,
    const std::string& command, bool pictures)
{
    namespace fs = std::filesystem;
    Html page(input.caseName + ": runs compared with " + input.reference().name);
    page.paragraph("Correlation, VRMSE and spectrum are against " + input.reference().name
        + "; surrogateCompare -help has the meaning of each column. " + machine.processor + (machine.amx ? " (AMX)" : "") + ", threads "
        + std::to_string(input.threads) + ".");
    page.table(oneHeader(runRows(input, result)));
    if (input.hasMembers())
    {
        page.heading("Members");
        page.table(oneHeader(membersRows(input, result)));
    }
    const std::vector<std::pair<std::string, std::string>> files
    {
        {"comparison.png", "Vorticity, mean energy spectra, correlation over time"},
        {"vorticity.png", "Vorticity of members at several times"}, {"statistics.png", "Statistics of the members"}
    };
    if (pictures) page.heading("Pictures");
    for (const auto& [file, caption] : files)
    {
        const std::string path = (fs::path(folder)/file).string();
        if (pictures && fs::exists(path)) page.picture(path, caption);
    }
    if (!result.notes.empty())
    {
        page.heading("Notes");
        page.list(result.notes);
    }
    page.heading("To repeat this");
    page.code("cd " + fs::current_path().string() + "\n" + command);
    page.paragraph(version);
    page.write((fs::path(folder)/"report.html").string());
}

} // namespace surrogate
