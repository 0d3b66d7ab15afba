#pragma once

#include "comparison.h"

#include "vtk/linePlot.h"

#include <string>

namespace surrogate
{

//- comparison.png: vorticity of the chosen runs side by side with the error of one, the mean spectra, correlation over time.
//  Leaves out the parts for which there are no data; does nothing where there are none at all, or members alone. Throws Error.
void drawComparison(const std::string& path, const ComparisonInput& input, const ComparisonResult& result);

//- The mean spectra of all runs that have one, without a legend
LinePlot makeSpectra(const ComparisonInput& input, const ComparisonResult& result);

//- Name, colour and dash of a run: solvers on other grids are dashed, so that competitors and models are told apart
Curve makeCurve(const ComparisonInput& input, std::size_t run);

//- For each run but the reference that has short runs: FOLDER/NAME.pvd with prediction, reference and error of the picture's
//  start, at each snapshot that both have. An older series of that name is replaced. Throws Error.
void writeSeries(const std::string& folder, const ComparisonInput& input);

} // namespace surrogate
