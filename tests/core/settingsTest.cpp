#include "core/refusal.h"
#include "core/settings.h"

using namespace surrogate;

namespace
{

Settings allKinds()
{
    Settings settings("trainDict");
    settings.set("truth", true);
    settings.set("answer", std::string("off"));
    settings.set("count", 3L);
    settings.set("rate", 0.5);
    settings.set("name", std::string("unet"));
    settings.set("levels", std::vector<long>{1, 2});
    settings.set("scales", std::vector<double>{0.5, 2});
    settings.set("names", std::vector<std::string>{"a", "b"});
    settings.set("none", std::vector<std::string>{});
    settings.set("unet.width", 32L);
    settings.set("unet.norm.type", std::string("group"));
    settings.set("unetwidth", 1L);
    return settings;
}

} // namespace

TEST(Settings, givesEachKindBack)
{
    const Settings s = allKinds();
    EXPECT_TRUE(s.get("truth", false));
    EXPECT_FALSE(s.get("answer", true));
    EXPECT_EQ(s.get("count", 0), 3);
    EXPECT_EQ(s.get("count", 0.0), 3.0);
    EXPECT_EQ(s.get("rate", 0.0), 0.5);
    EXPECT_EQ(s.get("name", "none"), "unet");
    EXPECT_EQ(s.get("levels", std::vector<long>{}), (std::vector<long>{1, 2}));
    EXPECT_EQ(s.get("levels", std::vector<double>{}), (std::vector<double>{1, 2}));
    EXPECT_EQ(s.get("scales", std::vector<double>{}), (std::vector<double>{0.5, 2}));
    EXPECT_EQ(s.get("names", std::vector<std::string>{}), (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(s.get("none", std::vector<long>{1}).empty());
    EXPECT_TRUE(s.get("none", std::vector<double>{1}).empty());
}

TEST(Settings, givesThePresetWhereThereIsNoEntry)
{
    const Settings s;
    EXPECT_TRUE(s.get("x", true));
    EXPECT_EQ(s.get("x", 4), 4);
    EXPECT_EQ(s.get("x", 2.5), 2.5);
    EXPECT_EQ(s.get("x", "word"), "word");
    EXPECT_EQ(s.get("x", std::vector<long>{9}), std::vector<long>{9});
    EXPECT_FALSE(s.found("x"));
}

TEST(Settings, refusesAnotherKind)
{
    const Settings s = allKinds();
    expectRefusal([&] { s.get("rate", 1); }, {"trainDict", "entry rate", "a whole number", "0.5"});
    expectRefusal([&] { s.get("name", 1.0); }, {"entry name", "a number", "unet"});
    expectRefusal([&] { s.get("name", true); }, {"entry name", "yes or no"});
    expectRefusal([&] { s.get("count", "a"); }, {"entry count", "a word", "3"});
    expectRefusal([&] { s.get("scales", std::vector<long>{}); }, {"entry scales", "whole numbers", "(0.5 2)"});
    expectRefusal([&] { s.get("names", std::vector<double>{}); }, {"entry names", "a list of numbers", "(a b)"});
    expectRefusal([&] { s.get("levels", std::vector<std::string>{}); }, {"entry levels", "a list of words"});
}

TEST(Settings, refusesUnknownKeywords)
{
    Settings s("trainDict");
    s.set("widht", 3L);
    expectRefusal([&] { s.requireOnly({"width", "norm"}); }, {"Unknown keyword", "trainDict", "widht", "width, norm"});
    s.requireOnly({"width", "widht"});
}

TEST(Settings, sectionsAreTheEntriesBelowAPrefix)
{
    const Settings unet = allKinds().section("unet");
    EXPECT_EQ(unet.all().size(), 2u);
    EXPECT_EQ(unet.get("width", 0), 32);
    EXPECT_EQ(unet.section("norm").get("type", ""), "group");
    expectRefusal([&] { unet.get("width", "a"); }, {"trainDict, sub-dictionary unet", "entry width"});
}

TEST(Settings, sectionOfAnyKeywords)
{
    Settings s("controlDict");
    s.set("bounds.T", 1L);
    s.requireOnly({"bounds.*"});
    s.set("boundsT", 1L);
    expectRefusal([&] { s.requireOnly({"bounds.*"}); }, {"Unknown keyword", "boundsT"});
}
