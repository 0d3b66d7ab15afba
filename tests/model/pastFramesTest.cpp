#include "model/torch/diffusion/pastFrames.h"

#include "core/error.h"
#include "model/testModel.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

TEST(PastFrames, refusesMemoryOfAnotherGrid)
{
    const Grid grid = testing::smallManifest().grid;
    PastFrames past(*DenoisingMethod::find("sns"), 1, grid);
    past.setMemory({{"invariantSample", {testing::wavyState(grid)}}});
    EXPECT_EQ(past.memory().at("invariantSample").size(), 1u);

    Grid finer = grid;
    finer.cells[0] = 32;
    try
    {
        past.setMemory({{"invariantSample", {testing::wavyState(grid), testing::wavyState(finer)}}});
        FAIL() << "accepted";
    }
    catch (const Error& error)
    {
        EXPECT_EQ(error.report().where, "state file, entry invariantSample");
        EXPECT_NE(error.report().expected.find("16 x 16"), std::string::npos);
        EXPECT_NE(error.report().found.find("32 x 16"), std::string::npos);
    }
    EXPECT_EQ(past.memory().at("invariantSample").size(), 1u);
}

} // namespace
} // namespace surrogate
