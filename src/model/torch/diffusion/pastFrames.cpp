#include "model/torch/diffusion/pastFrames.h"

#include "model/torch/rememberedStates.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

const std::vector<State>& PastFrames::at(const std::vector<State>& conditions)
{
    if (states_.size() != conditions.size()) states_ = conditions;
    return states_;
}

std::vector<double> PastFrames::lags(const std::vector<State>& conditions, double timeStep) const
{
    std::vector<double> lags;
    for (std::size_t i = 0; i < conditions.size(); ++i)
    {
        const double steps = std::round((conditions[i].time - states_[i].time)/timeStep) + 1;
        lags.push_back(std::clamp(steps, 1.0, double(maxLag_)));
    }
    return lags;
}

void PastFrames::anchor(std::size_t member, const State& state, bool refined, double timeStep)
{
    if (!method_.lagged) return;
    const bool old = state.time - states_.at(member).time > (maxLag_ - 0.5)*timeStep;
    if (refined || old) states_.at(member) = state;
}

Memory PastFrames::memory() const
{
    if (!method_.past() || states_.empty()) return {};
    return {{name(), states_}};
}

void PastFrames::setMemory(const Memory& memory)
{
    states_ = remembered(memory, name(), grid_);
}

} // namespace surrogate
