#include "core/conservedMeans.h"
#include "core/refusal.h"

#include <gtest/gtest.h>

using namespace surrogate;

namespace
{

Manifest box()
{
    Manifest manifest;
    manifest.fields = FieldList({{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}, {"T", 1, {{0, 0, 0, 1, 0, 0, 0}}}});
    manifest.grid.dimensions = 2;
    manifest.grid.cells = {{4, 4, 1}};
    return manifest;
}

} // namespace

TEST(ConservedMeans, areRestoredInTheFieldsThatAreNamedAlone)
{
    const Manifest manifest = box();
    std::vector<State> members(2, State(manifest.grid, manifest.fields, 0));
    for (std::size_t i = 0; i < members[1].values.size(); ++i) members[1].values[i] = 0.1*double(i%7);
    const std::vector<State> before = members;
    const ConservedMeans means({"U"}, manifest, "m");
    const std::vector<double> kept = means.of(members);
    ASSERT_EQ(kept.size(), 4u);   // two members, two components
    for (State& member : members) for (double& value : member.values) value += 3;
    means.restore(members, kept);
    for (std::size_t m = 0; m < 2; ++m)
    {
        for (std::size_t i = 0; i < manifest.grid.nCells(); ++i)
        {
            for (const int c : {0, 1}) EXPECT_NEAR(members[m].channel(c)[i], before[m].channel(c)[i], 1e-13);
            EXPECT_EQ(members[m].channel(2)[i], before[m].channel(2)[i] + 3);
        }
    }
    EXPECT_TRUE(ConservedMeans({}, manifest, "m").of(members).empty());
}

TEST(ConservedMeans, refuseWhatTheyCannotKeep)
{
    Manifest manifest = box();
    expectRefusal([&] { ConservedMeans({"q"}, manifest, "m.safetensors"); }, {"m.safetensors, entry conserve", "q", "U", "T"});
    manifest.geometry = GeometryChannels{};
    expectRefusal([&] { ConservedMeans({"U"}, manifest, "m.safetensors"); }, {"entry conserve", "geometry"});
    EXPECT_NO_THROW(ConservedMeans({}, manifest, "m.safetensors"));
}
