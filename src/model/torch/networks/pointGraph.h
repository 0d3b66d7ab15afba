#pragma once

#include "model/torch/networks/sparseSum.h"
#include "model/torch/pointSet.h"

#include <torch/torch.h>

namespace surrogate
{

//- Which cells of a mesh are supernodes, and to which of them each cell is connected. Depends on the mesh alone.
//  Supernodes are drawn one after the other by farthest-point sampling (Gonzalez 1985): the first is the cell nearest to the volume's
//  centroid, each next one that which is farthest from all before it, where a distance counts over the cell's size^density. So with
//  density 0 they are spread evenly in space, with 1 as the cells are, and nothing is random; of equals, to 1e-9, the first is taken.
//  Each cell is connected to its `neighbours` nearest supernodes: every cell is heard, and the number of connections is fixed.
//  Time O(cells supernodes), once a mesh. Distances go round periodic axes.
struct PointGraph
{
    struct Options
    {
        std::int64_t supernodes = 256;   //!< all cells where there are fewer
        std::int64_t neighbours = 3;     //!< all supernodes where there are fewer
        double density = 0.5;
    };

    PointGraph(const PointSet& points, const Options& options);

    std::int64_t cells, supernodes, neighbours;
    torch::Tensor supernode;    //!< [supernodes], int64: which cell each is
    torch::Tensor nearest;      //!< [cells][neighbours], int64: which supernodes, the nearest first
    torch::Tensor offsets;      //!< [cells][neighbours][axes], float64: from the supernode to the cell [m]
    torch::Tensor centres;      //!< [cells][axes], float64 [m]
    torch::Tensor weights;      //!< [cells][neighbours], float64: of an interpolation from the supernodes to the cell; sum 1; falls to
                                //!< zero where a supernode ceases to be one of the nearest

    //- Mean over all connections of a supernode, weighted by the cells' volumes: [cells*neighbours] -> [supernodes]
    SparseSum toSupernodes;

    //- From supernodes to connections: [supernodes] -> [cells*neighbours]
    SparseSum toConnections;
};

} // namespace surrogate
