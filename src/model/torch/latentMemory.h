#pragma once

#include "model/stepper.h"
#include "model/torch/networks/network.h"

namespace surrogate
{

//- A network's latent() as a Stepper's memory: entry latent, a line of values for each member; empty where there is none
Memory latentMemory(const Network& network);

//- What latentMemory() gave, or that there is none
void recallLatent(Network& network, const Memory& memory);

} // namespace surrogate
