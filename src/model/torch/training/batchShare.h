#pragma once

#include <torch/torch.h>

#include <vector>

namespace surrogate
{

//- The part of a batch that one process takes: samples first to first + count - 1 of `whole`. What is drawn for a sample depends
//  on the whole batch alone, not on how it is shared.
struct BatchShare
{
    int first = 0;
    int count = 0;
    int whole = 0;

    explicit BatchShare(int all) : count(all), whole(all) {}
    BatchShare(int rank, int ranks, int all) : first(rank*(all/ranks)), count(all/ranks), whole(all) {}

    //- Standard normal numbers of the shape and on the device of x, whose first axis is the share; draws those of the whole batch
    torch::Tensor normal(const torch::Tensor& x, at::Generator& generator) const
    {
        std::vector<std::int64_t> sizes = x.sizes().vec();
        sizes[0] = whole;
        return torch::randn(sizes, generator).narrow(0, first, count).to(x.device());
    }
};

} // namespace surrogate
