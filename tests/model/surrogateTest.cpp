#include "model/surrogate.h"

#include "core/bundle.h"
#include "core/error.h"
#include "model/testModel.h"

#include <gtest/gtest.h>

#include <cfenv>
#include <cstring>
#include <fstream>

namespace surrogate
{
namespace
{

using testing::smallManifest;
using testing::wavyState;

RuntimeOptions on(const std::string& device, const std::string& precision = "float32")
{
    RuntimeOptions options;
    options.device = device;
    options.precision = precision;
    return options;
}

std::string messageOf(const std::function<void()>& call)
{
    try { call(); }
    catch (const Error& error) { return error.what(); }
    return "nothing";
}

#define EXPECT_MESSAGE(call, words) EXPECT_NE(messageOf([&] { call; }).find(words), std::string::npos) << messageOf([&] { call; })

TEST(Surrogate, withoutWeightsInItsLastLayerKeepsTheState)
{
    Scratch folder;
    for (const char* variables : {"fields", "vorticity"})
    {
        writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(variables), 1);
        const auto model = loadSurrogate(folder/"m.safetensors", on("cpu", "float64"));
        State state = wavyState(smallManifest().grid);
        const State before = state;
        model->advance(state, Noise());
        EXPECT_DOUBLE_EQ(state.time, 0.2);
        for (std::size_t i = 0; i < state.values.size(); ++i) EXPECT_NEAR(state.values[i], before.values[i], 1e-12);
    }
}

// The path through separate buffers and copies gives the same numbers
TEST(Surrogate, stagedEqualsCpu)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(), 1, 1.0);
    for (const char* precision : {"float32", "bfloat16", "float64"})
    {
        State a = wavyState(smallManifest().grid), b = a;
        const State start = a;
        loadSurrogate(folder/"m.safetensors", on("cpu", precision))->advance(a, Noise());
        loadSurrogate(folder/"m.safetensors", on("staged", precision))->advance(b, Noise());
        EXPECT_EQ(a.values, b.values) << precision;
        EXPECT_NE(a.values, start.values) << precision;
    }
}

TEST(Surrogate, precisionsAgree)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(), 1, 1.0);
    State exact = wavyState(smallManifest().grid), single = exact, half = exact;
    const State start = exact;
    loadSurrogate(folder/"m.safetensors", on("cpu", "float64"))->advance(exact, Noise());
    loadSurrogate(folder/"m.safetensors", on("cpu", "float32"))->advance(single, Noise());
    loadSurrogate(folder/"m.safetensors", on("cpu", "bfloat16"))->advance(half, Noise());
    double change = 0, errorSingle = 0, errorHalf = 0;
    for (std::size_t i = 0; i < exact.values.size(); ++i)
    {
        change = std::max(change, std::abs(exact.values[i] - start.values[i]));
        errorSingle = std::max(errorSingle, std::abs(exact.values[i] - single.values[i]));
        errorHalf = std::max(errorHalf, std::abs(exact.values[i] - half.values[i]));
    }
    EXPECT_LT(errorSingle, 1e-4*change);
    EXPECT_LT(errorHalf, 5e-2*change);
}

TEST(Surrogate, saysWhereItRuns)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(), 1);
    const std::string line = loadSurrogate(folder/"m.safetensors", on("auto", "auto"))->runtime();
    EXPECT_NE(line.find("device "), std::string::npos);
    EXPECT_NE(line.find("precision "), std::string::npos);
    EXPECT_NE(line.find("threads "), std::string::npos);
}

TEST(Surrogate, refusesAStateThatIsNotItsOwn)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(), 1);
    const auto model = loadSurrogate(folder/"m.safetensors", on("cpu"));

    Grid other = smallManifest().grid;
    other.cells[0] = 32;
    State wrongGrid = wavyState(other);
    EXPECT_MESSAGE(model->advance(wrongGrid, Noise()), "32 x 16");

    State wrongFields(smallManifest().grid, FieldList({Field{"V", 2, {}}}));
    EXPECT_MESSAGE(model->advance(wrongFields, Noise()), "V");
}

TEST(Surrogate, refusesNaNAndLeavesTheState)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(), 1);
    const auto model = loadSurrogate(folder/"m.safetensors", on("cpu"));
    State state = wavyState(smallManifest().grid, 1.5);
    state.values[7] = NAN;
    EXPECT_MESSAGE(model->advance(state, Noise()), "grid cell 7");
    EXPECT_EQ(state.time, 1.5);
}

// A model that returns NaN: weights so large that a float overflows
TEST(Surrogate, refusesToReturnNaN)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(), 1, 1e38);
    Bundle bundle = Bundle::read(folder/"m.safetensors");
    bundle.manifest.incrementStddev = {1e300};
    bundle.manifest.stddev = {1e-30, 1e-30, 1e-30};
    bundle.write(folder/"m.safetensors");
    const auto model = loadSurrogate(folder/"m.safetensors", on("cpu"));
    State state = wavyState(smallManifest().grid);
    const State before = state;
    std::feclearexcept(FE_ALL_EXCEPT);
    EXPECT_MESSAGE(model->advance(state, Noise()), "output of the model");
    EXPECT_EQ(state.values, before.values);
    EXPECT_EQ(state.time, before.time);
}

TEST(Surrogate, refusesFilesThatDoNotFit)
{
    Scratch folder;
    const std::string path = folder/"m.safetensors";
    EXPECT_MESSAGE(loadSurrogate(folder/"none.safetensors", on("cpu")), "none.safetensors");

    writeUntrainedSurrogate(path, smallManifest(), 1);
    const Bundle good = Bundle::read(path);

    Bundle bad = good;
    bad.tensors.erase("lift.bias");
    bad.write(path);
    EXPECT_MESSAGE(loadSurrogate(path, on("cpu")), "lift.bias");

    bad = good;
    bad.tensors["lift.bias"].shape = {2, 2};
    bad.write(path);
    EXPECT_MESSAGE(loadSurrogate(path, on("cpu")), "[2, 2]");

    bad = good;
    bad.tensors["extra"] = good.tensors.at("lift.bias");
    bad.write(path);
    EXPECT_MESSAGE(loadSurrogate(path, on("cpu")), "extra");

    bad = good;
    const float nan = NAN;
    std::memcpy(bad.tensors["lift.bias"].bytes.data(), &nan, sizeof nan);
    bad.write(path);
    EXPECT_MESSAGE(loadSurrogate(path, on("cpu")), "not finite");

    bad = good;
    bad.manifest.method = "oracle";
    bad.write(path);
    EXPECT_MESSAGE(loadSurrogate(path, on("cpu")), "emulator");

    bad = good;
    bad.manifest.history = 2;   // the network sees twice as many channels
    bad.write(path);
    EXPECT_MESSAGE(loadSurrogate(path, on("cpu")), "lift.weight");

    good.write(path);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 10);
    EXPECT_THROW(loadSurrogate(path, on("cpu")), Error);

    good.write(path);
    EXPECT_MESSAGE(loadSurrogate(path, on("cuda:99")), "cuda:99");
    EXPECT_MESSAGE(loadSurrogate(path, on("gpu")), "staged");
    EXPECT_MESSAGE(loadSurrogate(path, on("cpu", "float16")), "bfloat16");
}

} // namespace
} // namespace surrogate
