#pragma once

#include "core/fieldList.h"
#include "core/geometry.h"
#include "core/grid.h"

#include <torch/torch.h>

#include <string>
#include <vector>

namespace surrogate
{

//- A map of the box onto itself under which the flow's equations, forces and boundary conditions do not change, so that each
//  recorded trajectory is another one too. Text: "reflect AXES" and "shift AXIS FRACTION", in any number and order, such as
//  "reflect x shift y 0.125": x -> -x, then everything moved along y by an eighth of the box. Components of vectors along
//  reflected axes change their sign; those of tensors once an index.
class Symmetry
{
public:

    //- Throws Error where the text is not such, an axis is not the grid's, a shift is not along a periodic axis by a whole
    //  number of cells, or an axis to be reflected has a wall at one side alone
    Symmetry(const std::string& text, const Grid& grid, const FieldList& fields);

    //- [..][channel][(z)][y][x] -> the same
    torch::Tensor apply(const torch::Tensor& fields) const;

    //- The geometry seen in the map, on the same grid
    Geometry apply(const Geometry& geometry, const Grid& grid) const;

private:

    torch::Tensor move(const torch::Tensor& x) const;

    std::vector<std::int64_t> reflected_;           //!< tensor dimensions, from the last: -1 is x
    std::vector<std::int64_t> shifted_, shifts_;    //!< tensor dimensions and cells
    torch::Tensor signs_;                           //!< [channel][1][1]
};

} // namespace surrogate
