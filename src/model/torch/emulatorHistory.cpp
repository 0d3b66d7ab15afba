#include "model/torch/emulatorHistory.h"

#include "model/torch/rememberedStates.h"

namespace surrogate
{

EmulatorHistory::EmulatorHistory(const Manifest& manifest)
:
    grid_(manifest.grid), fields_(manifest.fields), timeStep_(manifest.timeStep), past_(std::size_t(manifest.history - 1))
{}

std::vector<std::vector<State>> EmulatorHistory::before(const std::vector<State>& members) const
{
    std::vector<std::vector<State>> frames(past_.size(), members);
    const auto steps = [&](std::size_t frame) { return double(frame) - double(past_.size()); };
    for (std::size_t i = 0; i < members.size(); ++i)
    {
        bool known = true;
        for (std::size_t f = 0; f < past_.size(); ++f) known = known && isOf(past_[f], members, i, steps(f), timeStep_);
        for (std::size_t f = 0; f < past_.size(); ++f)
        {
            if (known) frames[f][i] = past_[f][i];
            else frames[f][i].time = members[i].time + steps(f)*timeStep_;
        }
    }
    return frames;
}

void EmulatorHistory::keep(std::vector<std::vector<State>> past, std::vector<State> members)
{
    if (past_.empty()) return;
    past.push_back(std::move(members));
    past.erase(past.begin());
    past_ = std::move(past);
}

Memory EmulatorHistory::memory() const
{
    Memory memory;
    for (std::size_t f = 0; f < past_.size(); ++f)
    {
        if (!past_[f].empty()) memory[name(f)] = past_[f];
    }
    return memory;
}

void EmulatorHistory::setMemory(const Memory& memory)
{
    std::vector<std::vector<State>> past;
    for (std::size_t f = 0; f < past_.size(); ++f) past.push_back(remembered(memory, name(f), grid_, &fields_));
    past_ = std::move(past);
}

} // namespace surrogate
