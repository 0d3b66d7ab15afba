#pragma once

#include "core/metrics/cells.h"

namespace surrogate
{

//- Root mean square change per unit time between two snapshots `interval` [s] apart: sqrt(<|x(t+dt) - x(t)|^2>)/dt, <.> the mean
//  weighted by volume, |.| over components; the field's units by s. `before` and `after` list components. Throws Error as
//  fieldErrors, and where the interval is not positive.
double rateOfChange(const Cells& cells, const std::vector<const double*>& before, const std::vector<const double*>& after,
    double interval);

} // namespace surrogate
