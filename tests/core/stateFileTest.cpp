#include "core/bundle.h"
#include "core/refusal.h"
#include "core/scratch.h"
#include "core/stateFile.h"
#include "core/testManifest.h"

#include <cstring>
#include <limits>

using namespace surrogate;

namespace
{

//- Values that text or single precision would lose
State someState(double time, double scale)
{
    const Manifest manifest = testManifest();
    State state(manifest.grid, manifest.fields, time);
    for (std::size_t i = 0; i < state.values.size(); ++i) state.values[i] = scale/(3.0 + double(i));
    state.values[0] = -0.0;
    state.values[1] = std::numeric_limits<double>::denorm_min();
    return state;
}

class StateFileTest : public testing::Test
{
protected:

    Scratch scratch_;
    std::string path_ = scratch_/"corrector.safetensors";
};

} // namespace

TEST_F(StateFileTest, writesAndReadsTheSameBits)
{
    const NamedStates states{{"history", {someState(0.1 + 0.2, 1), someState(-1.0/3.0, 1e-300)}}, {"none", {}}, {"a/b", {someState(0, 7)}}};
    writeStateFile(path_, states);
    const NamedStates again = readStateFile(path_);

    ASSERT_EQ(again.size(), states.size());
    for (const auto& [name, members] : states)
    {
        const std::vector<State>& read = again.at(name);
        ASSERT_EQ(read.size(), members.size()) << name;
        for (std::size_t i = 0; i < members.size(); ++i)
        {
            EXPECT_EQ(read[i].time, members[i].time);
            EXPECT_TRUE(read[i].grid.matches(members[i].grid));
            EXPECT_EQ(read[i].grid.upper, members[i].grid.upper);
            EXPECT_EQ(read[i].fields.names(), members[i].fields.names());
            EXPECT_EQ(read[i].fields[0].dimensions, members[i].fields[0].dimensions);
            ASSERT_EQ(read[i].values.size(), members[i].values.size());
            EXPECT_EQ(std::memcmp(read[i].values.data(), members[i].values.data(), 8*members[i].values.size()), 0);
        }
    }
}

TEST_F(StateFileTest, membersMayDifferInGridAndFields)
{
    State coarse = someState(1, 1);
    coarse.grid.cells = {{2, 3, 1}};
    coarse.fields = FieldList({{"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}});
    coarse.values = {1, 2, 3, 4, 5, 6};
    writeStateFile(path_, {{"both", {someState(0, 1), coarse}}});
    const State again = readStateFile(path_).at("both")[1];
    EXPECT_EQ(again.values, coarse.values);
    EXPECT_EQ(again.fields.names(), coarse.fields.names());
}

TEST_F(StateFileTest, refusesOtherFiles)
{
    expectRefusal([&] { readStateFile(path_); }, {"Cannot open a state file", path_, "No such file"});

    Bundle bundle;
    bundle.manifest = testManifest();
    bundle.write(path_);
    expectRefusal([&] { readStateFile(path_); }, {"not a state file", path_});

    Safetensors::write(path_, "state file", {{"states", R"({"format":2,"entries":[]})"}}, {});
    expectRefusal([&] { readStateFile(path_); }, {"Unknown format", "expected: 1", "2"});

    Safetensors::write(path_, "state file", {{"states", R"({"format":1,"entries":[{"name":"a"}]})"}}, {});
    expectRefusal([&] { readStateFile(path_); }, {"The description of the states lacks an entry", "members"});
}

TEST_F(StateFileTest, refusesValuesThatDoNotFit)
{
    State wrong = someState(0, 1);
    wrong.values.pop_back();
    expectRefusal([&] { writeStateFile(path_, {{"a", {wrong}}}); }, {"bytes do not fit", "tensor a/0"});

    writeStateFile(path_, {{"a", {someState(0, 1)}}});
    Safetensors file = Safetensors::read(path_, "state file");
    Safetensors::Tensors tensors = file.tensors;
    tensors["a/0"] = float32Tensor({1}, {1});
    Safetensors::write(path_, "state file", file.metadata, tensors);
    expectRefusal([&] { readStateFile(path_); }, {"do not fit its grid and fields", "tensor a/0", "4096 numbers", "F32, 1 numbers"});
    tensors.clear();
    Safetensors::write(path_, "state file", file.metadata, tensors);
    expectRefusal([&] { readStateFile(path_); }, {"has no values", "tensor a/0"});
}

TEST_F(StateFileTest, refusesATruncation)
{
    writeStateFile(path_, {{"a", {someState(0, 1)}}});
    std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 8);
    expectRefusal([&] { readStateFile(path_); }, {"truncated", "tensor a/0"});
}

TEST_F(StateFileTest, addsAndRemovesPrefixes)
{
    const NamedStates states = withPrefix("memory.", {{"anchor", {someState(0, 1)}}});
    ASSERT_EQ(states.size(), 1u);
    EXPECT_EQ(states.count("memory.anchor"), 1u);
    const NamedStates back = withoutPrefix("memory.", {{"history", {}}, {"memory", {}}, {"memory.anchor", {someState(2, 1)}}});
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back.at("anchor").at(0).time, 2);
}
