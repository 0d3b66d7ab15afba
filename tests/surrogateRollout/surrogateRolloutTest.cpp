#include "core/commandOutput.h"
#include "core/metrics.h"
#include "core/refusal.h"
#include "core/scratch.h"
#include "dataset/datasetReader.h"
#include "dataset/datasetWriter.h"
#include "model/surrogate.h"
#include "rollout.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace surrogate;

namespace
{

using Json = nlohmann::json;
constexpr double pi = 3.14159265358979323846, timeStep = 0.1;
constexpr int cells = 16;

Manifest boxManifest()
{
    Manifest manifest;
    manifest.method = "emulator";
    manifest.network = "uNet";
    manifest.networkSettings.set("width", 4L);
    manifest.networkSettings.set("multipliers", std::vector<long>{1, 2});
    manifest.networkSettings.set("blocks", 1L);
    manifest.fields = FieldList({{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}});
    manifest.grid.dimensions = 2;
    manifest.grid.cells = {{cells, cells, 1}};
    manifest.grid.upper = {{2*pi, 2*pi, 1}};
    manifest.grid.periodic = {{true, true, false}};
    manifest.variables = "vorticity";
    manifest.variableNames = {"vorticity", "U_x", "U_y"};
    manifest.mean = {0, 0, 0};
    manifest.stddev = {1, 1, 1};
    manifest.incrementStddev = {0.01};
    manifest.timeStep = timeStep;
    return manifest;
}

//- Vortices whose phase moves with time, free of divergence
State flow(double time, int seed)
{
    const Manifest manifest = boxManifest();
    State state(manifest.grid, manifest.fields, time);
    const double h = manifest.grid.spacing(0);
    for (int y = 0; y < cells; ++y)
    {
        for (int x = 0; x < cells; ++x)
        {
            state.channel(0)[state.grid.index(x, y)] = std::sin(2*(y + 0.5)*h + seed + time);
            state.channel(1)[state.grid.index(x, y)] = 0.5*std::sin((x + 0.5)*h - 2*seed - time);
        }
    }
    return state;
}

//- x' = growth x + noise, with a memory that matters: the first state of each member. A member above `limit` cannot step.
class Toy : public Stepper
{
public:

    explicit Toy(double growth = 1, double limit = 1e300) : manifest_(boxManifest()), growth_(growth), limit_(limit) {}

    void advance(std::vector<State>& members, const Noise& noise) override
    {
        ++calls;
        if (first_.empty()) first_ = members;
        if (first_.size() != members.size()) throw std::logic_error("the memory is of other members");
        for (const State& member : members)
        {
            if (std::abs(member.values[0]) > limit_) throw Error({"Too large", "Toy", "less", "more", {}});
        }
        refinements_.clear();
        for (std::size_t i = 0; i < members.size(); ++i)
        {
            for (std::size_t k = 0; k < members[i].values.size(); ++k)
            {
                double& x = members[i].values[k];
                x = growth_*x + 1e-3*first_[i].values[k] + 1e-3*noise.ofMember(std::uint32_t(i)).normal(0, k);
            }
            members[i].time += timeStep;
            refinements_.push_back({double(noise.timeIndex()%3), noise.timeIndex()%2 ? 4.4 : -1, 1, true, 5});
        }
    }

    const Manifest& manifest() const override { return manifest_; }
    std::string runtime() const override { return "toy"; }
    std::vector<Refinement> refinements() const override { return refinements_; }
    Memory memory() const override { return {{"first", first_}}; }
    void setMemory(const Memory& memory) override
    {
        const auto found = memory.find("first");
        first_ = found == memory.end() ? std::vector<State>() : found->second;
    }

    int calls = 0;

private:

    Manifest manifest_;
    double growth_, limit_;
    std::vector<State> first_;
    std::vector<Refinement> refinements_;
};

std::string contentOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

//- Lines of a CSV file without its header, as numbers
std::vector<std::vector<double>> rows(const std::string& path)
{
    std::ifstream file(path);
    std::string line, word;
    std::getline(file, line);
    std::vector<std::vector<double>> all;
    while (std::getline(file, line))
    {
        std::istringstream words(line);
        all.emplace_back();
        while (std::getline(words, word, ',')) all.back().push_back(std::strtod(word.c_str(), nullptr));
    }
    return all;
}

class SurrogateRolloutTest : public testing::Test
{
protected:

    void SetUp() override
    {
        writeUntrainedSurrogate(scratch_/"model.safetensors", boxManifest(), 1, 1);
        for (const int seed : {1, 2}) record(scratch_/("seed" + std::to_string(seed) + ".h5"), seed);
        options_ = RolloutOptions::read(settings());
    }

    void record(const std::string& path, int seed)
    {
        DatasetWriter::Info info;
        info.name = "test";
        info.interval = 0.5;
        info.simulationParameters = {{"nu", 0.01}};
        DatasetWriter writer(path, boxManifest().grid, boxManifest().fields, info);
        for (int i = 0; i < 10; ++i) writer.append(flow(20 + 0.5*i, seed));
    }

    Settings settings() const
    {
        Settings s("surrogateRolloutDict");
        s.set("model", scratch_/"model.safetensors");
        s.set("starts", std::vector<std::string>{scratch_/"seed1.h5", scratch_/"seed2.h5"});
        s.set("members", 4L);
        s.set("steps", 40L);
        s.set("statisticsEvery", 5L);
        s.set("snapshotEvery", 8L);
        s.set("denseSteps", 12L);
        s.set("output", scratch_/"out");
        s.set("threads", 1L);
        return s;
    }

    std::vector<State> run(Stepper& stepper, bool resume = false)
    {
        Rollout rollout(stepper, readStarts(options_, stepper.manifest()), options_, resume);
        rollout.run();
        return rollout.members();
    }

    std::string out(const std::string& name) const { return options_.output + "/" + name; }
    Json summary() const { return Json::parse(std::ifstream(out("summary.json"))); }

    void expectEqualSnapshots(const std::string& a, const std::string& b) const
    {
        const DatasetReader first(a), second(b);
        ASSERT_EQ(first.times(), second.times()) << a;
        for (std::size_t i = 0; i < first.nTimes(); ++i) EXPECT_EQ(first.read(0, i).values, second.read(0, i).values) << a << i;
    }

    Scratch scratch_;
    RolloutOptions options_;
};

} // namespace

// A model of a bounded flow gets the data set's walls and bodies at each step, also after a restart
TEST_F(SurrogateRolloutTest, takesTheGeometryFromTheDataSets)
{
    Manifest manifest = boxManifest();
    manifest.variables = "fields";
    manifest.variableNames = {"U_x", "U_y"};
    manifest.mean = {0, 0};
    manifest.stddev = {1, 1};
    manifest.incrementStddev = {0.01, 0.01};
    manifest.geometry = GeometryChannels{{"fluid", "distance"}, 1.0};
    writeUntrainedSurrogate(scratch_/"bounded.safetensors", manifest, 1, 1);
    auto geometry = std::make_shared<Geometry>();
    geometry->fluid.assign(manifest.grid.nCells(), 1.0);
    geometry->distance.assign(manifest.grid.nCells(), 0.5);
    geometry->fluid[5] = 0;
    geometry->distance[5] = -0.5;
    DatasetWriter::Info info;
    info.name = "test";
    info.interval = 0.5;
    info.geometry = geometry;
    {
        DatasetWriter writer(scratch_/"body.h5", manifest.grid, manifest.fields, info);
        for (int i = 0; i < 10; ++i) writer.append(flow(20 + 0.5*i, 1));
    }
    options_.model = scratch_/"bounded.safetensors";
    expectRefusal([&] { rollout(options_, false); }, {"needs the geometry"});

    options_.starts = {scratch_/"body.h5"};
    options_.output = scratch_/"whole";
    rollout(options_, false);
    const DatasetReader whole(out("member0.h5"));
    const std::size_t last = whole.nTimes() - 1;
    EXPECT_EQ(float(whole.read(0, last).values[5]), float(whole.read(0, 0).values[5]));
    EXPECT_NE(float(whole.read(0, last).values[6]), float(whole.read(0, 0).values[6]));

    options_.output = scratch_/"parts";
    options_.stopAfter = 17;
    rollout(options_, false);
    options_.stopAfter = 0;
    rollout(options_, true);
    expectEqualSnapshots(scratch_/"whole/member0.h5", scratch_/"parts/member0.h5");
}

// Where the velocity is no field: statistics are of the one that the vorticity has
TEST_F(SurrogateRolloutTest, statisticsFollowFromTheVorticity)
{
    Manifest manifest = boxManifest();
    manifest.fields = FieldList({{"q1", 1, {{0, 0, -1, 0, 0, 0, 0}}}});
    manifest.variables = "fields";
    manifest.variableNames = {"q1"};
    manifest.mean = {0};
    manifest.stddev = {1};
    manifest.incrementStddev = {0.1};
    writeUntrainedSurrogate(scratch_/"vorticity.safetensors", manifest, 1, 1);
    DatasetWriter::Info info;
    info.name = "test";
    info.interval = 0.5;
    {
        DatasetWriter writer(scratch_/"vorticity.h5", manifest.grid, manifest.fields, info);
        for (int i = 0; i < 2; ++i)
        {
            const State vortices = flow(20 + 0.5*i, 1);
            State state(manifest.grid, manifest.fields, vortices.time);
            state.values = vorticity(state.grid, vortices.channel(0));
            writer.append(state);
        }
    }
    options_.model = scratch_/"vorticity.safetensors";
    options_.starts = {scratch_/"vorticity.h5"};
    options_.members = 2;
    expectRefusal([&] { rollout(options_, false); }, {"no such velocity", "U", "q1"});

    options_.flow = {"q1", true};
    rollout(options_, false);
    const std::vector<double> last = rows(out("statistics.csv")).back();
    const DatasetReader tail(out("member1-end.h5"));
    const Grid& grid = manifest.grid;
    const State now = tail.read(0, 11), before = tail.read(0, 10);
    const std::vector<double> u = velocityOfVorticity(grid, now.channel(0)), u0 = velocityOfVorticity(grid, before.channel(0));
    std::vector<double> change(u);
    for (std::size_t i = 0; i < u.size(); ++i) change[i] -= u0[i];
    EXPECT_GT(last[3], 0.1);
    EXPECT_NEAR(last[3], kineticEnergy(grid, u.data()), 1e-5*last[3]);
    EXPECT_NEAR(last[4], enstrophy(grid, u.data()), 1e-5*last[4]);
    EXPECT_NEAR(last[5], std::sqrt(2*enstrophy(grid, change.data())), 1e-3*last[5]);
}

TEST_F(SurrogateRolloutTest, recordsTheModelsSteps)
{
    rollout(options_, false);
    RuntimeOptions runtime;
    runtime.threads = 1;
    const auto model = loadSurrogate(options_.model, runtime);
    std::vector<State> states;
    for (const std::string& file : options_.starts)
    {
        for (const std::size_t index : {0, 5}) states.push_back(DatasetReader(file).read(0, index));
    }

    const auto statistics = rows(out("statistics.csv"));
    ASSERT_EQ(statistics.size(), 4*8u);
    for (std::size_t member = 0; member < 4; ++member)
    {
        const DatasetReader data(out("member" + std::to_string(member) + ".h5"));
        const DatasetReader tail(out("member" + std::to_string(member) + "-end.h5"));
        ASSERT_EQ(data.nTimes(), 6u);
        ASSERT_EQ(tail.nTimes(), 12u);
        EXPECT_NEAR(data.interval(), 0.8, 1e-12);
        EXPECT_NEAR(data.times().front(), states[member].time, 1e-9);
        EXPECT_NEAR(tail.times().back(), states[member].time + 4, 1e-9);
        EXPECT_EQ(data.simulationParameters().at("nu"), 0.01);
        EXPECT_EQ(data.solver(), "surrogateRollout");
    }
    for (int step = 1; step <= 40; ++step)
    {
        const std::vector<State> before = states;
        model->advance(states, Noise());
        if (step%5) continue;
        for (std::size_t i = 0; i < 4; ++i)
        {
            const std::vector<double>& row = statistics[std::size_t(step/5 - 1)*4 + i];
            ASSERT_EQ(row.size(), 10u);
            const Grid& grid = states[i].grid;
            State change = states[i];
            for (std::size_t k = 0; k < change.values.size(); ++k) change.values[k] -= before[i].values[k];
            EXPECT_EQ(row[0], step);
            EXPECT_NEAR(row[1], states[i].time, 1e-8);
            EXPECT_EQ(row[2], double(i));
            EXPECT_NEAR(row[3], kineticEnergy(grid, states[i].channel(0)), 1e-8);
            EXPECT_NEAR(row[4], enstrophy(grid, states[i].channel(0)), 1e-8);
            EXPECT_NEAR(row[5], std::sqrt(2*enstrophy(grid, change.channel(0))), 1e-8);
            EXPECT_EQ(row[7], -1);
            EXPECT_EQ(row[9], 0);
        }
    }
    EXPECT_GT(statistics[0][5], 1e-4);
    const Json json = summary();
    EXPECT_EQ(json["steps"], 40);
    EXPECT_EQ(json["members"], 4);
    EXPECT_EQ(json["complete"], true);
    EXPECT_EQ(json["corrector"], nullptr);
    EXPECT_EQ(json["evaluationsPerStep"], 0);
    EXPECT_GT(json["wallTimePerStep"].get<double>(), json["modelTimePerStep"].get<double>());
    EXPECT_EQ(json["starts"][3]["time"], 22.5);
    EXPECT_EQ(json["options"]["snapshotEvery"], 8);
}

TEST_F(SurrogateRolloutTest, startsAreThoseAskedFor)
{
    const auto timesOf = [&](const std::vector<RolloutStart>& starts)
    {
        std::vector<double> times;
        for (const RolloutStart& start : starts) times.push_back(start.state.time);
        return times;
    };
    const Manifest manifest = boxManifest();
    options_.members = 5;   // of 20 snapshots: every fourth
    EXPECT_EQ(timesOf(readStarts(options_, manifest)), (std::vector<double>{20, 22, 24, 21, 23}));
    options_.members = 0;
    EXPECT_EQ(timesOf(readStarts(options_, manifest)), (std::vector<double>{20, 20}));
    options_.startTimes = {21, 23.5};
    EXPECT_EQ(timesOf(readStarts(options_, manifest)), (std::vector<double>{21, 23.5, 21, 23.5}));
    options_.startTimes = {21.2};
    expectRefusal([&] { readStarts(options_, manifest); }, {"no snapshot at a start time", "seed1.h5", "startTimes", "21.2"});
    options_.startTimes = {};
    options_.members = 21;
    expectRefusal([&] { readStarts(options_, manifest); }, {"too few snapshots", "members", "up to 20", "21"});
}

TEST_F(SurrogateRolloutTest, countsLevelsOverAllSteps)
{
    Toy toy;
    run(toy);
    const auto levels = rows(out("levels.csv"));
    ASSERT_EQ(levels.size(), 4*4u);
    for (std::size_t member = 0; member < 4; ++member)
    {
        const double m = double(member);
        const std::vector<std::vector<double>> expected{{m, 0, 14, 0}, {m, 1, 13, 0}, {m, 2, 13, 0}, {m, 4, 0, 20}};
        for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(levels[4*member + i], expected[i]);
    }
    EXPECT_EQ(summary()["evaluationsPerStep"], 5);
    EXPECT_EQ(rows(out("statistics.csv"))[0][9], 5);
}

TEST_F(SurrogateRolloutTest, inPartsTheNumbersAreTheSame)
{
    Toy whole;
    const std::vector<State> expected = run(whole);
    const std::string reference = options_.output;
    options_.output = scratch_/"parts";
    options_.stopAfter = 15;
    Toy first;
    run(first);
    EXPECT_EQ(summary()["complete"], false);
    EXPECT_EQ(summary()["steps"], 15);
    Toy none;
    expectRefusal([&] { run(none); }, {"holds a rollout already", "checkpoint.json", "-resume"});

    // Killed at step 36: its files are ahead of the checkpoint
    const std::vector<std::string> files{"checkpoint.json", "checkpoint-15.safetensors"};
    for (const std::string& name : files) std::filesystem::copy_file(out(name), scratch_/name);
    options_.stopAfter = 21;
    Toy killed;
    run(killed, true);
    EXPECT_FALSE(std::filesystem::exists(out(files[1])));
    for (const std::string& name : files)
    {
        std::filesystem::copy_file(scratch_/name, out(name), std::filesystem::copy_options::overwrite_existing);
    }
    options_.stopAfter = 0;
    Toy last;
    const std::vector<State> members = run(last, true);
    EXPECT_EQ(last.calls, 25);
    ASSERT_EQ(members.size(), expected.size());
    for (std::size_t i = 0; i < members.size(); ++i)
    {
        EXPECT_EQ(members[i].values, expected[i].values);
        EXPECT_EQ(members[i].time, expected[i].time);
    }
    for (const std::string name : {"/statistics.csv", "/levels.csv"})
    {
        EXPECT_EQ(contentOf(options_.output + name), contentOf(reference + name));
    }
    for (const std::string name : {"/member0.h5", "/member3.h5", "/member1-end.h5"})
    {
        expectEqualSnapshots(options_.output + name, reference + name);
    }

    Toy done;
    run(done, true);
    EXPECT_EQ(done.calls, 0);
    options_.seed = 2;
    options_.given.set("seed", 2L);
    expectRefusal([&] { run(done, true); }, {"of another rollout", "entry seed", "no such entry", "2"});
}

TEST_F(SurrogateRolloutTest, withACorrectorTooInParts)
{
    Manifest manifest = boxManifest();
    manifest.method = "sns";
    manifest.diffusion.set("schedule", std::string("cosine"));
    manifest.diffusion.set("levels", 20L);
    writeUntrainedSurrogate(scratch_/"sns.safetensors", manifest, 2, 1);

    Settings entries = settings();
    entries.set("corrector", scratch_/"sns.safetensors");
    entries.set("correctorCoeffs.activation", -1L);
    entries.set("steps", 12L);
    options_ = RolloutOptions::read(entries);
    rollout(options_, false);
    const std::string whole = options_.output;
    EXPECT_GT(summary()["evaluationsPerStep"].get<double>(), 1);
    double counted = 0;
    for (const auto& row : rows(out("levels.csv"))) counted += row[3];
    EXPECT_EQ(counted, 4*12);

    options_.output = scratch_/"parts";
    for (const bool resume : {false, true})
    {
        options_.stopAfter = resume ? 0 : 7;
        rollout(options_, resume);
    }
    for (const std::string name : {"/statistics.csv", "/levels.csv"})
    {
        EXPECT_EQ(contentOf(options_.output + name), contentOf(whole + name));
    }
    for (const std::string name : {"/member0.h5", "/member3-end.h5"}) expectEqualSnapshots(options_.output + name, whole + name);
}

// A model that sees the states of three time steps goes on with them
TEST_F(SurrogateRolloutTest, withAHistoryTooInParts)
{
    Manifest manifest = boxManifest();
    manifest.history = 3;
    manifest.incrementStddev = {0.1};
    writeUntrainedSurrogate(scratch_/"model.safetensors", manifest, 2, 1);
    Settings entries = settings();
    entries.set("steps", 16L);
    options_ = RolloutOptions::read(entries);
    rollout(options_, false);
    const std::string whole = options_.output;
    options_.output = scratch_/"parts";
    for (const bool resume : {false, true})
    {
        options_.stopAfter = resume ? 0 : 9;
        rollout(options_, resume);
    }
    EXPECT_EQ(contentOf(options_.output + "/statistics.csv"), contentOf(whole + "/statistics.csv"));
    for (const std::string name : {"/member0.h5", "/member3-end.h5"}) expectEqualSnapshots(options_.output + name, whole + name);
}

TEST_F(SurrogateRolloutTest, aFinishedRolloutIsContinuedFurther)
{
    Toy toy;
    run(toy);
    options_.steps = 60;
    Toy further;
    const std::vector<State> members = run(further, true);
    EXPECT_EQ(further.calls, 20);
    const DatasetReader tail(out("member2-end.h5"));
    EXPECT_EQ(tail.nTimes(), 12u);
    EXPECT_NEAR(tail.times().back(), members[2].time, 1e-9);
    EXPECT_EQ(rows(out("statistics.csv")).size(), 4*12u);
}

TEST_F(SurrogateRolloutTest, aMemberThatFailsLeavesAndTheOthersGoOn)
{
    // 0.05 a step at the first cell's sine: those that start above 0.8 pass the limit first
    Toy toy(1.05, 2.0);
    std::vector<double> firsts;
    for (const RolloutStart& start : readStarts(options_, toy.manifest())) firsts.push_back(std::abs(start.state.values[0]));
    run(toy);
    const Json failures = summary()["failures"];
    ASSERT_GE(failures.size(), 1u);
    ASSERT_LT(failures.size(), 4u);
    std::vector<bool> failed(4, false);
    for (const Json& failure : failures)
    {
        const int member = failure["member"];
        failed[std::size_t(member)] = true;
        EXPECT_NE(failure["reason"].get<std::string>().find("Too large"), std::string::npos);
        std::vector<std::vector<double>> own;
        for (const auto& row : rows(out("statistics.csv"))) if (row[2] == member) own.push_back(row);
        EXPECT_EQ(own.back()[0], failure["step"].get<double>());
        EXPECT_TRUE(std::isnan(own.back()[3]));
        EXPECT_LT(DatasetReader(out("member" + std::to_string(member) + ".h5")).times().back(), failure["time"].get<double>());
    }
    for (std::size_t a = 0; a < 4; ++a)
    {
        for (std::size_t b = 0; b < 4; ++b) EXPECT_TRUE(!failed[a] || failed[b] || firsts[a] > firsts[b]);
    }
    EXPECT_EQ(summary()["steps"], 40);
    EXPECT_EQ(summary()["complete"], true);
}

// Those behind it, too, move up in the batch
TEST_F(SurrogateRolloutTest, whenAMemberLeavesTheOthersKeepTheirRandomNumbers)
{
    Toy failing(1.05, 2.0), whole(1.05);
    const std::vector<State> left = run(failing);
    std::vector<bool> failed(4, false);
    const Json failures = summary()["failures"];
    for (const Json& failure : failures) failed[failure["member"].get<std::size_t>()] = true;
    options_.output = scratch_/"whole";
    const std::vector<State> all = run(whole);
    ASSERT_EQ(all.size(), 4u);
    std::size_t position = 0, behind = 0;
    for (std::size_t member = 0; member < 4; ++member)
    {
        if (failed[member]) continue;
        behind += position < member;
        EXPECT_EQ(left.at(position++).values, all[member].values) << "member " << member;
    }
    EXPECT_GT(behind, 0u);
}

TEST_F(SurrogateRolloutTest, failuresTooAreTheSameInParts)
{
    Toy whole(1.05, 2.0);
    const std::vector<State> expected = run(whole);
    const std::string reference = options_.output;
    const Json failures = summary()["failures"];
    options_.output = scratch_/"parts";
    const int failed = failures[0]["step"];
    options_.stopAfter = failed + 1;
    Toy first(1.05, 2.0), second(1.05, 2.0);
    run(first);
    EXPECT_EQ(summary()["failures"].size(), 1u);
    options_.stopAfter = 0;
    const std::vector<State> members = run(second, true);
    ASSERT_EQ(members.size(), expected.size());
    for (std::size_t i = 0; i < members.size(); ++i) EXPECT_EQ(members[i].values, expected[i].values);
    EXPECT_EQ(summary()["failures"], failures);
    EXPECT_EQ(contentOf(out("statistics.csv")), contentOf(reference + "/statistics.csv"));
}

TEST_F(SurrogateRolloutTest, aMemberOfTooMuchEnergyFails)
{
    options_.steps = 60;
    Toy toy(1.1);   // 100 times the energy after 25 steps, all of them
    EXPECT_TRUE(run(toy).empty());
    ASSERT_EQ(summary()["failures"].size(), 4u);
    for (const Json& failure : summary()["failures"])
    {
        EXPECT_NEAR(failure["step"].get<double>(), 24, 1);
        EXPECT_NE(failure["reason"].get<std::string>().find("kinetic energy"), std::string::npos);
    }
    EXPECT_EQ(summary()["complete"], true);

    options_.output = scratch_/"strict";
    options_.stopOnFailure = true;
    expectRefusal([&] { Toy again(1.1); run(again); }, {"A member of the rollout failed", "step 2", "kinetic energy"});
    EXPECT_TRUE(std::filesystem::exists(out("checkpoint.json")));
}

TEST_F(SurrogateRolloutTest, whatFailsAtTheFirstStepIsAnError)
{
    Toy toy(1, 0);
    expectRefusal([&] { run(toy); }, {"Too large"});
}

// Two at a time would ruin each other's files
TEST_F(SurrogateRolloutTest, oneProcessAloneWritesAFolder)
{
    Toy toy;
    {
        Rollout first(toy, readStarts(options_, toy.manifest()), options_, false);
        expectRefusal([&] { run(toy, true); }, {"The output folder is in use", "out/lock"});
        first.run();
    }
    options_.steps = 50;
    options_.denseSteps = 0;
    EXPECT_EQ(run(toy, true).size(), 4u);
}

// Also of those that are left when a member fails, and in parts
TEST_F(SurrogateRolloutTest, keepsTheMeansOfWhatIsConserved)
{
    const auto largestMean = [](const std::vector<State>& members)
    {
        double largest = 0;
        for (const State& member : members)
        {
            for (const int c : {0, 1})
            {
                double sum = 0;
                for (std::size_t i = 0; i < member.grid.nCells(); ++i) sum += member.channel(c)[i];
                largest = std::max(largest, std::abs(sum/double(member.grid.nCells())));
            }
        }
        return largest;
    };
    Toy drifting(1.05);
    EXPECT_GT(largestMean(run(drifting)), 1e-4);   // of noise; the flow's own means are 0

    options_.conserve = {"U"};
    options_.output = scratch_/"kept";
    Toy keeping(1.05, 2.0);
    const std::vector<State> kept = run(keeping);
    EXPECT_LT(kept.size(), 4u);
    ASSERT_FALSE(kept.empty());
    EXPECT_LT(largestMean(kept), 1e-13);

    options_.output = scratch_/"parts";
    options_.stopAfter = 17;
    Toy first(1.05, 2.0), second(1.05, 2.0);
    run(first);
    options_.stopAfter = 0;
    const std::vector<State> parts = run(second, true);
    ASSERT_EQ(parts.size(), kept.size());
    for (std::size_t i = 0; i < parts.size(); ++i) EXPECT_EQ(parts[i].values, kept[i].values) << i;

    options_.conserve = {"q"};
    options_.output = scratch_/"none";
    Toy toy;
    expectRefusal([&] { run(toy); }, {"There is no such field to conserve", "entry conserve", "q", "U"});
}

TEST_F(SurrogateRolloutTest, badEntriesAreRefused)
{
    const auto refused = [&](const std::string& keyword, const Settings::Value& value, const std::vector<std::string>& texts)
    {
        Settings s = settings();
        s.set(keyword, value);
        expectRefusal([&] { RolloutOptions::read(s); }, texts);
    };
    refused("stepss", 3L, {"Unknown keyword", "stepss", "statisticsEvery", "correctorCoeffs.activation"});
    refused("steps", 0L, {"surrogateRolloutDict", "entry steps", "1 or more", "0"});
    refused("statisticsEvery", 0L, {"entry statisticsEvery"});
    refused("denseSteps", 41L, {"entry denseSteps", "no more than steps", "41"});
    refused("starts", std::vector<std::string>{}, {"entry starts", "one or more data sets"});
    refused("startTimes", std::vector<double>{20}, {"entry members", "either members or startTimes"});
    refused("correctorCoeffs.path", std::string("A"), {"correctorCoeffs", "an entry corrector"});
    refused("correctorCoeffs.path", std::string("D"), {"correctorCoeffs", "entry path", "A, B, C, currentOnly"});
    Settings both = settings();
    both.set("velocity", std::string("U"));
    both.set("vorticity", std::string("q1"));
    expectRefusal([&] { RolloutOptions::read(both); }, {"entry vorticity", "either velocity or vorticity", "both"});
    refused("device", std::string("gpu"), {"Unknown device", "gpu"});

    Toy toy;
    options_.flow.name = "V";
    expectRefusal([&] { run(toy); }, {"V", "U"});
}

#ifdef SURROGATE_BASHRC

TEST_F(SurrogateRolloutTest, theApplicationReadsItsDictionary)
{
    std::filesystem::create_directories(scratch_/"case/system");
    std::ofstream(scratch_/"case/system/controlDict")
        << "FoamFile { version 2.0; format ascii; class dictionary; object controlDict; }\n"
        << "application none; startFrom startTime; startTime 0; stopAt endTime; endTime 1; deltaT 1; writeInterval 1;\n";
    const auto call = [&](const std::string& entries, const std::string& options)
    {
        std::ofstream(scratch_/"case/system/surrogateRolloutDict")
            << "FoamFile { version 2.0; format ascii; class dictionary; object surrogateRolloutDict; }\n"
            << "model \"../model.safetensors\"; starts (\"../seed1.h5\"); members 3; threads 1; output \"long\";\n" << entries;
        return runCommand("bash -c '. " SURROGATE_BASHRC "; cd " + scratch_/"case" + " && surrogateRollout " + options + "'");
    };
    CommandOutput output = call("steps 20; stopAfter 8;", "");
    ASSERT_EQ(output.status, 0) << output.text;
    output = call("steps 20;", "-resume");
    ASSERT_EQ(output.status, 0) << output.text;
    EXPECT_NE(output.text.find("20/20"), std::string::npos) << output.text;
    EXPECT_EQ(rows(scratch_/"case/long/statistics.csv").size(), 6u);

    output = call("steps 20;", "");
    EXPECT_EQ(output.status, 1);
    EXPECT_NE(output.text.find("-resume"), std::string::npos) << output.text;
    output = call("steps 20; startTime (1);", "-resume");
    EXPECT_EQ(output.status, 1);
    for (const char* text : {"surrogateRolloutDict", "Unknown keyword", "startTime", "startTimes"})
    {
        EXPECT_NE(output.text.find(text), std::string::npos) << output.text;
    }
}

#endif
