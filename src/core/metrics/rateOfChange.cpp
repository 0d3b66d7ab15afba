#include "core/metrics/rateOfChange.h"
#include "core/error.h"
#include "core/metrics/pointwise.h"

#include <string>

namespace surrogate
{

double rateOfChange(const Cells& cells, const std::vector<const double*>& before, const std::vector<const double*>& after,
    double interval)
{
    if (!(interval > 0)) throw Error({"No time between two snapshots", "metrics", "a positive interval", std::to_string(interval), {}});
    return fieldErrors(cells, before, after).rmse/interval;
}

} // namespace surrogate
