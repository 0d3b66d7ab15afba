#pragma once

#include "comparison.h"

#include <string>

namespace surrogate
{

//- comparison.png: vorticity of the chosen runs side by side with the error of one, the mean spectra, correlation over time.
//  Leaves out the parts for which there are no data; does nothing where there are none at all. Throws Error.
void drawComparison(const std::string& path, const ComparisonInput& input, const ComparisonResult& result);

//- For each run but the reference that has short runs: FOLDER/NAME.pvd with prediction, reference and error of the picture's
//  start, at each snapshot that both have. An older series of that name is replaced. Throws Error.
void writeSeries(const std::string& folder, const ComparisonInput& input);

} // namespace surrogate
