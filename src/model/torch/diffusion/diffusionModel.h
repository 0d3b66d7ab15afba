#pragma once

#include "core/bundle.h"
#include "model/runtime.h"
#include "model/torch/diffusion/denoiser.h"
#include "model/torch/diffusion/statistics.h"

#include <optional>
#include <string>

namespace surrogate
{

//- A trained denoiser on its device, with what its file says: what correctors and Steppers share
struct DiffusionModel
{
    Manifest manifest;
    std::string where;    //!< the file, for messages
    Runtime runtime;
    Denoiser denoiser;
    FlowGeometries geometries;
    std::optional<ModelStatistics> statistics;   //!< of sampler dpmSolverV3, where the file has them

    //- Throws Error where an array is missing or does not fit
    DiffusionModel(const Bundle& bundle, const std::string& where, const Runtime& runtime);

    //- The members' geometry as the denoiser wants it. Throws Error where one has none and the model needs it.
    FlowGeometry geometryOf(const std::vector<State>& members);

    //- Throws Error on options that do not fit
    std::unique_ptr<Sampler> sampler(const SamplerOptions& options) const;
};

//- The statistics' arrays in a model file, beside those of the network
std::map<std::string, TensorData> storeStatistics(const ModelStatistics& statistics);

} // namespace surrogate
