#pragma once

#include "caseComparison.h"
#include "casePictures.h"

#include <string>
#include <vector>

namespace surrogate
{

//- summary.json, see doc/comparison.md. `command`: as it was typed. Throws Error.
void writeCaseSummary(const std::string& path, const CaseComparison& comparison, const std::string& command);

//- NAME-errors.csv and NAME-statistics.csv of each run, NAME-OBJECT.csv of its forces, and spectra.csv, densities.csv,
//  autocorrelation.csv and zonalMean.csv of all, those for which there are data; see doc/comparison.md. spectra.vtk is the
//  first as a table for ParaView. Throws Error.
void writeTables(const std::string& folder, const CaseComparison& comparison);

//- report.html with the numbers, all pictures, the notes, and how to repeat it. Throws Error.
void writeCaseReport(const std::string& path, const CaseComparison& comparison, const std::string& command,
    const FieldPictures* fields, const std::vector<PlotPicture>& plots, const std::vector<std::string>& series);

//- The most important figures, aligned, and the notes
void printCaseTable(std::ostream& out, const CaseComparison& comparison);

} // namespace surrogate
