#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace surrogate
{

//- One named array of a file, as its raw little-endian bytes, row-major
struct TensorData
{
    std::string type;                  //!< safetensors' names: "F64", "F32", "BF16", "I64", "U8"
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;

    std::size_t nElements() const;
};

//- Bytes of one element of that type; throws Error on an unknown one
std::size_t bytesPerElement(const std::string& type);

//- A file of named arrays and texts: 8 bytes that hold the header's length, the header as JSON, the arrays. Holds no code.
//  `kind` is what messages call the file: "model file", "state file".
struct Safetensors
{
    using Metadata = std::map<std::string, std::string>;
    using Tensors = std::map<std::string, TensorData>;

    Metadata metadata;
    Tensors tensors;

    //- Throws Error on: no such file, truncated, not safetensors, header that is not JSON, arrays that overlap, leave gaps or run
    //  past the end. Metadata other than texts are passed over.
    static Safetensors read(const std::string& path, const std::string& kind);

    //- Written to a temporary file beside `path`, then renamed: a reader never sees half a file. Throws Error.
    static void write(const std::string& path, const std::string& kind, const Metadata& metadata, const Tensors& tensors);
};

} // namespace surrogate
