#pragma once

#include "comparison.h"

#include <string>

namespace surrogate
{

//- Vorticity of one member of each chosen run, one row a run and one column a time, with the colours of the reference's range.
//  Where a member ends earlier its last snapshot is shown, but for the reference: there other members stand in. Throws Error.
void drawMemberFields(const std::string& path, const ComparisonInput& input);

//- Spectra, energy and enstrophy over time with the reference's 5-sigma band, level histograms, distributions of the rate of
//  change, autocorrelation: those for which there are data. Throws Error.
void drawMemberStatistics(const std::string& path, const ComparisonInput& input, const ComparisonResult& result);

} // namespace surrogate
