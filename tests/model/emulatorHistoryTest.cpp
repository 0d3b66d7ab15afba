#include "core/metrics.h"
#include "core/refusal.h"
#include "core/stateFile.h"
#include "dataset/datasetWriter.h"
#include "model/testModel.h"
#include "model/torch/emulator.h"
#include "model/torch/tensorState.h"
#include "model/torch/training/emulatorObjective.h"
#include "model/torch/weights.h"
#include "model/training.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>

namespace surrogate
{
namespace
{

using testing::smallManifest;
using testing::wavyState;
using torch::Tensor;

RuntimeOptions plain()
{
    RuntimeOptions options;
    options.device = "cpu";
    options.precision = "float32";
    options.threads = 1;
    return options;
}

Manifest withHistory(int history, const std::string& network = "uNet", const std::string& variables = "vorticity")
{
    Manifest manifest = smallManifest(variables);
    manifest.history = history;
    manifest.incrementStddev.assign(manifest.incrementStddev.size(), 1);
    if (network == "uNet") return manifest;
    manifest.network = network;
    manifest.networkSettings = Settings("network");
    manifest.networkSettings.set("width", 8L);
    if (network == "fno") return manifest;
    manifest.networkSettings.set("heads", 1L);
    manifest.networkSettings.set("blocks", 2L);
    manifest.networkSettings.set("patches", std::vector<long>{4});
    return manifest;
}

//- Random weights everywhere, so that every frame counts, and changes of a moderate size
std::unique_ptr<Stepper> model(const Scratch& folder, const Manifest& manifest)
{
    const std::string path = folder/"m.safetensors";
    writeUntrainedSurrogate(path, manifest, 7, 1);
    Bundle bundle = Bundle::read(path);
    IncrementModel model(bundle.manifest, path);
    loadWeights(*model.network, bundle, path);
    {
        const torch::NoGradGuard noGradient;
        torch::manual_seed(5);
        for (auto& p : model.network->parameters()) p.add_(0.3*torch::randn_like(p));
        model.network->eval();
        const Tensor out = model.network->forward(torch::randn({1, model.shape.inputs, 16, 16}));
        model.network->scaleOutput(0.3/out.square().mean().sqrt().item<double>());
    }
    bundle.tensors = storeWeights(*model.network, "F32");
    bundle.write(path);
    return loadSurrogate(path, plain());
}

void advance(Stepper& stepper, std::vector<State>& members, int steps, int first = 0)
{
    for (int i = 0; i < steps; ++i) stepper.advance(members, Noise(1, std::uint32_t(first + i)));
}

//- The step from the last of these states, each seen as it is
State stepBy(const Scratch& folder, const std::vector<State>& frames)
{
    const torch::NoGradGuard noGradient;
    const Bundle bundle = Bundle::read(folder/"m.safetensors");
    IncrementModel model(bundle.manifest, "test");
    loadWeights(*model.network, bundle, "test");
    model.network->eval();
    std::vector<Tensor> inputs;
    for (const State& state : frames) inputs.push_back(model.variables->inputs(toTensor(state)));
    const Tensor seen = torch::cat(inputs, 1);
    const Tensor change = model.incrementStddev*model.normalisedIncrement(seen, {}, torch::kFloat);
    State next = frames.back();
    fromTensor(model.variables->fields(inputs.back().narrow(1, 0, change.size(1)) + change, toTensor(frames.back())), next);
    return next;
}

void expectNear(const State& a, const State& b)
{
    ASSERT_EQ(a.values.size(), b.values.size());
    for (std::size_t i = 0; i < a.values.size(); ++i) ASSERT_NEAR(a.values[i], b.values[i], 1e-5);
}

// A run begins as if its first state had always been; from then on the model sees the states that were, oldest first
TEST(EmulatorHistory, seesTheLastStates)
{
    for (const std::string network : {"uNet", "fno", "vit", "recurrVit"})
    {
        Scratch folder;
        const auto stepper = model(folder, withHistory(3, network));
        std::vector<State> members{wavyState(smallManifest().grid, 5)}, seen{members[0], members[0], members[0]};
        for (int step = 0; step < 4; ++step)
        {
            const State expected = stepBy(folder, {seen.end() - 3, seen.end()});
            advance(*stepper, members, 1, step);
            expectNear(members[0], expected);
            EXPECT_NEAR(members[0].time, 5 + 0.2*(step + 1), 1e-12);
            seen.push_back(members[0]);
        }
        // the order counts
        Memory memory;
        memory["past2"] = {wavyState(members[0].grid, 1)};
        memory["past1"] = {wavyState(members[0].grid, 3)};
        const std::vector<State> given{memory["past2"][0], memory["past1"][0], members[0]};
        for (const int k : {1, 2}) memory["past" + std::to_string(k)][0].time = members[0].time - k*0.2;
        stepper->setMemory(memory);
        advance(*stepper, members, 1);
        expectNear(members[0], stepBy(folder, given));
        const State swapped = stepBy(folder, {given[1], given[0], given[2]});
        EXPECT_GT(vrmse(members[0].channel(0), swapped.channel(0), swapped.grid.nCells()), 1e-3) << network;
    }
}

TEST(EmulatorHistory, ofOneStateThereIsNone)
{
    Scratch folder;
    const auto stepper = model(folder, withHistory(1));
    std::vector<State> members{wavyState(smallManifest().grid)};
    advance(*stepper, members, 2);
    EXPECT_TRUE(stepper->memory().empty());
}

TEST(EmulatorHistory, isKeptToTheBit)
{
    for (const std::string network : {"uNet", "vit"})
    {
        Scratch folder;
        const Manifest manifest = withHistory(3, network);
        const auto whole = model(folder, manifest), parts = loadSurrogate(folder/"m.safetensors", plain());
        std::vector<State> a{wavyState(manifest.grid), wavyState(manifest.grid, 3)}, b = a;
        advance(*whole, a, 6);
        advance(*parts, b, 4);
        const Memory memory = parts->memory();
        ASSERT_EQ(memory.size(), 2u);
        EXPECT_NEAR(memory.at("past1")[1].time, 3 + 3*0.2, 1e-12);
        EXPECT_NEAR(memory.at("past2")[0].time, 2*0.2, 1e-12);

        writeStateFile(folder/"state.safetensors", withPrefix("model.", memory));
        const auto again = loadSurrogate(folder/"m.safetensors", plain());
        again->setMemory(withoutPrefix("model.", readStateFile(folder/"state.safetensors")));
        std::vector<State> c = b;
        advance(*again, c, 2, 4);
        EXPECT_EQ(c[0].values, a[0].values) << network;
        EXPECT_EQ(c[1].values, a[1].values) << network;

        const auto without = loadSurrogate(folder/"m.safetensors", plain());
        advance(*without, b, 2, 4);
        EXPECT_NE(b[0].values, a[0].values) << network;
    }
}

// Where a solver took steps in between, a member begins anew, and the others go on
TEST(EmulatorHistory, beginsAnewWhereOthersTookAMemberOn)
{
    for (const double solver : {0.02, 0.2, 1.0})   // time that it took: less than, as much as, more than the model's step
    {
        Scratch folder;
        const auto stepper = model(folder, withHistory(2)), fresh = loadSurrogate(folder/"m.safetensors", plain());
        const Grid grid = smallManifest().grid;
        std::vector<State> members{wavyState(grid), wavyState(grid, 1)};
        advance(*stepper, members, 2);
        std::vector<State> alone{members[0]};
        const State past = stepper->memory().at("past1")[0];
        const State going = stepBy(folder, {past, members[0]});

        members[1] = wavyState(grid, members[1].time + solver);
        std::vector<State> anew{members[1]};
        advance(*stepper, members, 2);
        advance(*fresh, anew, 2);
        expectNear(members[1], anew[0]);

        expectNear(stepper->memory().at("past1")[0], going);
        fresh->setMemory({});
        advance(*fresh, alone, 1);
        EXPECT_GT(vrmse(going.channel(0), alone[0].channel(0), grid.nCells()), 1e-3);
    }
}

TEST(EmulatorHistory, aStepThatIsTakenBackLeavesNoTrace)
{
    Scratch folder;
    const auto stepper = model(folder, withHistory(3));
    std::vector<State> members{wavyState(smallManifest().grid)};
    advance(*stepper, members, 2);
    const Memory kept = stepper->memory();
    std::vector<State> once = members, twice = members;
    advance(*stepper, once, 1);
    stepper->setMemory(kept);
    advance(*stepper, twice, 1);
    EXPECT_EQ(once[0].values, twice[0].values);

    // nor does one that fails
    stepper->setMemory(kept);
    std::vector<State> bad = members;
    bad[0].values[3] = NAN;
    EXPECT_THROW(advance(*stepper, bad, 1), Error);
    advance(*stepper, members, 1);
    EXPECT_EQ(members[0].values, once[0].values);
}

TEST(EmulatorHistory, refusesWhatIsNotItsOwn)
{
    Scratch folder;
    const auto stepper = model(folder, withHistory(2));
    Grid finer = smallManifest().grid;
    finer.cells[0] = 32;
    expectRefusal([&] { stepper->setMemory({{"past1", {wavyState(finer)}}}); }, {"past1", "16 x 16 cells", "32 x 16 cells"});

    Manifest manifest = withHistory(0);
    expectRefusal([&] { manifest.check("m"); }, {"time.history", "1 or more", "0"});
    manifest = withHistory(2);
    manifest.method = "sns";
    expectRefusal([&] { manifest.check("m"); }, {"time.history", "1 with method sns", "2"});
}

// --- training ----------------------------------------------------------------------------------------------------------------

//- Two standing waves: how they stand says nothing of which way they go
State standingState(const Grid& grid, double time)
{
    State state(grid, smallManifest().fields, time);
    for (int j = 0; j < grid.cells[1]; ++j)
    {
        for (int i = 0; i < grid.cells[0]; ++i)
        {
            const double x = (i + 0.5)*grid.spacing(0), y = (j + 0.5)*grid.spacing(1);
            state.channel(0)[grid.index(i, j)] = std::cos(time)*std::sin(y);
            state.channel(1)[grid.index(i, j)] = std::sin(1.3*time)*std::sin(x);
        }
    }
    return state;
}

void record(const std::string& path, double start, int snapshots)
{
    DatasetWriter::Info info;
    info.name = "standing waves";
    info.interval = 0.2;
    const Manifest manifest = smallManifest();
    DatasetWriter writer(path, manifest.grid, manifest.fields, info);
    for (int i = 0; i < snapshots; ++i) writer.append(standingState(manifest.grid, start + 0.2*i));
}

class HistoryTraining : public ::testing::Test
{
protected:

    void SetUp() override
    {
        record(folder/"train.h5", 0, 160);
        record(folder/"test.h5", 100.05, 80);
    }

    TrainingOptions options(int history, const std::string& name = "m.safetensors", const std::string& network = "uNet")
    {
        TrainingOptions options;
        options.history = history;
        options.model = folder/name;
        options.trainingData = {folder/"train.h5"};
        options.validationData = {folder/"test.h5"};
        options.network = network;
        options.networkSettings = withHistory(1, network).networkSettings;
        options.iterations = 300;
        options.batch = 8;
        options.warmUp = 5;
        options.learningRate = 5e-3;
        options.ema = 0.9;
        options.validateEvery = 100;
        options.validationSteps = 8;
        options.checkpointEvery = 1e9;
        options.storage = "float32";
        options.runtime = plain();
        return options;
    }

    EmulatorObjective objective(const TrainingOptions& o, const Trajectories& data)
    {
        torch::manual_seed(1);
        EmulatorObjective objective(o, data, Runtime::choose(o.runtime));
        const torch::NoGradGuard noGradient;
        for (auto& p : objective.network().parameters()) p.add_(0.05*torch::randn_like(p));
        return objective;
    }

    Scratch folder;
};

TEST_F(HistoryTraining, learnsWhatOneStateDoesNotTell)
{
    for (const std::string network : {"uNet", "vit"})
    {
        TrainingOptions one = options(1, network + "1.safetensors", network), three = options(3, network + "3.safetensors", network);
        one.iterations = three.iterations = 200;
        if (network == "vit")
        {
            for (TrainingOptions* o : {&one, &three}) o->networkSettings.set("width", 24L);
            three.iterations = 400;
        }
        const Validation alone = train(one), knowing = train(three);
        EXPECT_EQ(alone.count("vrmseOfStart"), 0u);
        EXPECT_LT(knowing.at("vrmse"), 0.55*alone.at("vrmse")) << network;
        EXPECT_GT(knowing.at("vrmseOfStart"), 2*knowing.at("vrmse")) << network;
        EXPECT_LT(knowing.at("vrmseOfStart"), 1.5*alone.at("vrmse")) << network;   // for it has learnt to begin, too

        const auto model = loadSurrogate(three.model, plain());
        EXPECT_EQ(model->manifest().history, 3);
        // what validation measured is what a run does
        const Grid grid = smallManifest().grid;
        Memory memory;
        memory["past2"] = {standingState(grid, 100.05)};
        memory["past1"] = {standingState(grid, 100.25)};
        model->setMemory(memory);
        State state = standingState(grid, 100.45);
        const State next = standingState(grid, 100.65);
        const double persistence = vrmse(next.channel(1), state.channel(1), grid.nCells());
        model->advance(state, Noise());
        EXPECT_LT(vrmse(next.channel(1), state.channel(1), grid.nCells()), 0.8*persistence) << network;
    }
    std::ifstream log(folder/"vit3.safetensors.losses.csv");
    std::string header;
    std::getline(log, header);
    EXPECT_NE(header.find("vrmse,vrmseOfStart,correlation"), std::string::npos);
}

TEST_F(HistoryTraining, resumedEqualsUninterrupted)
{
    for (const std::string network : {"uNet", "recurrVit"})
    {
        TrainingOptions whole = options(3, "whole" + network, network);
        whole.iterations = 20;
        whole.unroll = 2;
        whole.unrollEvery = 8;
        whole.noise = 0.01;
        whole.historyDropout = 0.5;
        train(whole);
        TrainingOptions parts = whole;
        parts.model = folder/("parts" + network);
        parts.stopAfter = 13;
        train(parts);
        parts.stopAfter = 0;
        train(parts);
        const Bundle a = Bundle::read(whole.model), b = Bundle::read(parts.model);
        ASSERT_EQ(a.tensors.size(), b.tensors.size());
        for (const auto& [name, data] : a.tensors) EXPECT_EQ(data.bytes, b.tensors.at(name).bytes) << name;

        parts.historyDropout = 0.4;
        expectRefusal([&] { train(parts); }, {"checkpoint belongs to a training with other options"});
    }
}

TEST_F(HistoryTraining, sharesMakeTheWholeBatch)
{
    TrainingOptions o = options(3);
    o.unroll = 2;
    o.historyDropout = 0.5;
    const Trajectories data(o.trainingData, {}, o.stride);
    EmulatorObjective emulator = objective(o, data);
    for (int iteration = 0; iteration < 3; ++iteration)
    {
        const double whole = emulator.loss(data, iteration, BatchShare(0, 1, 8)).item<double>();
        const double halves = 0.5*emulator.loss(data, iteration, BatchShare(0, 2, 8)).item<double>()
            + 0.5*emulator.loss(data, iteration, BatchShare(1, 2, 8)).item<double>();
        EXPECT_NEAR(whole, halves, 1e-5*whole);
    }
}

// Where no state before the present one is known, the frames are copies of it, and so the gradients of their weights are alike
TEST_F(HistoryTraining, samplesOfAnUnknownPastSeeCopies)
{
    for (const double dropout : {0.0, 0.3, 1.0})
    {
        TrainingOptions o = options(2);
        o.historyDropout = dropout;
        const Trajectories data(o.trainingData, {}, o.stride);
        EmulatorObjective emulator = objective(o, data);
        emulator.loss(data, 3, BatchShare(32)).backward();
        const Tensor gradient = emulator.network().named_parameters()["lift.weight"].grad();   // [width][2 frames of U][..]
        ASSERT_EQ(gradient.size(1), 4);
        const bool alike = torch::allclose(gradient.narrow(1, 0, 2), gradient.narrow(1, 2, 2), 1e-4, 1e-7);
        EXPECT_EQ(alike, dropout == 1) << dropout;
    }
}

// With three frames, of two known ones the oldest stands for what was before
TEST_F(HistoryTraining, samplesKnowFromOneToAllButOneFrame)
{
    TrainingOptions o = options(3);
    o.historyDropout = 1;
    o.batch = 1;
    const Trajectories data(o.trainingData, {}, o.stride);
    EmulatorObjective emulator = objective(o, data);
    int one = 0, two = 0;
    for (int iteration = 0; iteration < 40; ++iteration)
    {
        emulator.network().zero_grad();
        emulator.loss(data, iteration, BatchShare(1)).backward();
        const Tensor gradient = emulator.network().named_parameters()["lift.weight"].grad();
        const auto alike = [&](int a, int b)
        {
            return torch::allclose(gradient.narrow(1, 2*a, 2), gradient.narrow(1, 2*b, 2), 1e-4, 1e-7);
        };
        ASSERT_TRUE(alike(0, 1));
        alike(1, 2) ? ++one : ++two;
    }
    EXPECT_GT(one, 8);
    EXPECT_GT(two, 8);
}

// An unrolled loss puts the prediction behind the states before: with a network that predicts no change, that is the present state
TEST_F(HistoryTraining, unrollsWithItsOwnPredictions)
{
    TrainingOptions o = options(2);
    o.historyDropout = 0;
    o.unroll = 2;
    const Trajectories data(o.trainingData, {}, o.stride);
    EmulatorObjective emulator = objective(o, data);
    emulator.network().scaleOutput(0);
    {
        const torch::NoGradGuard noGradient;
        emulator.network().named_parameters()["project.bias"].zero_();
    }
    const double loss = emulator.loss(data, 0, BatchShare(512)).item<double>();
    EXPECT_NEAR(loss, 1, 0.05);   // the increments' mean square, in units of their own

    // and it is the window's last but one state from which the second step goes: none is left out
    const auto variables = makeVariables("fields", data.grid(), data.fields());
    o.target = "state";
    EmulatorObjective towards = objective(o, data);
    towards.network().scaleOutput(0);
    {
        const torch::NoGradGuard noGradient;
        towards.network().named_parameters()["project.bias"].zero_();
    }
    const Tensor frames = data.spread(150, {0, 1, 2, 3});
    const Tensor scale = torch::tensor(towards.manifest().incrementStddev).reshape({1, 2, 1, 1});
    const double first = ((frames[2] - frames[1])/scale).square().mean().item<double>();
    const double both = ((frames[3] - frames[1])/scale).square().mean().item<double>();
    EXPECT_NEAR(towards.loss(data, 0, BatchShare(512)).item<double>(), (first + both)/2, 0.1);
}

TEST_F(HistoryTraining, penaltyIsOfThePresentState)
{
    TrainingOptions o = options(2, "penalised");
    o.jacobianWeight = 0.1;
    o.iterations = 3;
    EXPECT_GT(train(o).at("vrmse"), 0);
}

TEST_F(HistoryTraining, refusesOptionsThatDoNotFit)
{
    const auto refuse = [&](const std::function<void(TrainingOptions&)>& change, const std::vector<std::string>& texts)
    {
        TrainingOptions o = options(2);
        change(o);
        expectRefusal([&] { o.check("dict"); train(o); }, texts);
    };
    refuse([](TrainingOptions& o) { o.history = 0; }, {"entry history", "1 or more"});
    refuse([](TrainingOptions& o) { o.historyDropout = 1.5; }, {"entry historyDropout", "0 to 1", "1.5"});
    refuse([](TrainingOptions& o) { o.objective = "sns"; }, {"entry history", "emulator's"});
    refuse([](TrainingOptions& o) { o.history = 100; }, {"history", "101 snapshots in a row"});

    Settings settings("surrogateTrainDict");
    settings.set("model", std::string("m"));
    settings.set("trainingData", std::vector<std::string>{"a"});
    settings.set("validationData", std::vector<std::string>{"b"});
    settings.set("historyDropout", 0.2);
    expectRefusal([&] { TrainingOptions::read(settings); }, {"entry historyDropout", "history above 1"});
    settings.set("history", 4L);
    EXPECT_EQ(TrainingOptions::read(settings).history, 4);
    EXPECT_EQ(TrainingOptions::read(settings).historyDropout, 0.2);
}

} // namespace
} // namespace surrogate
