#include "model/torch/networks/pointGraph.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace surrogate
{

namespace
{

//- What differs by less, relatively, is equal: the first is taken. On a regular mesh much is equal but for rounding, which may depend
//  on how the mesh is decomposed.
constexpr double rounding = 1e-9;

//- Places of a mesh's cells, and how far apart they are
class Space
{
public:

    explicit Space(const PointSet& points) : points_(points), axes_(points.grid.dimensions) {}

    std::size_t size() const { return points_.grid.nCells(); }

    //- From a to b along an axis, round it where it is periodic
    double along(int axis, std::size_t a, std::size_t b) const
    {
        const double d = at(b, axis) - at(a, axis);
        if (!points_.grid.periodic[axis]) return d;
        const double length = points_.grid.upper[axis] - points_.grid.lower[axis];
        return d - length*std::round(d/length);
    }

    double squaredDistance(std::size_t a, std::size_t b) const
    {
        double sum = 0;
        for (int axis = 0; axis < axes_; ++axis)
        {
            const double d = along(axis, a, b);
            sum += d*d;
        }
        return sum;
    }

    //- The cell nearest to the centroid
    std::size_t middle() const
    {
        std::vector<double> centroid(axes_, 0.0);
        double volume = 0;
        for (std::size_t i = 0; i < size(); ++i)
        {
            for (int axis = 0; axis < axes_; ++axis) centroid[axis] += points_.cells.volumes[i]*at(i, axis);
            volume += points_.cells.volumes[i];
        }
        std::size_t nearest = 0;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < size(); ++i)
        {
            double sum = 0;
            for (int axis = 0; axis < axes_; ++axis) sum += std::pow(at(i, axis) - centroid[axis]/volume, 2);
            if (sum >= (1 - rounding)*least) continue;
            least = sum;
            nearest = i;
        }
        return nearest;
    }

private:

    double at(std::size_t i, int axis) const { return points_.cells.centres[i*axes_ + axis]; }

    const PointSet& points_;
    const int axes_;
};

//- The nearest supernodes of each cell, ascending, kept while supernodes are added
class Nearest
{
public:

    Nearest(std::size_t cells, std::size_t kept)
    :
        kept_(kept), distances_(cells*kept, std::numeric_limits<double>::infinity()), supernodes_(cells*kept, -1)
    {}

    void offer(std::size_t cell, std::int64_t supernode, double squaredDistance)
    {
        double* distances = &distances_[cell*kept_];
        if (squaredDistance >= (1 - rounding)*distances[kept_ - 1]) return;
        std::int64_t* supernodes = &supernodes_[cell*kept_];
        std::size_t place = kept_ - 1;
        for (; place > 0 && (1 - rounding)*distances[place - 1] > squaredDistance; --place)
        {
            distances[place] = distances[place - 1];
            supernodes[place] = supernodes[place - 1];
        }
        distances[place] = squaredDistance;
        supernodes[place] = supernode;
    }

    double squaredDistance(std::size_t cell, std::size_t place = 0) const { return distances_[cell*kept_ + place]; }
    std::int64_t supernode(std::size_t cell, std::size_t place) const { return supernodes_[cell*kept_ + place]; }

private:

    std::size_t kept_;
    std::vector<double> distances_;
    std::vector<std::int64_t> supernodes_;
};

} // namespace

PointGraph::PointGraph(const PointSet& points, const Options& options)
{
    const c10::InferenceMode ordinary(false);   // later uses may want gradients
    const Space space(points);
    const std::size_t n = space.size(), axes = std::size_t(points.grid.dimensions);
    const std::size_t nSupernodes = std::min<std::size_t>(n, std::size_t(options.supernodes));
    const std::size_t m = std::min<std::size_t>(nSupernodes, std::size_t(options.neighbours));
    const std::size_t kept = std::min(nSupernodes, m + 1);   // one more tells where the weights fall to zero

    std::vector<double> importance(n);   // of a squared distance
    for (std::size_t i = 0; i < n; ++i) importance[i] = std::pow(points.cells.volumes[i], -2*options.density/double(axes));

    Nearest nearestOf(n, kept);
    std::vector<std::int64_t> chosen;
    std::size_t next = space.middle();
    while (chosen.size() < nSupernodes)
    {
        const std::size_t added = next;
        double most = -1;
        for (std::size_t i = 0; i < n; ++i)
        {
            nearestOf.offer(i, std::int64_t(chosen.size()), space.squaredDistance(added, i));
            const double far = importance[i]*nearestOf.squaredDistance(i);
            if (far <= (1 + rounding)*most) continue;
            most = far;
            next = i;
        }
        chosen.push_back(std::int64_t(added));
    }

    std::vector<std::int64_t> near;
    std::vector<double> vectors, shares;
    std::vector<SparseSum::Entry> sums, copies;
    std::vector<double> volumes(nSupernodes, 0.0);
    for (std::size_t i = 0; i < n; ++i)
    {
        const double farthest = kept > m ? std::sqrt(nearestOf.squaredDistance(i, m)) : 2*std::sqrt(nearestOf.squaredDistance(i, m - 1));
        double sum = 0;
        for (std::size_t j = 0; j < m; ++j)
        {
            const std::int64_t s = nearestOf.supernode(i, j);
            near.push_back(s);
            for (std::size_t axis = 0; axis < axes; ++axis)
            {
                vectors.push_back(space.along(int(axis), std::size_t(chosen[std::size_t(s)]), i));
            }
            const double closeness = farthest > 0 ? 1 - std::sqrt(nearestOf.squaredDistance(i, j))/farthest : 1;
            shares.push_back(closeness*closeness + 1e-6);   // never 0/0
            sum += shares.back();
            volumes[std::size_t(s)] += points.cells.volumes[i];
        }
        for (std::size_t j = shares.size() - m; j < shares.size(); ++j) shares[j] /= sum;
    }
    for (std::size_t e = 0; e < near.size(); ++e)
    {
        const std::int64_t s = near[e], edge = std::int64_t(e);
        sums.push_back({s, edge, points.cells.volumes[e/m]/volumes[std::size_t(s)]});
        copies.push_back({edge, s, 1});
    }

    cells = std::int64_t(n);
    supernodes = std::int64_t(nSupernodes);
    neighbours = std::int64_t(m);
    supernode = torch::tensor(chosen, torch::kLong);
    nearest = torch::tensor(near, torch::kLong).reshape({cells, neighbours});
    offsets = torch::tensor(vectors, torch::kDouble).reshape({cells, neighbours, std::int64_t(axes)});
    centres = torch::tensor(points.cells.centres, torch::kDouble).reshape({cells, std::int64_t(axes)});
    weights = torch::tensor(shares, torch::kDouble).reshape({cells, neighbours});
    toSupernodes = SparseSum(supernodes, cells*neighbours, std::move(sums));
    toConnections = SparseSum(cells*neighbours, supernodes, std::move(copies));
}

} // namespace surrogate
