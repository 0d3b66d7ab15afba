#pragma once

#include "core/options.h"
#include "core/team.h"
#include "model/corrector.h"
#include "model/stepper.h"

#include <memory>
#include <string>

namespace surrogate
{

//- Reads a model file and makes its Stepper ready on the device that `options` ask for. sampling: of diffusion models, how they
//  draw the next state (sampler, path, maxLag). Throws Error where the file, a tensor or a device is missing or does not fit,
//  and where the model takes no steps.
//  team: processes that share the evaluations of the network (its tiles, and the members); null: none. All of them load the model;
//  the leader alone calls the Stepper, while the others serve.
std::unique_ptr<Stepper> loadSurrogate(const std::string& path, const RuntimeOptions& options,
    const CorrectorOptions& sampling = {}, std::shared_ptr<Team> team = nullptr);

//- Writes a model file with freshly initialised weights for the manifest's method and network. The last layer is scaled by
//  `outputScale` (0: the model predicts no change, or no noise). For tests, and as the start of a training.
void writeUntrainedSurrogate(const std::string& path, const Manifest& manifest, std::uint64_t seed, double outputScale = 0);

//- Adds to a diffusion model's file what the sampler dpmSolverV3 must know of it (Zheng et al. 2023), measured over `snapshots`
//  of the data sets at `nodes` noise levels, for the state given a clean condition. Throws Error where the model is not a
//  diffusion model or the data do not fit it.
void addStatistics(const std::string& path, const std::vector<std::string>& data, int snapshots, int nodes,
    const RuntimeOptions& options);

} // namespace surrogate
