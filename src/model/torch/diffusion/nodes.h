#pragma once

#include "model/torch/diffusion/schedule.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Of the noisiest state at which samplers with given evaluations ask the network
constexpr double leastLambda = -5.1;

//- The levels that a sampler steps on, from > to: strictly falling, the last is `to`.
//  - evaluations 0: `from`, the whole levels between the two, `to`;
//  - logSNR: evenly spaced in lambda; a way to the clean level ends with a step from level 0;
//  - uniform: evenly spaced in the level; quadratic: in the square root of level + 1.
//  A way from level 0 or below to the clean level is uniform, there being no level that networks know to space towards.
//  Where evaluations are given, a start with lambda < leastLambda is replaced by the level that has it: the state is taken
//  as it is (it has a signal of less than 0.6 % in it), and the network is asked there. An estimate's error is multiplied by
//  1/alpha in the clean state, without bounds towards the last levels of the cosine schedule. One step a level can bear that.
std::vector<double> levelNodes(const Schedule& schedule, double from, double to, int evaluations, const std::string& spacing);

} // namespace surrogate
