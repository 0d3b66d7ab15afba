#include "model/torch/latentMemory.h"

#include "model/torch/tensorState.h"

namespace surrogate
{

namespace
{

const char* const entry = "latent";

State lineOfValues(std::int64_t n)
{
    Grid line;
    line.dimensions = 1;
    line.cells[0] = int(n);
    return State(line, FieldList({{entry, 1, {}}}));
}

} // namespace

Memory latentMemory(const Network& network)
{
    const torch::Tensor latent = network.latent();
    if (!latent.defined()) return {};
    std::vector<State> members(std::size_t(latent.size(0)), lineOfValues(latent.numel()/latent.size(0)));
    fromTensor(latent.reshape({latent.size(0), 1, 1, -1}), members);
    return {{entry, members}};
}

void recallLatent(Network& network, const Memory& memory)
{
    const auto found = memory.find(entry);
    network.setLatent(found == memory.end() || found->second.empty() ? torch::Tensor() : toTensor(found->second).flatten(1));
}

} // namespace surrogate
