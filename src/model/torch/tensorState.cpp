#include "model/torch/tensorState.h"

#include "core/error.h"

namespace surrogate
{

namespace
{

std::vector<std::int64_t> sizes(const State& state, std::size_t n)
{
    std::vector<std::int64_t> sizes{std::int64_t(n), state.fields.nChannels()};
    for (std::int64_t size : spatialSizes(state.grid)) sizes.push_back(size);
    return sizes;
}

} // namespace

std::vector<std::int64_t> spatialSizes(const Grid& grid)
{
    if (grid.dimensions == 3 && !grid.points) return {grid.cells[2], grid.cells[1], grid.cells[0]};
    return {grid.cells[1], grid.cells[0]};
}

torch::Tensor toTensor(const std::vector<State>& members)
{
    torch::Tensor tensor = torch::empty(sizes(members.front(), members.size()), torch::kDouble);
    double* out = tensor.data_ptr<double>();
    for (const State& state : members) out = std::copy(state.values.begin(), state.values.end(), out);
    return tensor;
}

torch::Tensor toTensor(const State& state)
{
    return torch::from_blob(const_cast<double*>(state.values.data()), sizes(state, 1), torch::kDouble).clone();
}

void fromTensor(const torch::Tensor& tensor, std::vector<State>& members)
{
    const torch::Tensor values = tensor.to(torch::kCPU, torch::kDouble).contiguous();
    const double* in = values.data_ptr<double>();
    for (State& state : members)
    {
        TORCH_CHECK(values.numel() == std::int64_t(members.size()*state.values.size()), "fromTensor: ",
            members.size()*state.values.size(), " values expected, found ", values.numel());
        std::copy_n(in, state.values.size(), state.values.begin());
        in += state.values.size();
    }
}

void fromTensor(const torch::Tensor& tensor, State& state)
{
    std::vector<State> members{std::move(state)};
    fromTensor(tensor, members);
    state = std::move(members.front());
}

void requireMembers(const std::vector<State>& members, const Manifest& manifest, const std::string& where)
{
    if (members.empty()) throw Error({"A model needs a state", where, "one member or more", "none", {}});
    for (const State& state : members)
    {
        if (!manifest.grid.takes(state.grid))
        {
            throw Error({"The state's grid is not the model's", where, manifest.grid.describe(), state.grid.describe(), {}});
        }
        if (state.fields.names() != manifest.fields.names())
        {
            throw Error({"The state's fields are not the model's", where, join(manifest.fields.names()),
                join(state.fields.names()), {}});
        }
        state.requireFinite("input of the model " + where);
    }
}

} // namespace surrogate
