#include "core/commandOutput.h"
#include "core/scratch.h"
#include "core/testManifest.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace surrogate;

namespace
{

CommandOutput modelInfo(const std::string& arguments)
{
    return runCommand(std::string(MODEL_INFO) + " " + arguments);
}

class ModelInfoTest : public testing::Test
{
protected:

    void SetUp() override
    {
        Bundle bundle;
        bundle.manifest = testManifest();
        bundle.tensors["down.0.weight"] = float32Tensor({2, 3}, std::vector<float>(6));
        bundle.tensors["scale"] = float32Tensor({}, {1});
        bundle.write(path_);
    }

    Scratch scratch_;
    std::string path_ = scratch_/"model.safetensors";
};

} // namespace

TEST_F(ModelInfoTest, printsManifestAndTensors)
{
    const CommandOutput output = modelInfo(path_);
    EXPECT_EQ(output.status, 0);
    EXPECT_NE(output.text.find(toJson(testManifest())), std::string::npos) << output.text;
    EXPECT_NE(output.text.find("down.0.weight  F32   2 x 3\n"), std::string::npos) << output.text;
    EXPECT_NE(output.text.find("scale          F32   scalar\n"), std::string::npos) << output.text;
    EXPECT_NE(output.text.find("2 tensors, 7 parameters, 28 bytes"), std::string::npos) << output.text;
}

TEST_F(ModelInfoTest, printsJson)
{
    const CommandOutput output = modelInfo("-json " + path_ + " " + path_);
    const nlohmann::json json = nlohmann::json::parse(output.text);
    ASSERT_EQ(json.size(), 2u);
    EXPECT_EQ(json[1]["file"], path_);
    EXPECT_EQ(json[1]["manifest"]["network"]["type"], "unet");
    EXPECT_EQ(json[1]["parameters"], 7);
    EXPECT_EQ(json[1]["tensors"][0]["name"], "down.0.weight");
    EXPECT_EQ(json[1]["tensors"][0]["shape"], nlohmann::json({2, 3}));
}

TEST_F(ModelInfoTest, explainsItself)
{
    EXPECT_EQ(modelInfo("-help").status, 0);
    EXPECT_NE(modelInfo("-help").text.find("Usage: modelInfo"), std::string::npos);
    EXPECT_EQ(modelInfo("").status, 2);
    const CommandOutput unknown = modelInfo("-yaml " + path_);
    EXPECT_EQ(unknown.status, 2);
    EXPECT_NE(unknown.text.find("unknown option -yaml"), std::string::npos);
}

TEST_F(ModelInfoTest, saysWhatIsWrongWithAFile)
{
    const CommandOutput missing = modelInfo(scratch_/"none.safetensors");
    EXPECT_EQ(missing.status, 1);
    EXPECT_NE(missing.text.find("Cannot open a model file"), std::string::npos);
}
