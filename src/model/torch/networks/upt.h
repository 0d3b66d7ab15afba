#pragma once

#include "model/torch/networks/crossAttention.h"
#include "model/torch/networks/latentNetwork.h"
#include "model/torch/networks/pointGraph.h"
#include "model/torch/networks/pointWaves.h"
#include "model/torch/networks/transformerBlock.h"

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Transformer on the cells of any mesh, after Universal Physics Transformers (Alkin et al. 2024): values of cells in, values of cells
//  out, no grid. Cells send messages to supernodes (pointGraph.h), each a gated MLP of the cell's values and its place relative to the
//  supernode, averaged with the cells' volumes; transformer blocks work on the supernodes, or on latent tokens into which these are
//  pooled by cross attention; the decoder's queries, one a cell, are made of the cell's own values and place, hear the nearest
//  supernodes by such messages (without pooling) and attend to all tokens.
//  Differences to the paper: a cell sends to its nearest supernodes instead of a supernode hearing what is within a radius, so that
//  every cell is heard and a graded mesh needs no choice of radius; supernodes are no random draw; the query sees the cell's values.
//  Places enter as sines and cosines of lengths in metres, attention is turned by them (relative places), means are weighted by
//  volumes: the network does not know how many cells there are, and one is used on any mesh.
//  As on a grid, what the network knows of a cell beside the fields is in its inputs (see GeometryChannels): distance, size, boundary.
//
//  options    | meaning                                                                      | default
//  supernodes | cells that stand for those around them                                       | 256
//  neighbours | supernodes to which each cell is connected                                   | 3
//  density    | 0: supernodes are spread evenly in space; 1: as the cells are; or between    | 0.5
//  latents    | tokens into which the supernodes are pooled; 0: not pooled                   | 0
//  width      | channels of a token: a multiple of heads                                     | 96
//  heads      | attention heads of each block                                                | 3
//  blocks     | transformer blocks                                                           | 4
//  hidden     | channels of a message                                                        | width/2
//  mlpRatio   | channels inside the blocks' MLP for each of a token's                        | 2
//  layerScale | by what a block's branches are multiplied at the start                       | 0.1
//  decoder    | what a cell hears: nearest (supernodes), attention (to all tokens) or both   | both, with latents attention
//  longest    | wavelength of the places' sines and cosines [m]                              | twice the training mesh's extent
//  shortest   | the same, the shortest                                                       | two cells of the mean volume
//  waves      | wavelengths along each axis, from the longest to the shortest                | 8
class Upt : public LatentNetwork
{
public:

    Upt(const NetworkShape& shape, const Settings& settings);

    //- [n][supernodes or latents][width]
    torch::Tensor encode(const torch::Tensor& x) override;
    torch::Tensor process(const torch::Tensor& latent) override;
    torch::Tensor decode(const torch::Tensor& latent, const torch::Tensor& x) override;

    int nChannels() const override { return width_; }

    Settings settings() const override;

    //- Builds the graph of a mesh that it has not met yet; keeps those of the last few
    void setPoints(const std::shared_ptr<const PointSet>& points) override;

    //- Throws Error: a token attends to the whole mesh
    Tiling tiling() const override;

    void scaleOutput(double factor) override;

private:

    //- What depends on the mesh alone, in the precision and on the device of use
    struct Mesh
    {
        std::shared_ptr<const PointSet> points;
        std::shared_ptr<const PointGraph> graph;
        SparseSum toSupernodes, toConnections;
        torch::Tensor places;        //!< [cells][waves]
        torch::Tensor offsets;       //!< [cells*neighbours][waves]
        torch::Tensor weights;       //!< [1][cells][neighbours][1]
        torch::Tensor supernode;     //!< [supernodes], int64
        RotaryPositions::Turn ofCells, ofSupernodes;
    };

    void check(const std::string& where) const;

    bool pooled() const { return latents_ > 0; }
    bool hearsNearest() const { return decoder_ != "attention"; }
    bool attends() const { return decoder_ != "nearest"; }

    //- In float64, on the CPU
    Mesh makeMesh(const std::shared_ptr<const PointSet>& points, const std::shared_ptr<const PointGraph>& graph) const;

    //- That of the points, as x needs it. Throws c10::Error where there is none, or x has another number of cells.
    const Mesh& meshFor(const torch::Tensor& x);

    //- [n][inputs][1][cells] -> [n][cells][inputs], in the precision of operations
    torch::Tensor cellsOf(const torch::Tensor& x) const;

    //- Places of the latent tokens
    RotaryPositions::Turn ofTokens(const Mesh& mesh) const;

    NetworkShape shape_;
    std::int64_t supernodes_, neighbours_;
    double density_;
    int latents_, width_, heads_, blocks_, hidden_;
    double mlpRatio_, layerScale_;
    std::string decoder_;
    double longest_, shortest_;
    int waves_;

    std::vector<Mesh> meshes_;       //!< the one in use is the last
    torch::nn::Linear message_{nullptr}, messageOffset_{nullptr}, supernodeInput_{nullptr}, supernodePlace_{nullptr};
    torch::Tensor queries_;          //!< of the pooling, [1][latents][width]
    CrossAttention pooling_{nullptr}, hearing_{nullptr};
    std::vector<TransformerBlock> processor_;
    torch::nn::Linear cellInput_{nullptr}, cellPlace_{nullptr}, answer_{nullptr}, answerOffset_{nullptr}, answerCell_{nullptr},
        heard_{nullptr}, outputHidden_{nullptr}, output_{nullptr};
    TokenLayerNorm outputNorm_{nullptr};
};

} // namespace surrogate
