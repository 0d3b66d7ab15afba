#pragma once

#include "caseComparison.h"

#include "vtk/linePlot.h"

#include <cstddef>
#include <vector>

namespace surrogate
{

//- Positions of the points that no other one beats, from the cheapest on: none of the others has less cost and less error
std::vector<std::size_t> paretoFront(const std::vector<double>& costs, const std::vector<double>& errors);

//- Error of each field, VRMSE in the mean over the compared times, against processor time over simulated time: a dot a run, and a
//  line through the best ones, of the solver's own runs and of those in which a model took steps. Empty where fewer than two runs
//  beside the reference tell their cost.
std::vector<LinePlot> costPlots(const CaseComparison& comparison);

} // namespace surrogate
