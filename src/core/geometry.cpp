#include "core/geometry.h"
#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

//- The largest |a - b|/scale
double largest(const std::vector<double>& a, const std::vector<double>& b, double scale)
{
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i])/scale);
    return most;
}

double difference(const CellPoints& a, const CellPoints& b, double size)
{
    if (a.centres.size() != b.centres.size() || a.boundaries != b.boundaries) return INFINITY;
    double most = largest(a.centres, b.centres, size);
    for (std::size_t i = 0; i < a.volumes.size(); ++i) most = std::max(most, std::abs(b.volumes[i]/a.volumes[i] - 1));
    return most;
}

} // namespace

const std::vector<std::string>& CellPoints::kinds()
{
    static const std::vector<std::string> names{"wall", "inlet", "outlet", "symmetry", "other"};
    return names;
}

double CellPoints::medianSize(const Grid& grid) const
{
    std::vector<double> sorted = volumes;
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size()/2, sorted.end());
    return std::pow(sorted[sorted.size()/2], 1.0/grid.dimensions);
}

void CellPoints::check(const Grid& grid, const std::string& where) const
{
    const auto refuse = [&](const std::string& expected, const std::string& found)
    {
        throw Error({"The points of a grid are not valid", where, expected, found, {}});
    };
    const std::size_t n = grid.nCells();
    if (centres.size() != n*grid.dimensions || volumes.size() != n || boundaries.size() != n)
    {
        refuse("centres, volumes and boundaries of " + grid.describe(), std::to_string(centres.size()) + ", "
            + std::to_string(volumes.size()) + " and " + std::to_string(boundaries.size()) + " numbers");
    }
    for (const double x : centres)
    {
        if (!std::isfinite(x)) refuse("finite centres", std::to_string(x));
    }
    for (const double volume : volumes)
    {
        if (!(std::isfinite(volume) && volume > 0)) refuse("volumes above 0", std::to_string(volume));
    }
    for (const std::uint8_t bits : boundaries)
    {
        if (bits >> kinds().size()) refuse("known kinds of boundary, bits below " + std::to_string(1 << kinds().size()),
            std::to_string(bits));
    }
}

double difference(const Geometry* a, const Geometry* b, const Grid& grid)
{
    if (!a && !b) return 0;
    if (!a || !b || a->points.has_value() != b->points.has_value() || a->fluid.size() != b->fluid.size()) return INFINITY;
    double spacing = a->points ? a->points->medianSize(grid) : grid.spacing(0);
    for (int axis = 1; axis < grid.dimensions && !grid.points; ++axis) spacing = std::min(spacing, grid.spacing(axis));
    const double most = std::max(largest(a->fluid, b->fluid, 1), largest(a->distance, b->distance, spacing));
    return a->points ? std::max(most, difference(*a->points, *b->points, spacing)) : most;
}

} // namespace surrogate
