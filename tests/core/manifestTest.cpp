#include "core/refusal.h"
#include "core/testManifest.h"

#include <cmath>
#include <functional>
#include <limits>

using namespace surrogate;

namespace
{

//- The manifest as JSON text with one part of it replaced
std::string edited(const std::string& from, const std::string& to)
{
    std::string text = toJson(testManifest());
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " in\n" << text;
    return text.replace(at, from.size(), to);
}

} // namespace

TEST(Manifest, survivesTheWayThroughJson)
{
    const Manifest a = testManifest();
    const Manifest b = manifestFromJson(toJson(a), "test");
    EXPECT_EQ(a.networkSettings.all(), b.networkSettings.all());   // types too: variants compare by type first
    EXPECT_TRUE(a.grid.matches(b.grid));
    EXPECT_EQ(a.grid.upper, b.grid.upper);
    EXPECT_EQ(a.fields[0].dimensions, b.fields[0].dimensions);
    EXPECT_EQ(a.fields[0].components, b.fields[0].components);
    EXPECT_EQ(a.variableNames, b.variableNames);
    EXPECT_EQ(a.stddev, b.stddev);
    EXPECT_EQ(a.incrementStddev, b.incrementStddev);
    EXPECT_EQ(a.timeStep, b.timeStep);
    EXPECT_EQ(a.history, b.history);
    EXPECT_EQ(a.origin, b.origin);
    EXPECT_EQ(toJson(a), toJson(b));
}

TEST(Manifest, tellsTheWallsOfTheGrid)
{
    Manifest a = testManifest();
    a.grid.periodic[1] = false;
    a.grid.walls[1] = {false, true};
    const Manifest b = manifestFromJson(toJson(a), "test");
    EXPECT_EQ(b.grid.walls, a.grid.walls);
    EXPECT_FALSE(a.grid.matches(testManifest().grid));
    EXPECT_NE(a.grid.describe().find("walls at upper y"), std::string::npos) << a.grid.describe();

    EXPECT_THROW(manifestFromJson(edited("\"walls\": [\n            \"none\"", "\"walls\": [\n            \"left\""), "test"), Error);
    a.grid.periodic[1] = true;
    EXPECT_THROW(manifestFromJson(toJson(a), "test"), Error);
}

TEST(Manifest, tellsWhatItNeedsOfTheGeometry)
{
    Manifest a = testManifest();
    EXPECT_EQ(toJson(a).find("geometry"), std::string::npos);
    EXPECT_FALSE(manifestFromJson(toJson(a), "test").geometry);

    a.geometry = GeometryChannels{{"distance", "fluid"}, 0.25};
    const Manifest b = manifestFromJson(toJson(a), "test");
    ASSERT_TRUE(b.geometry);
    EXPECT_EQ(b.geometry->channels, a.geometry->channels);
    EXPECT_EQ(b.geometry->distanceLength, 0.25);

    a.geometry = GeometryChannels{};   // cells without fluid, and nothing that the network sees
    EXPECT_TRUE(manifestFromJson(toJson(a), "test").geometry);

    const auto refuses = [&](const GeometryChannels& geometry, const std::vector<std::string>& texts)
    {
        a.geometry = geometry;
        expectRefusal([&] { manifestFromJson(toJson(a), "model file"); }, texts);
    };
    refuses({{"solid"}, 1}, {"geometry.channels", "solid", "fluid, distance"});
    refuses({{"fluid", "fluid"}, 1}, {"geometry.channels", "fluid twice"});
    refuses({{"distance"}, 0}, {"geometry.distanceLength", "positive"});
}

TEST(Manifest, keepsAGridOfPoints)
{
    Manifest a = testManifest();
    a.grid.points = true;
    a.grid.cells = {{321, 1, 1}};
    a.grid.walls = {};
    a.geometry = GeometryChannels{{"distance", "size", "boundary"}, 0.25};
    EXPECT_EQ(a.geometry->nChannels(), 7);
    const Manifest b = manifestFromJson(toJson(a), "test");
    EXPECT_TRUE(b.grid.points);
    EXPECT_EQ(b.grid.dimensions, a.grid.dimensions);
    EXPECT_TRUE(b.grid.matches(a.grid));
    EXPECT_EQ(b.geometry->channels, a.geometry->channels);

    a.geometry = GeometryChannels{{"fluid"}, 0.25};
    expectRefusal([&] { a.check("model file"); }, {"geometry.channels", "fluid", "distance, size, boundary"});
    a.grid = testManifest().grid;
    a.geometry = GeometryChannels{{"size"}, 0.25};
    expectRefusal([&] { a.check("model file"); }, {"geometry.channels", "size", "fluid, distance"});
}

TEST(Manifest, tellsTheHintsOfAHierarchicalEmulator)
{
    Manifest a = testManifest();
    EXPECT_EQ(toJson(a).find("hierarchy"), std::string::npos);
    EXPECT_FALSE(manifestFromJson(toJson(a), "test").hierarchy);

    a.method = "hierarchicalEmulator";
    a.hierarchy = Hierarchy{{4, 16}, {{0.3}, {0.1}}};
    const Manifest b = manifestFromJson(toJson(a), "test");
    ASSERT_TRUE(b.hierarchy);
    EXPECT_EQ(b.hierarchy->pool, a.hierarchy->pool);
    EXPECT_EQ(b.hierarchy->incrementStddev, a.hierarchy->incrementStddev);
    const std::vector<Grid> grids = b.hierarchy->grids(b.grid, "test");
    ASSERT_EQ(grids.size(), 2u);
    EXPECT_EQ(grids[1].cells, (std::array<int, 3>{{4, 2, 1}}));
    EXPECT_EQ(grids[1].upper, a.grid.upper);

    a.hierarchy = Hierarchy{};
    EXPECT_TRUE(manifestFromJson(toJson(a), "test").hierarchy);

    const auto refuses = [&](const Hierarchy& hierarchy, const std::vector<std::string>& texts)
    {
        a.hierarchy = hierarchy;
        expectRefusal([&] { manifestFromJson(toJson(a), "model file"); }, texts);
    };
    refuses({{8, 4}, {{1}, {1}}}, {"hierarchy.pool", "9 or more", "4"});
    refuses({{64}, {{1}}}, {"hierarchy.pool", "divides the cells", "64"});
    refuses({{4}, {{1, 1}}}, {"hierarchy.incrementStddev", "1 values", "2"});
    refuses({{4}, {{-1}}}, {"hierarchy.incrementStddev", "positive"});
    a.hierarchy.reset();
    EXPECT_THROW(manifestFromJson(toJson(a), "test"), Error);
}

TEST(Manifest, settingsKeepNumbersToTheLastBit)
{
    Manifest manifest = testManifest();
    for (const double number : {0.1, 1.0/3, 1e-300, -0.0, 5e-324, 1e22})
    {
        manifest.networkSettings.set("number", number);
        const Manifest again = manifestFromJson(toJson(manifest), "test");
        ASSERT_TRUE(std::holds_alternative<double>(again.networkSettings.all().at("number"))) << number;
        EXPECT_EQ(again.networkSettings.get("number", 7.0), number);
    }
    manifest.networkSettings.set("big", std::numeric_limits<long>::max());
    EXPECT_EQ(manifestFromJson(toJson(manifest), "").networkSettings.all().at("big"),
        Settings::Value(std::numeric_limits<long>::max()));
}

TEST(Manifest, emptyListServesAsAnyList)
{
    Manifest manifest = testManifest();
    manifest.networkSettings.set("levels", std::vector<long>{});
    const Manifest again = manifestFromJson(toJson(manifest), "test");
    EXPECT_TRUE(again.networkSettings.get("levels", std::vector<long>{1}).empty());
    EXPECT_TRUE(again.networkSettings.get("levels", std::vector<double>{1}).empty());
}

TEST(Manifest, settingsKnowWhereTheyStand)
{
    const Manifest manifest = manifestFromJson(toJson(testManifest()), "a.safetensors");
    expectRefusal([&] { manifest.networkSettings.get("norm", 1); },
        {"a.safetensors", "network.settings", "norm", "whole number"});
}

TEST(Manifest, refusesNumbersThatJsonLacks)
{
    Manifest manifest = testManifest();
    manifest.networkSettings.set("rate", std::nan(""));
    expectRefusal([&] { toJson(manifest); }, {"network.settings.rate", "nan"});
}

TEST(Manifest, refusesBrokenJson)
{
    const auto expect = [](const std::string& from, const std::string& to, const std::vector<std::string>& texts)
    {
        expectRefusal([&] { manifestFromJson(edited(from, to), "model file"); }, texts);
    };
    expectRefusal([] { manifestFromJson("{", "model file"); }, {"not JSON", "model file"});
    expectRefusal([] { manifestFromJson("[]", "model file"); }, {"an object"});
    expect("\"method\"", "\"methods\"", {"lacks an entry", "method", "model file"});
    expect("\"method\": \"emulator\"", "\"method\": 3", {"entry method", "a word", "3"});
    expect("\"format\": 1", "\"format\": 2", {"entry format", "newer surrogateFoam"});
    expect("\"format\": 1", "\"format\": \"1\"", {"entry format", "a whole number"});
    expect("\"width\": 32", "\"width\": null", {"entry network.settings.width", "null"});
    expect("\"width\": 32", "\"width\": [1, \"a\"]", {"entry network.settings.width"});
    expect("\"history\": 1", "\"history\": 1.5", {"entry time.history", "a whole number"});
    expect("\"history\": 1", "\"history\": 0", {"entry time.history", "1 or more"});
    expect("\"step\": 0.1", "\"step\": -0.1", {"entry time.step", "positive"});
    expect("\"components\": 2", "\"components\": 3", {"U.components", "1 (scalar), 2 (vector)"});
    expect("\"version\": \"1\"", "\"version\": 1", {"entry origin.version", "a word"});
    expect("\"cells\": [\n            64,", "\"cells\": [", {"grid"});
    expect("\"type\": \"vorticity\"", "\"type\": \"\"", {"variables.type", "a name"});
}

TEST(Manifest, refusesWhatIsInconsistent)
{
    const auto expect = [](const std::function<void(Manifest&)>& spoil, const std::vector<std::string>& texts)
    {
        Manifest manifest = testManifest();
        spoil(manifest);
        expectRefusal([&] { manifest.check("model file"); }, texts);
    };
    testManifest().check("model file");
    expect([](Manifest& m) { m.method.clear(); }, {"entry method"});
    expect([](Manifest& m) { m.network.clear(); }, {"entry network.type"});
    expect([](Manifest& m) { m.fields = FieldList(); }, {"at least one field"});
    expect([](Manifest& m) { m.fields = FieldList({m.fields[0], m.fields[0]}); }, {"U twice"});
    expect([](Manifest& m) { m.grid.upper[0] = 0; }, {"grid", "upper bound"});
    expect([](Manifest& m) { m.variables.clear(); }, {"variables.type", "a name"});
    expect([](Manifest& m) { m.variableNames.clear(); }, {"variables.names", "at least one"});
    expect([](Manifest& m) { m.variableNames.push_back("p"); }, {"variables.mean", "2 values"});
    expect([](Manifest& m) { m.mean.clear(); }, {"variables.mean", "1 values"});
    expect([](Manifest& m) { m.stddev.push_back(1); }, {"variables.stddev", "1 values"});
    expect([](Manifest& m) { m.mean[0] = INFINITY; }, {"variables.mean", "finite"});
    expect([](Manifest& m) { m.stddev[0] = 0; }, {"variables.stddev", "positive"});
    expect([](Manifest& m) { m.incrementStddev = {1, 2}; }, {"variables.incrementStddev", "1 to 1 values"});
    expect([](Manifest& m) { m.incrementStddev = {-1}; }, {"variables.incrementStddev", "positive"});
    expect([](Manifest& m) { m.format = 2; }, {"format", "newer surrogateFoam"});
}
