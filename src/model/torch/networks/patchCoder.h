#pragma once

#include "core/grid.h"
#include "model/torch/networks/patchLattice.h"
#include "model/torch/networks/tokenLayers.h"

#include <torch/torch.h>

#include <array>
#include <map>
#include <string>
#include <vector>

namespace surrogate
{

//- Fields to tokens and back, with the same weights for several sizes of patches (CKM and CSM of Mukhopadhyay et al. 2025): two
//  convolutions with group normalisation and GELU between them, and two transposed ones in reverse. A patch of p cells a side is
//  patchFactors(p) of the two.
//
//  Kernel modulation: the kernels are brought to the patch (patchResize), strides are the kernels. A transposed kernel is multiplied
//  by its number of cells over the trained one's, so that one token stands for a field of the same size whatever the patch.
//  Stride modulation: the kernels stay, the strides are the patch's; tokens overlap, and what is decoded is their mean. Beyond the
//  sides of a bounded axis there is zero plus a learned value for each side and channel; corners have both sides'. A periodic axis
//  goes on as it is.
class PatchCoderImpl : public torch::nn::Module
{
public:

    enum class Modulation { kernel, stride };

    struct Options
    {
        int width = 96;                          //!< channels of a token; a multiple of 4
        std::vector<long> patches{4, 8, 16};     //!< cells along a patch's side
        Modulation modulation = Modulation::kernel;
        std::array<int, 2> kernels{{4, 4}};      //!< cells along the kernels' sides that are trained
    };

    //- Channels that fields to encode have, and decoded ones. Throws Error that names `where` where a patch does not fit the grid.
    PatchCoderImpl(const Grid& grid, int inputs, int outputs, const Options& options, const std::string& where);

    //- x: [n][(z)][y][x][inputs] -> [n][(tz)][ty][tx][width]. After the first convolution in `precision`.
    torch::Tensor encode(const torch::Tensor& x, long patch, torch::ScalarType precision);

    //- [n][(tz)][ty][tx][width] -> [n][(z)][y][x][outputs]
    torch::Tensor decode(const torch::Tensor& tokens, long patch);

    const PatchLattice& lattice(long patch) const { return lattices_.at(patch); }

    //- Scales what decode() returns
    void scaleOutput(double factor);

private:

    //- Of both convolutions to tokens, or of both transposed ones back, in the order of linear layers
    struct Kernels { torch::Tensor first, second; };

    struct Side { int axis, side; };

    torch::Tensor kernel(const std::string& name, std::vector<std::int64_t> sizes, int axis, int cells, int fanIn);
    Kernels ofEncoder(long patch, torch::ScalarType type) const;
    Kernels ofDecoder(long patch, torch::ScalarType type) const;
    torch::Tensor resized(const torch::Tensor& kernel, int axis, int size, bool transposed, torch::ScalarType type) const;
    torch::Tensor averaged(const torch::Tensor& kernel, long patch, int convolution, torch::ScalarType type) const;

    using Cache = std::map<long, Kernels>;
    using Make = Kernels (PatchCoderImpl::*)(long, torch::ScalarType) const;

    //- Kept while no gradient is wanted: where one is, the weights are about to change
    Kernels kernels(Cache& cache, Make make, long patch, const torch::Tensor& x) const;

    torch::Tensor padded(const torch::Tensor& x, long patch);

    int dimensions_;
    Options options_;
    std::map<long, PatchLattice> lattices_;
    std::vector<Side> sides_;                 //!< those beyond which there are cells with some patch
    torch::Tensor toHidden_, hiddenBias_;     //!< [hidden][(k)][k][k][inputs]
    torch::Tensor toToken_, tokenBias_;       //!< [width][(k)][k][k][hidden]
    torch::Tensor fromToken_;                 //!< [(k)][k][k][hidden][width]
    torch::Tensor fromHidden_, outputBias_;   //!< [(k)][k][k][outputs][hidden]
    torch::Tensor sideValues_;                //!< [sides][inputs]
    TokenGroupNorm hiddenNorm_{nullptr}, tokenNorm_{nullptr}, decoderNorm_{nullptr};

    Cache encoder_, decoder_;
    std::map<long, torch::Tensor> strips_;    //!< which padded cells are beyond which sides: [(z)][y][x][sides]
};
TORCH_MODULE(PatchCoder);

} // namespace surrogate
