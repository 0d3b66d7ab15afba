#pragma once

#include "core/manifest.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace surrogate
{

//- One named array of a model file, as its raw little-endian bytes, row-major
struct TensorData
{
    std::string type;                  //!< safetensors' names: "F64", "F32", "BF16", "I64", "U8"
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;

    std::size_t nElements() const;
};

//- A model file: manifest and named arrays. `NAME.safetensors`, see doc/model-file.md. Holds no code.
struct Bundle
{
    Manifest manifest;
    std::map<std::string, TensorData> tensors;

    //- Throws Error on: no such file, truncated, not safetensors, header that is not JSON, no or wrong manifest, arrays that
    //  overlap, leave gaps or run past the end
    static Bundle read(const std::string& path);

    //- Written to a temporary file beside `path`, then renamed: a reader never sees half a file. Throws Error.
    void write(const std::string& path) const;
};

//- Bytes of one element of that type; throws Error on an unknown one
std::size_t bytesPerElement(const std::string& type);

} // namespace surrogate
