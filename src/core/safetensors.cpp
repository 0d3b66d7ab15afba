#include "core/safetensors.h"
#include "core/error.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

namespace surrogate
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr std::uint64_t lengthBytes = 8;
constexpr std::uint64_t largestHeader = 100000000;   // safetensors' own limit
const std::vector<std::pair<std::string, std::size_t>> elementTypes{{"F64", 8}, {"I64", 8}, {"F32", 4}, {"BF16", 2}, {"U8", 1}};

//- Where an array lies, in bytes from the end of the header
struct Extent
{
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

[[noreturn]] void refuse(const std::string& what, const std::string& where, const std::string& expected = "",
    const std::string& found = "")
{
    throw Error({what, where, expected, found, {}});
}

std::string readFile(const std::string& path, const std::string& kind)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse("Cannot open a " + kind, path, "a readable file NAME.safetensors", std::strerror(errno));
    std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (file.bad()) refuse("Cannot read a " + kind, path, "a readable file NAME.safetensors", std::strerror(errno));
    return content;
}

//- The header's text; `content` begins with its length
std::string headerOf(const std::string& content, const std::string& path)
{
    std::uint64_t length = 0;
    if (content.size() < lengthBytes + 2)
    {
        refuse("Not a safetensors file", path, "at least 10 bytes", std::to_string(content.size()));
    }
    for (int i = 7; i >= 0; --i) length = (length << 8) | std::uint8_t(content[i]);
    if (content[lengthBytes] != '{' || length < 2 || length > largestHeader)
    {
        refuse("Not a safetensors file", path, "the header's length in 8 bytes, then a JSON object");
    }
    if (length > content.size() - lengthBytes)
    {
        refuse("The file is truncated", path, "a header of " + std::to_string(length) + " bytes",
            std::to_string(content.size() - lengthBytes) + " bytes");
    }
    return content.substr(lengthBytes, length);
}

//- Product of the shape times the element's size; throws where it is larger than any file
std::uint64_t nBytes(const TensorData& tensor, const std::string& where)
{
    std::uint64_t n = bytesPerElement(tensor.type);
    for (const std::int64_t extent : tensor.shape)
    {
        if (extent < 0) refuse("A shape is not valid", where, "lengths of 0 or more", std::to_string(extent));
        if (extent > 0 && n > (std::uint64_t(1) << 50)/std::uint64_t(extent))
        {
            refuse("A shape is not valid", where, "at most 2^50 bytes");
        }
        n *= std::uint64_t(extent);
    }
    return n;
}

//- One array's entry of the header: fills type and shape, returns its extent
Extent readEntry(const std::string& name, const Json& entry, TensorData& tensor, const std::string& path)
{
    const std::string where = path + ", tensor " + name;
    const auto isList = [&](const char* key)
    {
        const auto it = entry.find(key);
        return it != entry.end() && it->is_array()
            && std::all_of(it->begin(), it->end(), [](const Json& n) { return n.is_number_unsigned(); });
    };
    if (!entry.is_object() || entry.count("dtype") == 0 || !entry["dtype"].is_string() || !isList("shape")
     || !isList("data_offsets") || entry["data_offsets"].size() != 2)
    {
        refuse("A tensor's entry in the header is not valid", where, "dtype, shape and two data_offsets", entry.dump());
    }
    tensor.type = entry["dtype"].get<std::string>();
    tensor.shape = entry["shape"].get<std::vector<std::int64_t>>();
    const Extent extent{name, entry["data_offsets"][0].get<std::uint64_t>(), entry["data_offsets"][1].get<std::uint64_t>()};
    const std::uint64_t expected = nBytes(tensor, where);
    if (extent.end < extent.begin || extent.end - extent.begin != expected)
    {
        refuse("A tensor's data_offsets do not fit its type and shape", where, std::to_string(expected) + " bytes",
            "from " + std::to_string(extent.begin) + " to " + std::to_string(extent.end));
    }
    return extent;
}

//- Throws unless the arrays follow one another from 0 to the end of the file
void checkExtents(std::vector<Extent> extents, std::uint64_t available, const std::string& path)
{
    std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b)
    {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    std::uint64_t position = 0;
    for (const Extent& extent : extents)
    {
        const std::string where = path + ", tensor " + extent.name;
        if (extent.begin != position)
        {
            refuse(extent.begin < position ? "Two tensors overlap" : "There is a gap before a tensor", where,
                "from byte " + std::to_string(position), "from byte " + std::to_string(extent.begin));
        }
        position = extent.end;
        if (position > available)
        {
            refuse("The file is truncated: a tensor runs past the end", where,
                std::to_string(position) + " bytes of data", std::to_string(available));
        }
    }
    if (position < available)
    {
        refuse("There are bytes after the last tensor", path, std::to_string(position) + " bytes of data",
            std::to_string(available));
    }
}

Safetensors::Metadata readMetadata(const Json& header)
{
    Safetensors::Metadata metadata;
    const auto it = header.find("__metadata__");
    if (it == header.end() || !it->is_object()) return metadata;
    for (const auto& [name, value] : it->items())
    {
        if (value.is_string()) metadata[name] = value.get<std::string>();
    }
    return metadata;
}

//- Order of the arrays in the file: larger elements first, so that each array is aligned to its element
std::vector<const std::pair<const std::string, TensorData>*> fileOrder(const Safetensors::Tensors& tensors)
{
    std::vector<const std::pair<const std::string, TensorData>*> order;
    for (const auto& entry : tensors) order.push_back(&entry);
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b)
    {
        return bytesPerElement(a->second.type) > bytesPerElement(b->second.type);
    });
    return order;
}

//- Padded with spaces to a multiple of 8 bytes
std::string composeHeader(const Safetensors::Metadata& metadata, const Safetensors::Tensors& tensors, const std::string& path)
{
    Json header;
    header["__metadata__"] = metadata;
    std::uint64_t position = 0;
    for (const auto* entry : fileOrder(tensors))
    {
        const auto& [name, tensor] = *entry;
        const std::string where = path + ", tensor " + name;
        if (name == "__metadata__") refuse("A tensor must not have the name of the metadata", where);
        const std::uint64_t expected = nBytes(tensor, where);
        if (tensor.bytes.size() != expected)
        {
            refuse("A tensor's bytes do not fit its type and shape", where, std::to_string(expected) + " bytes",
                std::to_string(tensor.bytes.size()));
        }
        header[name] = {{"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {position, position + expected}}};
        position += expected;
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.append((8 - text.size()%8)%8, ' ');
    return text;
}

} // namespace

std::size_t TensorData::nElements() const
{
    std::size_t n = 1;
    for (const std::int64_t extent : shape) n *= std::size_t(extent);
    return n;
}

std::size_t bytesPerElement(const std::string& type)
{
    std::vector<std::string> names;
    for (const auto& [name, size] : elementTypes)
    {
        if (name == type) return size;
        names.push_back(name);
    }
    throw Error({"Unknown type of tensor", "", "one of the names below", type, names});
}

Safetensors Safetensors::read(const std::string& path, const std::string& kind)
{
    const std::string content = readFile(path, kind);
    const std::string headerText = headerOf(content, path);
    const Json header = Json::parse(headerText, nullptr, false);
    if (header.is_discarded() || !header.is_object()) refuse("The header of a " + kind + " is not JSON", path, "a JSON object");

    Safetensors result;
    result.metadata = readMetadata(header);
    std::vector<Extent> extents;
    for (const auto& [name, entry] : header.items())
    {
        if (name != "__metadata__") extents.push_back(readEntry(name, entry, result.tensors[name], path));
    }
    const std::uint64_t start = lengthBytes + headerText.size();
    checkExtents(extents, content.size() - start, path);
    for (const Extent& extent : extents)
    {
        result.tensors[extent.name].bytes.assign(content.begin() + start + extent.begin, content.begin() + start + extent.end);
    }
    return result;
}

void Safetensors::write(const std::string& path, const std::string& kind, const Metadata& metadata, const Tensors& tensors)
{
    const std::string header = composeHeader(metadata, tensors, path);
    const std::string temporary = path + ".writing" + std::to_string(getpid());

    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(temporary.c_str(), "wb"), &std::fclose);
    if (!file) refuse("Cannot write a " + kind, path, "a folder that can be written", std::strerror(errno));
    const auto giveUp = [&]
    {
        const std::string reason = std::strerror(errno);
        file.reset();
        std::remove(temporary.c_str());
        refuse("Cannot write a " + kind, path, "room on the disk", reason);
    };
    const auto put = [&](const void* data, std::size_t n)
    {
        if (n && std::fwrite(data, 1, n, file.get()) != n) giveUp();
    };

    std::uint8_t length[lengthBytes];
    for (unsigned i = 0; i < lengthBytes; ++i) length[i] = std::uint8_t(std::uint64_t(header.size()) >> (8*i));
    put(length, lengthBytes);
    put(header.data(), header.size());
    for (const auto* entry : fileOrder(tensors)) put(entry->second.bytes.data(), entry->second.bytes.size());
    if (std::fflush(file.get()) != 0 || fsync(fileno(file.get())) != 0) giveUp();
    file.reset();
    if (std::rename(temporary.c_str(), path.c_str()) != 0) giveUp();
}

} // namespace surrogate
