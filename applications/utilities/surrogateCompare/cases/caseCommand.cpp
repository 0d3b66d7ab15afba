#include "caseCommand.h"

#include "caseReport.h"
#include "paraviewSeries.h"

#include "core/error.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>

namespace surrogate
{

void run(const CaseCommand& command)
{
    const std::string output = command.output.empty() ? "comparison" : command.output;
    std::error_code failure;
    std::filesystem::create_directories(output, failure);
    if (failure) throw Error({"Cannot make the output folder", output, "a folder that can be written", failure.message(), {}});

    std::optional<FieldPictures> fields;
    std::optional<ParaviewSeries> series;
    std::vector<SnapshotUser*> users;
    if (command.pictures) users.push_back(&fields.emplace(output, command.picture));
    if (command.vtk) users.push_back(&series.emplace(output, command.vtkTimes));

    CaseComparison comparison = compareCases(command.compare, users);
    if (series && series->stride() > 1)
    {
        comparison.notes.push_back("the VTK series have one in " + std::to_string(series->stride()) + " of the compared times; -vtkTimes");
    }
    std::vector<PlotPicture> plots;
    if (command.pictures) plots = drawFigures(output, comparison);
    writeTables(output, comparison);
    writeCaseSummary(output + "/summary.json", comparison, command.command);
    writeCaseReport(output + "/report.html", comparison, command.command, fields ? &*fields : nullptr, plots,
        series ? series->scripts() : std::vector<std::string>());
    printCaseTable(std::cout, comparison);
    std::cout << "Written: " << output << "/report.html, summary.json, CSV files" << (series ? ", VTK series" : "") << "\n";
}

std::vector<std::string> wordList(const std::string& text, const std::string& option)
{
    std::string spaced = text;
    std::replace_if(spaced.begin(), spaced.end(), [](char c) { return c == '(' || c == ')' || c == ','; }, ' ');
    std::istringstream in(spaced);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    if (words.empty()) throw Error({"An option's list is empty", "option " + option, "one or more words, as in '(U p)'", text, {}});
    return words;
}

std::vector<double> numberList(const std::string& text, const std::string& option)
{
    std::vector<double> numbers;
    for (const std::string& word : wordList(text, option))
    {
        char* end = nullptr;
        numbers.push_back(std::strtod(word.c_str(), &end));
        if (*end != '\0') throw Error({"Not a number", "option " + option, "numbers, as in '(128 64)'", word, {}});
    }
    return numbers;
}

} // namespace surrogate
