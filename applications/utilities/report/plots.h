#pragma once

#include "vtk/linePlot.h"

#include <string>
#include <vector>

namespace surrogate
{

constexpr double pictureWidth = 1400, pictureMargin = 20, plotHeight = 390;

//- Two plots a row; the left one of each goes without its legend, unless `ownLegends`. Throws Error.
void drawPlots(const std::string& path, std::vector<LinePlot> plots, bool ownLegends = false);

} // namespace surrogate
