#include "core/bundle.h"
#include "core/refusal.h"
#include "core/scratch.h"
#include "core/testManifest.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

using namespace surrogate;

namespace
{

std::string contentOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void put(const std::string& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary) << content;
}

//- A file with that header and that many bytes of data
void putHeader(const std::string& path, const std::string& header, std::size_t nData)
{
    std::string content;
    for (int i = 0; i < 8; ++i) content += char(header.size() >> (8*i));
    put(path, content + header + std::string(nData, '\0'));
}

//- A header with a good manifest and the given entries
std::string withManifest(const std::string& entries)
{
    std::string text;
    for (const char c : toJson(testManifest()))
    {
        if (c == '"' || c == '\\') text += '\\';
        if (c == '\n') text += "\\n";
        else text += c;
    }
    return "{\"__metadata__\":{\"manifest\":\"" + text + "\"}," + entries + "}";
}

Bundle testBundle()
{
    Bundle bundle;
    bundle.manifest = testManifest();
    bundle.tensors["b.weight"] = float32Tensor({2, 3}, {1, -2, 3.5f, 4, 5, 6});
    bundle.tensors["a.bytes"] = {"U8", {3}, {7, 8, 9}};
    bundle.tensors["scalar"] = {"F64", {}, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}};
    bundle.tensors["half"] = {"BF16", {2}, {0x80, 0x3f, 0x20, 0xc0}};
    bundle.tensors["empty"] = {"I64", {0, 4}, {}};
    return bundle;
}

class BundleTest : public testing::Test
{
protected:

    Scratch scratch_;
    std::string path_ = scratch_/"model.safetensors";
};

} // namespace

TEST_F(BundleTest, writesAndReadsTheSame)
{
    const Bundle bundle = testBundle();
    bundle.write(path_);
    const Bundle again = Bundle::read(path_);
    EXPECT_EQ(toJson(again.manifest), toJson(bundle.manifest));
    ASSERT_EQ(again.tensors.size(), bundle.tensors.size());
    for (const auto& [name, tensor] : bundle.tensors)
    {
        EXPECT_EQ(again.tensors.at(name).type, tensor.type) << name;
        EXPECT_EQ(again.tensors.at(name).shape, tensor.shape) << name;
        EXPECT_EQ(again.tensors.at(name).bytes, tensor.bytes) << name;
    }
    EXPECT_EQ(again.tensors.at("scalar").nElements(), 1u);
    EXPECT_EQ(again.tensors.at("empty").nElements(), 0u);
}

TEST_F(BundleTest, leavesNothingElseInTheFolder)
{
    testBundle().write(path_);
    testBundle().write(path_);
    const std::filesystem::directory_iterator files(scratch_.path());
    EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(BundleTest, failedWriteKeepsTheOldFile)
{
    testBundle().write(path_);
    Bundle wrong = testBundle();
    wrong.tensors["b.weight"].bytes.pop_back();
    expectRefusal([&] { wrong.write(path_); }, {"bytes do not fit", "tensor b.weight", "24 bytes", "23"});
    EXPECT_EQ(Bundle::read(path_).tensors.at("b.weight").bytes.size(), 24u);
    expectRefusal([&] { wrong.write(scratch_/"no/such/folder"); }, {"bytes do not fit"});
    expectRefusal([&] { testBundle().write(scratch_/"no/such/folder"); }, {"Cannot write", "No such file"});
}

TEST_F(BundleTest, headerIsAlignedAndHoldsOnlyStringsInItsMetadata)
{
    testBundle().write(path_);
    const std::string content = contentOf(path_);
    EXPECT_EQ(std::uint8_t(content[0])%8, 0);
    EXPECT_EQ(content[8], '{');
    EXPECT_NE(content.find("\"__metadata__\":{\"manifest\":\""), std::string::npos);
}

// The reader printed in doc/model-file.md, as it stands there
TEST_F(BundleTest, numpyReadsIt)
{
    testBundle().write(path_);
    const std::string document = contentOf(SURROGATE_SOURCE_DIR "/doc/model-file.md");
    const std::size_t begin = document.find("```python\n") + 10;
    const std::string checks = R"(
import struct
assert manifest["grid"]["cells"] == [64, 32] and manifest["network"]["settings"]["width"] == 32, manifest
assert manifest["origin"]["command"] == 'surrogateTrain -case "a b"', manifest
assert arrays["b.weight"].tolist() == [[1, -2, 3.5], [4, 5, 6]], arrays
assert arrays["a.bytes"].tolist() == [7, 8, 9] and arrays["scalar"].shape == () and arrays["scalar"] == 1.0, arrays
assert (arrays["half"].astype("<u4") << 16).view("<f4").tolist() == [1.0, -2.5], arrays
assert arrays["empty"].shape == (0, 4), arrays
ends = sorted(tuple(e["data_offsets"]) for e in header.values())
assert ends[0][0] == 0 and ends[-1][1] == len(content) - start and all(a[1] == b[0] for a, b in zip(ends, ends[1:])), ends
)";
    put(scratch_/"read.py", document.substr(begin, document.find("```", begin) - begin) + checks);
    EXPECT_EQ(std::system(("/usr/bin/python3 " + scratch_/"read.py" + " " + path_).c_str()), 0);
}

TEST_F(BundleTest, refusesAMissingFile)
{
    expectRefusal([&] { Bundle::read(path_); }, {"Cannot open a model file", path_, "No such file"});
}

TEST_F(BundleTest, refusesEveryTruncation)
{
    testBundle().write(path_);
    const std::string content = contentOf(path_);
    for (const std::size_t length : {std::size_t(0), std::size_t(9), std::size_t(100), content.size() - 1})
    {
        put(path_, content.substr(0, length));
        expectRefusal([&] { Bundle::read(path_); }, {length < 10 ? "Not a safetensors file" : "truncated", path_});
    }
    put(path_, content + "x");
    expectRefusal([&] { Bundle::read(path_); }, {"bytes after the last tensor"});
}

TEST_F(BundleTest, refusesAnotherKindOfFile)
{
    put(path_, "PK\3\4 a zip archive, as PyTorch's own checkpoints are");
    expectRefusal([&] { Bundle::read(path_); }, {"Not a safetensors file", path_});
    putHeader(path_, "{\"a\": ", 0);
    expectRefusal([&] { Bundle::read(path_); }, {"not JSON", path_});
    putHeader(path_, "{}", 0);
    expectRefusal([&] { Bundle::read(path_); }, {"no manifest", path_});
    putHeader(path_, "{\"__metadata__\":{\"manifest\":\"nonsense\"}}", 0);
    expectRefusal([&] { Bundle::read(path_); }, {"not JSON", "nonsense"});
}

TEST_F(BundleTest, refusesArraysThatDoNotFit)
{
    const auto expect = [&](const std::string& entries, std::size_t nData, const std::vector<std::string>& texts)
    {
        putHeader(path_, withManifest(entries), nData);
        expectRefusal([&] { Bundle::read(path_); }, texts);
    };
    const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)";
    expect(a + R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]})", 8, {"overlap", "tensor b", "from byte 8"});
    expect(a + R"("b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]})", 16, {"gap", "tensor b"});
    expect(a + R"("b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]})", 8, {"past the end", "tensor b", "12", "8"});
    expect(R"("a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]})", 8, {"do not fit its type and shape", "12 bytes"});
    expect(R"("a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]})", 8, {"Unknown type of tensor", "F8", "BF16"});
    expect(R"("a":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]})", 8, {"not valid", "tensor a"});
    expect(R"("a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]})", 0, {"2^50"});
    expect(R"("a":{"dtype":"U8","data_offsets":[0,8]})", 8, {"shape and two data_offsets"});
    expect(R"("a":{"dtype":"U8","shape":[8],"data_offsets":[8,0]})", 8, {"do not fit"});
}

TEST(BytesPerElement, refusesAnUnknownType)
{
    EXPECT_EQ(bytesPerElement("BF16"), 2u);
    expectRefusal([] { bytesPerElement("F128"); }, {"F128", "F64, I64, F32, BF16, U8"});
}
