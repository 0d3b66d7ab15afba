#include "model/torch/hierarchicalEmulator.h"

#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "model/torch/device.h"
#include "model/torch/networks/tiledNetwork.h"
#include "model/torch/latentMemory.h"
#include "model/torch/rememberedStates.h"
#include "model/torch/tensorState.h"
#include "model/torch/weights.h"

namespace surrogate
{

using torch::Tensor;

namespace
{

FieldList scalars(const std::vector<std::string>& names, int n)
{
    std::vector<Field> fields;
    for (int i = 0; i < n; ++i) fields.push_back(Field{names[std::size_t(i)], 1, {}});
    return FieldList(fields);
}

} // namespace

HierarchicalEmulator::HierarchicalEmulator(const Bundle& bundle, const std::string& where, const Runtime& runtime)
:
    manifest_(bundle.manifest), where_(where), runtime_(runtime), model_(bundle.manifest, where),
    geometries_(manifest_, model_.model.variables->pointwise(), where),
    grids_(manifest_.hierarchy->grids(manifest_.grid, where + ", entry hierarchy.pool")),
    predicted_(scalars(model_.model.variables->names(), model_.model.variables->nPredicted())),
    hints_(grids_.size())
{
    manifest_.diffusion.requireOnly({});
    IncrementModel& model = model_.model;
    loadWeights(*model.network, bundle, where);
    model.network->eval();
    model_.to(torchDevice(runtime_), torchPrecision(runtime_));
    model.network = tiled(manifest_.network, model.shape, model.network, runtime_.tiles, runtime_.team);
}

Tensor HierarchicalEmulator::starting(const std::vector<State>& members) const
{
    const Tensor starting = torch::zeros({std::int64_t(members.size())}, torch::kBool);
    for (std::size_t h = 0; h < hints_.size(); ++h)
    {
        for (std::size_t i = 0; i < members.size(); ++i)
        {
            if (!isOf(hints_[h], members, i, double(h + 1), manifest_.timeStep)) starting[std::int64_t(i)] = true;
        }
    }
    return starting;
}

void HierarchicalEmulator::advance(std::vector<State>& members, const Noise& noise)
{
    const FloatingPointGuard guard;
    requireMembers(members, manifest_, where_);
    std::vector<State> next = members;
    std::vector<std::vector<State>> nextHints;
    for (std::size_t h = 0; h < hints_.size(); ++h)
    {
        nextHints.emplace_back();
        for (const State& member : members)
        {
            nextHints[h].emplace_back(grids_[h], predicted_, member.time + double(h + 2)*manifest_.timeStep);
        }
    }

    translateErrors(where_, [&]
    {
        const torch::InferenceMode inference;
        const auto precision = torchPrecision(runtime_);
        const Variables& variables = *model_.model.variables;
        model_.model.network->begin(noise);
        const Tensor fields = toDevice(toTensor(members), runtime_);
        const Tensor inputs = variables.inputs(fields);
        const auto geometries = model_.levels.geometries(geometries_.of(members, inputs.device(), inputs.scalar_type()));

        const Tensor starting = this->starting(members);
        std::vector<Tensor> hints = model_.noHints(inputs);
        for (std::size_t h = 0; h < hints.size(); ++h)
        {
            if (hints_[h].size() == members.size()) hints[h] = toDevice(toTensor(hints_[h]), runtime_);
        }
        if (starting.any().item<bool>())
        {
            model_.startUp(inputs, hints, toDevice(starting, runtime_), geometries, precision);
        }
        const Tensor predicted = model_.advance(inputs, hints, geometries, precision);
        fromTensor(toHost(variables.fields(predicted, fields), runtime_), next);
        for (std::size_t h = 0; h < hints.size(); ++h) fromTensor(toHost(hints[h], runtime_), nextHints[h]);
    });

    for (State& state : next)
    {
        state.time += manifest_.timeStep;
        state.requireFinite("output of the model " + where_);
    }
    for (std::size_t h = 0; h < nextHints.size(); ++h)
    {
        for (const State& hint : nextHints[h]) hint.requireFinite(name(h) + " of the model " + where_);
    }
    members = std::move(next);
    hints_ = std::move(nextHints);
}

Memory HierarchicalEmulator::memory() const
{
    Memory memory = latentMemory(*model_.model.network);
    for (std::size_t h = 0; h < hints_.size(); ++h)
    {
        if (!hints_[h].empty()) memory[name(h)] = hints_[h];
    }
    return memory;
}

void HierarchicalEmulator::setMemory(const Memory& memory)
{
    std::vector<std::vector<State>> hints;
    for (std::size_t h = 0; h < hints_.size(); ++h) hints.push_back(remembered(memory, name(h), grids_[h], &predicted_));
    hints_ = std::move(hints);
    recallLatent(*model_.model.network, memory);
}

} // namespace surrogate
