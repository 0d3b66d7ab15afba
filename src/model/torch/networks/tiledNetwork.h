#pragma once

#include "model/torch/networks/network.h"
#include "model/torch/networks/sharedEvaluation.h"

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- A network evaluated tile by tile, for grids whose activations are too large for the device. Each tile is evaluated together
//  with a halo as wide as the network sees, so that the result is the undivided one but for rounding; along an axis that is not
//  periodic, tiles at its ends have no halo there and are padded as the whole grid is. Where a team shares the work, each process
//  evaluates some of the tiles; fewer tiles than processes have the batch divided, too. Inference alone: the weights must not change.
class TiledNetwork : public Network
{
public:

    //- name: the network's in the table of networks.cpp; shape: what `network` was built with; network: with its weights, on
    //  its device; tiles: number along x, y, z, one an axis of the grid. Throws Error where the network cannot be divided, the numbers
    //  do not fit the grid, or a tile with its halo would be no smaller than the grid (says from how many cells on it is).
    //  team: who shares the work; null: none. Of a team the leader alone evaluates, while the others serve.
    TiledNetwork(const std::string& name, const NetworkShape& shape, std::shared_ptr<Network> network,
        const std::vector<long>& tiles, std::shared_ptr<Team> team = nullptr);

    //- As Network's. The output has levels where there is one tile.
    Output evaluate(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override;

    //- Not shared. Throws Error where there are several tiles.
    std::vector<torch::Tensor> levels(const torch::Tensor& x, const std::vector<torch::Tensor>& numbers = {}) override
    {
        return network_->levels(x, numbers);
    }

    Settings settings() const override { return network_->settings(); }
    Tiling tiling() const override { return network_->tiling(); }
    void scaleOutput(double factor) override { network_->scaleOutput(factor); }

private:

    //- Along one axis, in cells of the whole grid
    struct Interval
    {
        int begin, end;     //!< what the tile computes
        int first, last;    //!< with its halo; beyond the grid along periodic axes
    };

    using Tile = std::vector<Interval>;     //!< x, y, z

    std::vector<Interval> divide(int axis, long tiles) const;

    //- A network on the tile with its halo, with the weights of network_
    std::shared_ptr<Network> networkOf(const std::string& name, const Tile& tile) const;

    NetworkShape shape_;
    std::shared_ptr<Network> network_;
    std::vector<Tile> tiles_;
    std::unique_ptr<SharedEvaluation> evaluation_;   //!< one network a tile
};

//- The network itself where `tiles` is empty or all 1 and there is no team, else tiled
std::shared_ptr<Network> tiled(const std::string& name, const NetworkShape& shape, std::shared_ptr<Network> network,
    const std::vector<long>& tiles, std::shared_ptr<Team> team = nullptr);

} // namespace surrogate
