#pragma once

#include "caseComparison.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace surrogate
{

//- Of an error over time
struct ErrorFigure
{
    double mean = 0, last = 0;
};
ErrorFigure figureOf(const std::vector<double>& values);

//- "alike", "differs", or "-" where an uncertainty is missing
std::string verdict(const std::optional<MeanAndError>& run, const std::optional<MeanAndError>& reference);

//- The frequency, in units of the force's time scale where it has one, with its error
std::optional<MeanAndError> frequencyOf(const Quantity& quantity);

//- "1.234 +- 0.005", to two digits of the error
std::string withError(const std::optional<MeanAndError>& value);

std::string shortText(const std::optional<double>& value, int digits = 4);

using TextRow = std::vector<std::string>;

//- The tables of report and terminal: header first
std::vector<TextRow> runsTable(const CaseComparison& comparison);
std::vector<TextRow> errorsTable(const CaseComparison& comparison, std::size_t run);
std::vector<TextRow> statisticsTable(const CaseComparison& comparison);
std::vector<TextRow> forcesTable(const CaseComparison& comparison);
std::vector<TextRow> distancesTable(const CaseComparison& comparison);
std::vector<TextRow> costTable(const CaseComparison& comparison);

std::vector<double> binCentres(const ProbabilityDensity& density);

//- The range that holds all but the outermost thousandth of the weight on either side; 0 to 1 where there are no values.
//  `weights`: one a value; empty: all equal.
std::array<double, 2> bulkRange(const std::vector<double>& values, const std::vector<double>& weights = {});

//- Whether a quantity comes from forces
bool isForce(const Quantity& quantity);

} // namespace surrogate
