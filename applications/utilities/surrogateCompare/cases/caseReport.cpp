#include "caseReport.h"

#include "caseFigures.h"
#include "report/html.h"
#include "report/textTable.h"

#include "core/processor.h"
#include "core/version.h"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace surrogate
{

namespace
{

const char* const meaning = "A difference between two means is called one (\"differs\") where it is larger than twice the two standard "
    "errors combined, else the runs are \"alike\" as far as this many values can tell. Standard errors are from ten batch means; "
    "doc/comparison.md has the formula of every figure.";

std::string timesText(const CaseComparison& comparison)
{
    return std::to_string(comparison.times.size()) + " times from " + shortText(comparison.times.front()) + " s to "
        + shortText(comparison.times.back()) + " s";
}

void addTable(Html& page, const std::string& heading, const std::vector<TextRow>& rows, const std::string& caption = "")
{
    if (rows.size() < 2) return;
    page.heading(heading);
    page.table(rows, caption);
}

void print(std::ostream& out, const std::vector<TextRow>& rows)
{
    if (rows.size() < 2) return;
    printTable(out, rows);
    out << "\n";
}

} // namespace

void printCaseTable(std::ostream& out, const CaseComparison& comparison)
{
    out << "\n" << timesText(comparison) << ", against " << comparison.runs[0].name << "\n\n";
    for (std::size_t s = 1; s < comparison.runs.size(); ++s)
    {
        std::vector<TextRow> rows = errorsTable(comparison, s);
        rows[0][0] = comparison.runs[s].name + ": " + rows[0][0];
        print(out, rows);
    }
    print(out, statisticsTable(comparison));
    print(out, forcesTable(comparison));
    print(out, distancesTable(comparison));
    print(out, costTable(comparison));
    for (const std::string& note : comparison.notes) out << "note: " << note << "\n";
}

void writeCaseReport(const std::string& path, const CaseComparison& comparison, const std::string& command,
    const FieldPictures* fields, const std::vector<PlotPicture>& plots, const std::vector<std::string>& series)
{
    std::string names;
    for (std::size_t s = 1; s < comparison.runs.size(); ++s)
    {
        names += (s == 1 ? "" : s + 1 == comparison.runs.size() ? " and " : ", ") + comparison.runs[s].name;
    }
    Html page(names + " compared with " + comparison.runs[0].name);
    page.paragraph("Over " + timesText(comparison) + ". " + meaning);
    page.table(runsTable(comparison));

    const auto plot = [&](const std::string& file)
    {
        for (const PlotPicture& one : plots)
        {
            if (std::filesystem::path(one.file).filename() == file) page.picture(one.file, one.caption);
        }
    };
    if (fields && !fields->files().empty())
    {
        page.heading("Fields");
        for (const std::string& file : fields->files()) page.picture(file, fields->caption());
    }
    page.heading("Errors");
    for (std::size_t s = 1; s < comparison.runs.size(); ++s)
    {
        page.subheading(comparison.runs[s].name);
        page.table(errorsTable(comparison, s), "Mean over the compared times, in brackets at the last of them.");
    }
    plot("errors.png");
    addTable(page, "Statistics", statisticsTable(comparison));
    plot("statistics.png");
    addTable(page, "Forces", forcesTable(comparison));
    plot("forces.png");
    addTable(page, "Distances of statistics", distancesTable(comparison));
    plot("spectra.png");
    plot("densities.png");
    addTable(page, "Cost", costTable(comparison),
        "Seconds a simulated second, from the first to the last time step in each log, the median where there are several.");
    plot("cost.png");

    if (!comparison.notes.empty())
    {
        page.heading("Notes");
        page.list(comparison.notes);
    }
    page.heading("To repeat this");
    page.code("cd " + std::filesystem::current_path().string() + "\n" + command);
    page.paragraph(std::string(version) + ", " + processorName() + ". summary.json and the CSV files beside this page have all numbers.");
    if (!series.empty())
    {
        std::string text;
        for (const std::string& script : series) text += "paraview --script=" + std::filesystem::path(script).filename().string() + "\n";
        page.paragraph("The fields in ParaView, reference, run and error side by side:");
        page.code(text);
    }
    page.write(path);
}

} // namespace surrogate
