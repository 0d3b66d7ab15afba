#pragma once

#include "core/options.h"
#include "model/stepper.h"

#include <memory>
#include <string>

namespace surrogate
{

//- Reads a model file and makes its Stepper ready on the device that `options` ask for. Throws Error where the file, a tensor
//  or a device is missing or does not fit.
std::unique_ptr<Stepper> loadSurrogate(const std::string& path, const RuntimeOptions& options);

//- Writes a model file with freshly initialised weights for the manifest's network. The last layer is scaled by `outputScale`
//  (0: the model predicts no change). For tests, and as the start of a training.
void writeUntrainedSurrogate(const std::string& path, const Manifest& manifest, std::uint64_t seed, double outputScale = 0);

} // namespace surrogate
