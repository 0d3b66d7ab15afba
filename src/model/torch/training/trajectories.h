#pragma once

#include "core/noise.h"
#include "core/state.h"
#include "model/torch/training/symmetry.h"

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Recorded trajectories in memory, float32
class Trajectories
{
public:

    //- Reads all trajectories of the data sets. Throws Error where grids, geometries, fields or intervals of the files differ, a
    //  field is missing, or a trajectory is shorter than two model steps.
    //  symmetries: see symmetry.h
    Trajectories(const std::vector<std::string>& files, const std::vector<std::string>& fields, int stride,
        const std::vector<std::string>& symmetries = {});

    const Grid& grid() const { return grid_; }
    const FieldList& fields() const { return fields_; }

    //- Walls and bodies, the same for all; null where the data sets have none
    const std::shared_ptr<const Geometry>& geometry() const { return geometry_; }

    //- Of one model step [s]
    double timeStep() const { return timeStep_; }

    std::size_t nSnapshots() const;

    //- `count` windows of snapshots that are `offsets` model steps after its first: [offsets][count][channel][(z)][y][x].
    //  Chosen with `noise`, and each mapped by each of the symmetries or not, with even chances.
    //  first: number of the first one, in a batch of which this is a part.
    torch::Tensor sample(int count, const std::vector<int>& offsets, const Noise& noise, int first = 0) const;

    //- The same, evenly spread over all trajectories, as they are
    torch::Tensor spread(int count, const std::vector<int>& offsets) const;

    //- Throws Error, naming `what` the others are, where their grid or geometry is not this one
    void requireSameGrid(const Trajectories& others, const std::string& what) const;

    //- Fingerprint of the values (FNV-1a, 64 bits), as hexadecimal digits
    std::string digest() const;

private:

    //- Snapshots at which a window of so many steps can start, over all trajectories. Throws Error where there is none.
    std::size_t nWindows(int steps) const;

    //- The n-th of them: [offsets][channel][(z)][y][x]
    torch::Tensor window(std::size_t n, const std::vector<int>& offsets) const;

    Grid grid_;
    FieldList fields_;
    std::shared_ptr<const Geometry> geometry_;
    double timeStep_ = 0;
    int stride_;
    std::vector<Symmetry> symmetries_;
    std::vector<torch::Tensor> trajectories_;   //!< each [time][channel][(z)][y][x]
};

} // namespace surrogate
