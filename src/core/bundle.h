#pragma once

#include "core/manifest.h"
#include "core/safetensors.h"

#include <map>
#include <string>

namespace surrogate
{

//- A model file: manifest and named arrays. `NAME.safetensors`, see doc/model-file.md. Holds no code.
struct Bundle
{
    Manifest manifest;
    std::map<std::string, TensorData> tensors;

    //- Elements of all arrays
    std::size_t nParameters() const;

    //- Throws Error as Safetensors::read does, and on no or a wrong manifest
    static Bundle read(const std::string& path);

    //- As Safetensors::write
    void write(const std::string& path) const;
};

} // namespace surrogate
