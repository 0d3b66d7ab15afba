#include "core/commandOutput.h"
#include "core/refusal.h"
#include "dataset/datasetWriter.h"
#include "model/corrector.h"
#include "model/testModel.h"

#include <gtest/gtest.h>

using namespace surrogate;
using surrogate::testing::smallManifest;
using surrogate::testing::wavyState;

namespace
{

class SurrogateStatisticsTest : public ::testing::Test
{
protected:

    void SetUp() override
    {
        for (const char* method : {"sns", "thermalizer"})
        {
            Manifest manifest = manifestOf(method);
            writeUntrainedSurrogate(model(method), manifest, 1, 0.1);
        }
        record("waves.h5", smallManifest().grid, 0.1);
    }

    static Manifest manifestOf(const std::string& method)
    {
        Manifest manifest = smallManifest("fields");
        manifest.method = method;
        manifest.networkSettings.set("headFeatures", 64L);
        manifest.diffusion.set("schedule", std::string("cosine"));
        manifest.diffusion.set("levels", 20L);
        return manifest;
    }

    void record(const std::string& name, const Grid& grid, double interval) const
    {
        DatasetWriter::Info info;
        info.name = "waves";
        info.interval = interval;
        DatasetWriter writer(scratch_/name, grid, smallManifest().fields, info);
        for (int i = 0; i < 8; ++i) writer.append(wavyState(grid, interval*i));
    }

    std::string model(const std::string& method) const { return scratch_/(method + ".safetensors"); }

    CommandOutput add(const std::string& arguments) const
    {
        return runCommand("cd " + scratch_.path().string() + " && " + SURROGATE_STATISTICS + " -device cpu " + arguments);
    }

    void refused(const std::string& arguments, const std::vector<std::string>& texts) const
    {
        const CommandOutput output = add(arguments);
        EXPECT_EQ(output.status, 1) << arguments;
        for (const std::string& text : texts)
        {
            EXPECT_NE(output.text.find(text), std::string::npos) << "no \"" << text << "\" in:\n" << output.text;
        }
    }

    static std::unique_ptr<Corrector> load(const std::string& path)
    {
        RuntimeOptions runtime;
        runtime.device = "cpu";
        runtime.precision = "float32";
        CorrectorOptions options;
        options.activation = -1;
        options.sampler.set("sampler", std::string("dpmSolverV3"));
        options.sampler.set("evaluations", 3L);
        return loadCorrector(path, runtime, options);
    }

    Scratch scratch_;
};

} // namespace

TEST_F(SurrogateStatisticsTest, givesTheModelWhatItsSamplerNeeds)
{
    for (const std::string method : {"sns", "thermalizer"})
    {
        expectRefusal([&] { load(model(method)); }, {"dpmSolverV3", "surrogateStatistics"});
        const Bundle before = Bundle::read(model(method));
        const CommandOutput output = add("-snapshots 3 -nodes 4 " + method + ".safetensors waves.h5");
        ASSERT_EQ(output.status, 0) << output.text;

        const Bundle after = Bundle::read(model(method));
        EXPECT_EQ(after.tensors.size(), before.tensors.size() + 4);
        for (const auto& [name, data] : before.tensors) EXPECT_EQ(after.tensors.at(name).bytes, data.bytes) << name;
        EXPECT_EQ(after.tensors.at("statistics.lambda").shape, std::vector<std::int64_t>{4});
        EXPECT_EQ(after.tensors.at("statistics.l").shape, (std::vector<std::int64_t>{4, 2}));

        std::vector<State> members{wavyState(smallManifest().grid, 0.2)};
        const std::vector<State> uncorrected = members;
        const auto corrector = load(model(method));
        const auto refinements = corrector->correct(members, {wavyState(smallManifest().grid)}, Noise(1));
        EXPECT_TRUE(refinements[0].active);
        EXPECT_NE(members[0].values, uncorrected[0].values);
    }
}

TEST_F(SurrogateStatisticsTest, measuresAnewInTheSameFile)
{
    ASSERT_EQ(add("-snapshots 2 -nodes 4 thermalizer.safetensors waves.h5").status, 0);
    ASSERT_EQ(add("-snapshots 2 -nodes 3 thermalizer.safetensors waves.h5").status, 0);
    const Bundle bundle = Bundle::read(model("thermalizer"));
    for (const char* name : {"lambda", "l", "s", "b"})
    {
        EXPECT_EQ(bundle.tensors.at(std::string("statistics.") + name).shape[0], 3) << name;
    }
}

TEST_F(SurrogateStatisticsTest, refusesWhatDoesNotFit)
{
    writeUntrainedSurrogate(scratch_/"emulator.safetensors", smallManifest(), 1);
    Grid coarse = smallManifest().grid;
    coarse.cells = {{8, 8, 1}};
    record("coarse.h5", coarse, 0.1);
    record("odd.h5", smallManifest().grid, 0.15);

    refused("emulator.safetensors waves.h5", {"Not a diffusion model", "emulator", "thermalizer"});
    refused("sns.safetensors none.h5", {"none.h5"});
    refused("none.safetensors waves.h5", {"Cannot open a model file", "none.safetensors"});
    refused("sns.safetensors coarse.h5", {"grid is not the model's", "sns.safetensors"});
    refused("sns.safetensors odd.h5", {"interval does not fit", "0.2", "0.15"});
    refused("sns.safetensors", {"at least one data set", "1 files"});
    refused("-nodes 1 sns.safetensors waves.h5", {"option -nodes", "2 or more"});
    refused("-snapshots many sns.safetensors waves.h5", {"option -snapshots", "many"});
    refused("-samples 3 sns.safetensors waves.h5", {"-samples", "-snapshots"});
    refused("-precision half sns.safetensors waves.h5", {"precision", "half", "bfloat16"});
    EXPECT_EQ(Bundle::read(model("sns")).tensors.count("statistics.lambda"), 0u);
}

TEST_F(SurrogateStatisticsTest, explainsItself)
{
    const CommandOutput help = add("-help");
    EXPECT_EQ(help.status, 0);
    for (const char* text : {"Usage: surrogateStatistics", "-snapshots", "-nodes", "-device", "-precision", "dpmSolverV3"})
    {
        EXPECT_NE(help.text.find(text), std::string::npos) << text;
    }
}
