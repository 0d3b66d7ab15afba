#include "model/stepper.h"

namespace surrogate
{

void Stepper::advance(State& state, const Noise& noise)
{
    std::vector<State> members{state};   // a copy: the state stays as it was where the step fails
    advance(members, noise);
    state = std::move(members.front());
}

} // namespace surrogate
