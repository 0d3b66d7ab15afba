#include "model/torch/tensorState.h"

namespace surrogate
{

std::vector<std::int64_t> spatialSizes(const Grid& grid)
{
    if (grid.dimensions == 3) return {grid.cells[2], grid.cells[1], grid.cells[0]};
    return {grid.cells[1], grid.cells[0]};
}

torch::Tensor toTensor(const State& state)
{
    std::vector<std::int64_t> sizes{1, state.fields.nChannels()};
    for (std::int64_t n : spatialSizes(state.grid)) sizes.push_back(n);
    return torch::from_blob(const_cast<double*>(state.values.data()), sizes, torch::kDouble).clone();
}

void fromTensor(const torch::Tensor& tensor, State& state)
{
    const torch::Tensor values = tensor.to(torch::kCPU, torch::kDouble).contiguous();
    TORCH_CHECK(values.numel() == std::int64_t(state.values.size()), "fromTensor: ", state.values.size(),
        " values expected, found ", values.numel());
    std::copy_n(values.data_ptr<double>(), values.numel(), state.values.begin());
}

} // namespace surrogate
