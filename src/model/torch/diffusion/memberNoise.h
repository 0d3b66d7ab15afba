#pragma once

#include "core/noise.h"

#include <torch/torch.h>

#include <vector>

namespace surrogate
{

//- Standard normal tensors in a sequence that depends, for each member, on its Noise alone: not on how many members there are,
//  nor on which of them are drawn for
class MemberNoise
{
public:

    //- members: their numbers in the ensemble; mask: what the numbers are multiplied with, undefined: 1
    MemberNoise(const Noise& noise, const std::vector<std::size_t>& members, const torch::Tensor& mask = {});

    //- Shape, type and device of `like`, whose first axis is the members. Those that are not `active` (empty: all are) get
    //  zeros and draw nothing.
    torch::Tensor draw(const torch::Tensor& like, const std::vector<bool>& active = {});

private:

    std::vector<at::Generator> generators_;
    torch::Tensor mask_;
};

} // namespace surrogate
