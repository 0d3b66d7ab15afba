#include "core/boxAverage.h"
#include "core/metrics.h"
#include "core/refusal.h"
#include "core/stateFile.h"
#include "dataset/datasetWriter.h"
#include "model/testModel.h"
#include "model/torch/hierarchicalModel.h"
#include "model/torch/networks/blocks.h"
#include "model/torch/tensorState.h"
#include "model/torch/training/hierarchicalObjective.h"
#include "model/training.h"

#include <gtest/gtest.h>

#include <functional>

namespace surrogate
{
namespace
{

using testing::smallManifest;
using testing::wavyState;
using torch::Tensor;

Manifest hierarchical(std::vector<int> pool, const std::string& variables = "vorticity", const std::string& network = "uNet")
{
    Manifest manifest = smallManifest(variables);
    manifest.method = "hierarchicalEmulator";
    manifest.hierarchy = Hierarchy{pool, {}};
    manifest.hierarchy->incrementStddev.assign(pool.size(), std::vector<double>(manifest.incrementStddev.size(), 0.05));
    if (network != "uNet")
    {
        manifest.network = network;
        manifest.networkSettings = Settings("network");
        manifest.networkSettings.set("width", 4L);
        manifest.networkSettings.set("embedding", 8L);
        manifest.networkSettings.set("modes", 4L);
        manifest.networkSettings.set("multipliers", std::vector<long>{1, 2});
    }
    return manifest;
}

RuntimeOptions plain()
{
    RuntimeOptions options;
    options.device = "cpu";
    options.precision = "float32";
    options.threads = 1;
    return options;
}

std::unique_ptr<Stepper> model(const Scratch& folder, const Manifest& manifest, double scale = 0.3)
{
    const std::string path = folder/"m.safetensors";
    writeUntrainedSurrogate(path, manifest, 7, scale);
    return loadSurrogate(path, plain());
}

void advance(Stepper& stepper, std::vector<State>& members, int steps, int first = 0)
{
    for (int i = 0; i < steps; ++i) stepper.advance(members, Noise(1, std::uint32_t(first + i)));
}

//- Counts its evaluations and keeps their inputs
class Watched : public Network
{
public:

    explicit Watched(std::shared_ptr<Network> network) : network_(std::move(network)) {}
    Output evaluate(const Tensor& x, const std::vector<Tensor>& numbers) override
    {
        seen.push_back(x);
        return network_->evaluate(x, numbers);
    }
    std::vector<Tensor> levels(const Tensor&, const std::vector<Tensor>&) override { return {}; }
    Settings settings() const override { return network_->settings(); }
    Tiling tiling() const override { return network_->tiling(); }
    void scaleOutput(double factor) override { network_->scaleOutput(factor); }

    std::vector<Tensor> seen;

private:

    std::shared_ptr<Network> network_;
};

TEST(HierarchicalEmulator, withoutHintsIsTheEmulator)
{
    Scratch folder;
    Manifest plainManifest = hierarchical({});
    plainManifest.method = "emulator";
    plainManifest.hierarchy.reset();
    std::vector<State> a{wavyState(plainManifest.grid)}, b = a;
    const auto emulator = model(folder, plainManifest), hierarchy = model(folder, hierarchical({}));
    advance(*emulator, a, 3);
    advance(*hierarchy, b, 3);
    EXPECT_NE(a[0].values, wavyState(plainManifest.grid).values);
    EXPECT_EQ(a[0].values, b[0].values);
    EXPECT_EQ(a[0].time, b[0].time);
    EXPECT_TRUE(hierarchy->memory().empty());
}

// n + L - 1 evaluations for n steps, the first L - 1 of which know 0, 1, .. hints and see those alone
TEST(HierarchicalEmulator, startsUpWithOneEvaluationAHint)
{
    const Manifest manifest = hierarchical({2, 8}, "fields");
    torch::manual_seed(1);
    HierarchicalModel model(manifest, "test");
    const auto watched = std::make_shared<Watched>(model.model.network);
    model.model.network = watched;
    torch::NoGradGuard noGradient;
    const Tensor fields = toTensor(wavyState(manifest.grid)).to(torch::kFloat);
    const auto geometries = model.levels.geometries({});
    Tensor inputs = model.model.variables->inputs(fields);
    std::vector<Tensor> hints = model.noHints(inputs);
    model.startUp(inputs, hints, torch::ones({1}, torch::kBool), geometries, torch::kFloat);
    for (int i = 0; i < 5; ++i) inputs = model.advance(inputs, hints, geometries, torch::kFloat);
    ASSERT_EQ(watched->seen.size(), 5u + 2u);

    const std::int64_t first = 2, flag = 6;   // channels: 2 variables, 2 of each hint, how many are known
    const auto magnitude = [&](int evaluation, std::int64_t hint)
    {
        return watched->seen[std::size_t(evaluation)].narrow(1, first + 2*hint, 2).abs().sum().item<double>();
    };
    const double known[] = {0, 1, 2, 2, 2, 2, 2};
    for (int i = 0; i < 7; ++i)
    {
        EXPECT_EQ(watched->seen[std::size_t(i)].size(1), 7);
        EXPECT_EQ(watched->seen[std::size_t(i)].select(1, flag).min().item<double>(), known[i]);
        EXPECT_EQ(magnitude(i, 0) > 0, known[i] > 0) << i;
        EXPECT_EQ(magnitude(i, 1) > 0, known[i] > 1) << i;
    }
}

// What the network is told and asked for, by hand, for a network that says what it was told to
TEST(HierarchicalEmulator, predictsChangesSinceThePresent)
{
    const Manifest manifest = hierarchical({2, 8}, "fields");
    HierarchicalModel model(manifest, "test");
    torch::manual_seed(4);
    const Tensor u = torch::randn({3, 2, 16, 16}, torch::kDouble), z1 = torch::randn({3, 2, 8, 8}, torch::kDouble),
        z2 = torch::randn({3, 2, 2, 2}, torch::kDouble), out = torch::randn({3, 6, 16, 16}, torch::kDouble);
    class Fixed : public Watched
    {
    public:
        Fixed(std::shared_ptr<Network> n, Tensor out) : Watched(std::move(n)), out_(std::move(out)) {}
        Output evaluate(const Tensor& x, const std::vector<Tensor>&) override { seen.push_back(x); return {out_, {}}; }
    private:
        Tensor out_;
    };
    const auto fixed = std::make_shared<Fixed>(model.model.network, out);
    model.model.network = fixed;
    const auto geometries = model.levels.geometries({});
    const auto p = model.predict(u, {z1, z2}, torch::tensor({0.0, 1.0, 2.0}, torch::kDouble), geometries, torch::kDouble);
    const auto close = [](const Tensor& a, const Tensor& b) { return torch::allclose(a, b, 0, 1e-12); };
    // the member that knows all hints has, of the two finer levels, what these say of the same time
    Tensor first = torch::zeros_like(u), second = torch::zeros_like(z1);
    first[2] = repeatBlocks(z1 - blockMean(u, 2, 2), 2, 2)[2];
    second[2] = repeatBlocks(z2 - blockMean(u, 2, 8), 2, 4)[2];
    EXPECT_TRUE(close(model.predicted(p, 0), u + first + 0.1*out.narrow(1, 0, 2)));
    EXPECT_TRUE(close(model.predicted(p, 1), blockMean(u, 2, 2) + second + 2*0.05*blockMean(out.narrow(1, 2, 2), 2, 2)));
    EXPECT_TRUE(close(model.predicted(p, 2), blockMean(u, 2, 8) + 3*0.05*blockMean(out.narrow(1, 4, 2), 2, 8)));
    EXPECT_TRUE(close(model.change(p, 2, model.predicted(p, 2)), p.changes[2]));

    // the hints of those that know them, nothing of the others
    const Tensor told = fixed->seen[0], one = (z1 - blockMean(u, 2, 2))/0.05, two = (z2 - blockMean(u, 2, 8))/(2*0.05);
    EXPECT_TRUE(close(told.narrow(0, 1, 2).narrow(1, 2, 2), repeatBlocks(one.narrow(0, 1, 2), 2, 2)));
    EXPECT_TRUE(close(told.narrow(0, 2, 1).narrow(1, 4, 2), repeatBlocks(two.narrow(0, 2, 1), 2, 8)));
    EXPECT_EQ(told.narrow(0, 0, 1).narrow(1, 2, 4).abs().sum().item<double>(), 0);
    EXPECT_EQ(told.narrow(0, 1, 1).narrow(1, 4, 2).abs().sum().item<double>(), 0);
}

TEST(HierarchicalEmulator, rememberedHintsGiveTheSameBitsAsNoRestart)
{
    for (const char* network : {"uNet", "hineUNet"})
    {
        Scratch folder;
        const Manifest manifest = hierarchical({2, 8}, "vorticity", network);
        const auto whole = model(folder, manifest), parts = loadSurrogate(folder/"m.safetensors", plain());
        std::vector<State> a{wavyState(manifest.grid), wavyState(manifest.grid, 3)}, b = a;
        advance(*whole, a, 6);
        advance(*parts, b, 4);

        writeStateFile(folder/"state.safetensors", withPrefix("model.", parts->memory()));
        const auto again = loadSurrogate(folder/"m.safetensors", plain());
        again->setMemory(withoutPrefix("model.", readStateFile(folder/"state.safetensors")));
        std::vector<State> c = b;
        advance(*again, c, 2, 4);
        EXPECT_EQ(c[0].values, a[0].values) << network;
        EXPECT_EQ(c[1].values, a[1].values) << network;

        // and without them others
        const auto without = loadSurrogate(folder/"m.safetensors", plain());
        advance(*without, b, 2, 4);
        EXPECT_NE(b[0].values, a[0].values) << network;
    }
}

TEST(HierarchicalEmulator, hintsAreCoarseStatesOfComingTimes)
{
    Scratch folder;
    const Manifest manifest = hierarchical({2, 8});
    const auto stepper = model(folder, manifest);
    std::vector<State> members{wavyState(manifest.grid, 5)};
    advance(*stepper, members, 1);
    const Memory memory = stepper->memory();
    ASSERT_EQ(memory.size(), 2u);
    const State& one = memory.at("hint1")[0], & two = memory.at("hint2")[0];
    EXPECT_NEAR(one.time, 5.2 + 0.2, 1e-12);
    EXPECT_NEAR(two.time, 5.2 + 0.4, 1e-12);
    EXPECT_TRUE(one.grid.matches(coarsened(manifest.grid, 2, "")));
    EXPECT_TRUE(two.grid.matches(coarsened(manifest.grid, 8, "")));
    EXPECT_EQ(one.fields.names(), std::vector<std::string>{"vorticity"});
}

// Where a solver took steps in between, hints are of the past: as from no hints at all
TEST(HierarchicalEmulator, startsUpAnewWhereOthersTookAMemberOn)
{
    Scratch folder;
    const Manifest manifest = hierarchical({4});
    const auto stepper = model(folder, manifest), fresh = loadSurrogate(folder/"m.safetensors", plain());
    std::vector<State> members{wavyState(manifest.grid), wavyState(manifest.grid, 1)};
    advance(*stepper, members, 2);

    members[1] = wavyState(manifest.grid, members[1].time + 0.02);   // a tenth of the model's step by a solver
    std::vector<State> anew{members[1]}, going = members;
    const Memory kept = stepper->memory();
    advance(*stepper, members, 2);
    advance(*fresh, anew, 2);
    for (std::size_t i = 0; i < anew[0].values.size(); ++i) ASSERT_NEAR(members[1].values[i], anew[0].values[i], 1e-6);

    // the other one goes on as it would have beside a member that was left alone
    going[1] = wavyState(manifest.grid, 1 + 2*0.2);
    stepper->setMemory(kept);
    advance(*stepper, going, 2);
    for (std::size_t i = 0; i < going[0].values.size(); ++i) ASSERT_NEAR(members[0].values[i], going[0].values[i], 1e-6);
    std::vector<State> restarted{wavyState(manifest.grid)};
    fresh->setMemory({});
    advance(*fresh, restarted, 2);
    fresh->setMemory({});
    advance(*fresh, restarted, 2);
    EXPECT_GT(vrmse(going[0].channel(0), restarted[0].channel(0), manifest.grid.nCells()), 3e-6);
}

// What is rejected is taken back with its hints, as a policy's keep() and takeBack() do
TEST(HierarchicalEmulator, aStepThatIsTakenBackLeavesNoTrace)
{
    Scratch folder;
    const Manifest manifest = hierarchical({2, 8});
    const auto stepper = model(folder, manifest);
    std::vector<State> members{wavyState(manifest.grid)};
    advance(*stepper, members, 2);
    const Memory kept = stepper->memory();
    std::vector<State> once = members, twice = members;
    advance(*stepper, once, 1);
    stepper->setMemory(kept);
    advance(*stepper, twice, 1);
    EXPECT_EQ(once[0].values, twice[0].values);

    // a step that fails leaves members and hints as they were
    stepper->setMemory(kept);
    std::vector<State> bad = members;
    bad[0].values[3] = NAN;
    EXPECT_THROW(advance(*stepper, bad, 1), Error);
    advance(*stepper, members, 1);
    EXPECT_EQ(members[0].values, once[0].values);
}

TEST(HierarchicalEmulator, refusesHintsOfAnotherModel)
{
    Scratch folder;
    const auto four = model(folder, hierarchical({4}));
    std::vector<State> members{wavyState(smallManifest().grid)};
    advance(*four, members, 1);
    const Memory memory = four->memory();
    const auto two = model(folder, hierarchical({2}));
    expectRefusal([&] { two->setMemory(memory); }, {"hint1", "8 x 8 cells", "4 x 4 cells"});
    const auto fields = model(folder, hierarchical({4}, "fields"));
    expectRefusal([&] { fields->setMemory(memory); }, {"hint1", "U_x", "vorticity"});
}

// A wall and a body: coarse means are over the fluid, and what the body hides does not matter
TEST(CoarseLevels, averageOverTheFluid)
{
    Manifest manifest = hierarchical({2, 4}, "fields");
    manifest.grid.cells = {{8, 4, 1}};
    const CoarseLevels levels(manifest);
    FlowGeometry geometry;
    geometry.fluid = torch::rand({1, 1, 4, 8}, torch::kDouble);
    geometry.fluid.slice(2, 0, 2).slice(3, 0, 2).fill_(0);
    geometry.fluid[0][0][3][7] = 0;
    geometry.mask = (geometry.fluid > 0).to(torch::kDouble);
    const auto all = levels.geometries(geometry);
    Tensor x = torch::randn({2, 3, 4, 8}, torch::kDouble);
    const Tensor one = levels.coarse(x, 0, 1, all), two = levels.coarse(x, 0, 2, all);
    EXPECT_EQ(one.sizes().vec(), (std::vector<std::int64_t>{2, 3, 2, 4}));
    EXPECT_EQ(one[0][0][0][0].item<double>(), 0);
    EXPECT_TRUE(torch::allclose(levels.coarse(one, 1, 2, all), two, 0, 1e-12));
    for (int channel = 0; channel < 3; ++channel)
    {
        EXPECT_NEAR(all[2].cellMean(two)[1][channel].item<double>(), geometry.cellMean(x)[1][channel].item<double>(), 1e-12);
    }
    x.slice(2, 0, 2).slice(3, 0, 2).fill_(1e6);
    EXPECT_TRUE(torch::equal(levels.coarse(x, 0, 2, all), two));
}

TEST(Hierarchy, refusesFactorsThatDoNotFit)
{
    const auto refuse = [](std::vector<int> pool, const std::vector<std::string>& texts)
    {
        Manifest manifest = hierarchical(std::move(pool));
        expectRefusal([&] { manifest.check("m.safetensors"); }, texts);
    };
    refuse({4, 2}, {"hierarchy.pool", "5 or more", "2"});
    refuse({1}, {"hierarchy.pool", "2 or more"});
    refuse({5}, {"hierarchy.pool", "divides the cells", "5"});
    Manifest manifest = hierarchical({2});
    manifest.hierarchy->incrementStddev.clear();
    expectRefusal([&] { manifest.check("m"); }, {"hierarchy.incrementStddev", "1 lists", "0"});
    manifest = hierarchical({2});
    manifest.hierarchy.reset();
    expectRefusal([&] { manifest.check("m"); }, {"hierarchy", "hierarchicalEmulator"});
    manifest = hierarchical({2});
    manifest.method = "emulator";
    expectRefusal([&] { manifest.check("m"); }, {"hierarchy", "no such entry with method emulator"});
}

// --- training ----------------------------------------------------------------------------------------------------------------

void record(const std::string& path, double start, int snapshots)
{
    DatasetWriter::Info info;
    info.name = "waves";
    info.interval = 0.1;
    const Manifest manifest = smallManifest();
    DatasetWriter writer(path, manifest.grid, manifest.fields, info);
    for (int i = 0; i < snapshots; ++i) writer.append(wavyState(manifest.grid, start + 0.1*i));
}

class HierarchicalTraining : public ::testing::Test
{
protected:

    void SetUp() override
    {
        record(folder/"train.h5", 0, 80);
        record(folder/"test.h5", 4*M_PI + 1.05, 40);   // a period of both waves on: between the phases of the training
    }

    TrainingOptions options(std::vector<int> pool, const std::string& name = "m.safetensors")
    {
        TrainingOptions options;
        options.objective = "hierarchicalEmulator";
        options.hierarchy.pool = std::move(pool);
        options.model = folder/name;
        options.trainingData = {folder/"train.h5"};
        options.validationData = {folder/"test.h5"};
        options.variables = "vorticity";
        options.stride = 2;
        options.networkSettings = smallManifest().networkSettings;
        options.iterations = 300;
        options.batch = 4;
        options.warmUp = 5;
        options.learningRate = 5e-3;
        options.ema = 0.9;
        options.validateEvery = 20;
        options.validationSteps = 5;
        options.checkpointEvery = 1e9;
        options.storage = "float32";
        options.runtime = plain();
        return options;
    }

    Scratch folder;
};

// Over half of the box these waves average to nothing: hint 2 is rounding, and must do no harm
TEST_F(HierarchicalTraining, learnsAndItsModelRunsForManySteps)
{
    for (const char* network : {"uNet", "hineUNet"})
    {
        TrainingOptions o = options({2, 8}, std::string(network) + ".safetensors");
        o.network = network;
        o.hierarchy.startUp = 0.2;   // so short a training would hardly see it
        if (o.network == "hineUNet")
        {
            o.networkSettings = hierarchical({2}, "vorticity", network).networkSettings;
            o.iterations = 100;
        }
        const Validation validation = train(o);

        const Grid grid = smallManifest().grid;
        const State now = wavyState(grid, 14), next = wavyState(grid, 14.2);
        const double persistence = vrmse(next.channel(0), now.channel(0), grid.nCells());
        EXPECT_LT(validation.at("vrmse"), 0.4*persistence) << network;
        EXPECT_LT(validation.at("vrmseOfHints"), 0.4*persistence) << network;
        EXPECT_GT(validation.at("correlation"), 0.9) << network;

        const auto model = loadSurrogate(o.model, plain());
        ASSERT_TRUE(model->manifest().hierarchy);
        EXPECT_EQ(model->manifest().hierarchy->pool, (std::vector<int>{2, 8}));
        State state = now;
        model->advance(state, Noise());
        EXPECT_LT(vrmse(next.channel(0), state.channel(0), grid.nCells()), 0.5*persistence) << network;
        for (int i = 1; i < 100; ++i) model->advance(state, Noise(0, std::uint32_t(i)));
        EXPECT_NEAR(state.time, 34, 1e-9);
    }
}

TEST_F(HierarchicalTraining, measuresTheHintsIncrements)
{
    TrainingOptions o = options({4});
    o.iterations = 1;
    train(o);
    const Manifest manifest = Bundle::read(o.model).manifest;
    // the waves in psi are |k|^2 = 2 and 5: their changes over a step, averaged over 4 x 4 cells, by hand
    const Grid grid = manifest.grid;
    double sum = 0, n = 0;
    const auto variables = makeVariables("vorticity", grid, manifest.fields);
    for (int i = 0; i + 2 < 80; ++i)
    {
        const Tensor a = variables->inputs(toTensor(wavyState(grid, 0.1*i))), b = variables->inputs(toTensor(wavyState(grid, 0.1*i + 0.2)));
        sum += blockMean((b - a).narrow(1, 0, 1), 2, 4).square().sum().item<double>();
        n += 16;
    }
    EXPECT_NEAR(manifest.hierarchy->incrementStddev[0][0], std::sqrt(sum/n), 0.01*std::sqrt(sum/n));
    EXPECT_LT(manifest.hierarchy->incrementStddev[0][0], 0.9*manifest.incrementStddev[0]);

    o = options({8}, "nothing.safetensors");
    o.iterations = 1;
    train(o);
    const Manifest nothing = Bundle::read(o.model).manifest;
    EXPECT_EQ(nothing.hierarchy->incrementStddev[0][0], 0.1*nothing.incrementStddev[0]);
}

TEST_F(HierarchicalTraining, resumedEqualsUninterrupted)
{
    TrainingOptions whole = options({2, 8}, "whole.safetensors");
    whole.iterations = 40;
    train(whole);
    TrainingOptions parts = options({2, 8}, "parts.safetensors");
    parts.iterations = 40;
    parts.stopAfter = 15;
    train(parts);
    parts.stopAfter = 0;
    train(parts);
    const Bundle a = Bundle::read(whole.model), b = Bundle::read(parts.model);
    for (const auto& [name, data] : a.tensors) EXPECT_EQ(data.bytes, b.tensors.at(name).bytes) << name;

    // a checkpoint of other options is not resumed
    parts.hierarchy.hintWeight = 1;
    expectRefusal([&] { train(parts); }, {"checkpoint belongs to a training with other options"});
}

TEST_F(HierarchicalTraining, withoutHintsIsTheEmulatorsTraining)
{
    TrainingOptions o = options({}, "hierarchy.safetensors");
    o.hierarchy.norm = "l2";
    o.iterations = 20;
    TrainingOptions e = o;
    e.objective = "emulator";
    e.model = folder/"emulator.safetensors";
    const Validation a = train(o), b = train(e);
    EXPECT_NEAR(a.at("vrmse"), b.at("vrmse"), 1e-4*b.at("vrmse"));
    EXPECT_NEAR(a.at("correlation"), b.at("correlation"), 1e-4);
}

// Two shares of a batch have the loss and the gradient of the whole
TEST_F(HierarchicalTraining, sharesMakeTheWholeBatch)
{
    const TrainingOptions o = options({2, 8});
    const Trajectories data(o.trainingData, {}, o.stride);
    const Runtime runtime = Runtime::choose(o.runtime);
    torch::manual_seed(1);
    HierarchicalObjective objective(o, data, runtime);
    {
        torch::NoGradGuard noGradient;
        for (auto& p : objective.network().parameters()) p.add_(0.05*torch::randn_like(p));
    }
    for (int iteration = 0; iteration < 4; ++iteration)
    {
        const double whole = objective.loss(data, iteration, BatchShare(0, 1, 8)).item<double>();
        const double halves = 0.5*objective.loss(data, iteration, BatchShare(0, 2, 8)).item<double>()
            + 0.5*objective.loss(data, iteration, BatchShare(1, 2, 8)).item<double>();
        EXPECT_NEAR(whole, halves, 1e-5*whole);
    }
}

// With a network that predicts nothing, the loss is that of the true changes: of a hint that starts up over one step (a quarter, in
// its normalisation by two), else of the state over one, but for what the true hint says of it, and of the hint over two
TEST_F(HierarchicalTraining, casesAskForTheirTimes)
{
    TrainingOptions o = options({4});
    o.hierarchy.norm = "l2";
    o.hierarchy.hintWeight = 0.5;
    const Trajectories data(o.trainingData, {}, o.stride);
    const auto lossWith = [&](double startUp)
    {
        o.hierarchy.startUp = startUp;
        HierarchicalObjective objective(o, data, Runtime::choose(o.runtime));
        objective.network().scaleOutput(0);
        return objective.loss(data, 3, BatchShare(512)).item<double>();
    };
    EXPECT_NEAR(lossWith(0.999999), 0.5*0.25, 0.01);

    const auto variables = makeVariables("vorticity", data.grid(), data.fields());
    const Tensor frames = data.spread(66, {0, 1, 2});
    const auto square = [&](int steps, int factor)
    {
        const Tensor change = variables->inputs(frames[steps]) - variables->inputs(frames[0]);
        return blockMean(change.narrow(1, 0, 1), 2, factor).square().mean().item<double>();
    };
    const double expected = 1 - square(1, 4)/square(1, 1) + 0.5*square(2, 4)/(4*square(1, 4));
    EXPECT_NEAR(lossWith(1e-9), expected, 0.05);
}

// With a network that predicts nothing, the first step is what the true hint says. The hint after it is the present, so that the second
// step leads back, two steps from the truth. After an evaluation of starting up, own hints are the present from the first step on.
TEST_F(HierarchicalTraining, unrolledSamplesGoOnFromTheirOwnPredictions)
{
    TrainingOptions o = options({4});
    o.hierarchy.norm = "l2";
    const Trajectories data(o.trainingData, {}, o.stride);
    const auto lossWith = [&](double startUp, int unroll)
    {
        o.hierarchy.startUp = startUp;
        o.unroll = unroll;
        HierarchicalObjective objective(o, data, Runtime::choose(o.runtime));
        objective.network().scaleOutput(0);
        return objective.loss(data, 3, BatchShare(512)).item<double>();
    };
    const auto variables = makeVariables("vorticity", data.grid(), data.fields());
    const Tensor frames = data.spread(60, {0, 1, 2});
    const auto square = [&](int steps, int factor)
    {
        const Tensor change = variables->inputs(frames[steps]) - variables->inputs(frames[0]);
        return blockMean(change.narrow(1, 0, 1), 2, factor).square().mean().item<double>();
    };
    const double hint = o.hierarchy.hintWeight*square(2, 4)/(4*square(1, 4));
    const double first = 1 - square(1, 4)/square(1, 1), second = square(2, 1)/square(1, 1);
    EXPECT_NEAR(lossWith(1e-9, 2), 0.5*(first + hint + second + hint), 0.1);
    EXPECT_GT(second, 3*first);
    EXPECT_NEAR(lossWith(0.999999, 2), 0.5*(o.hierarchy.hintWeight*0.25 + 1 + hint), 0.05);
}

// The gradient goes through the evaluations: with it, training unrolled resumes as any
TEST_F(HierarchicalTraining, learnsUnrolled)
{
    TrainingOptions o = options({2, 8});
    o.unroll = 3;
    o.unrollEvery = 20;
    o.hierarchy.startUp = 0.2;
    o.iterations = 150;
    const Validation validation = train(o);
    const Grid grid = smallManifest().grid;
    const double persistence = vrmse(wavyState(grid, 14.2).channel(0), wavyState(grid, 14).channel(0), grid.nCells());
    EXPECT_LT(validation.at("vrmse"), 0.5*persistence);
    EXPECT_GT(validation.at("correlation"), 0.9);
}

// Only what a case can know is learnt in it: with a probability of starting up close to one, the state's output learns nothing
TEST_F(HierarchicalTraining, casesOfStartingUpLearnTheirHintAlone)
{
    TrainingOptions o = options({4});
    o.hierarchy.startUp = 0.999999;
    const Trajectories data(o.trainingData, {}, o.stride);
    torch::manual_seed(1);
    HierarchicalObjective objective(o, data, Runtime::choose(o.runtime));
    objective.loss(data, 3, BatchShare(8)).backward();
    const Tensor gradient = objective.network().named_parameters()["project.weight"].grad();   // [state, hint 1]
    EXPECT_EQ(gradient[0].abs().sum().item<double>(), 0);
    EXPECT_GT(gradient[1].abs().sum().item<double>(), 0);

    o.hierarchy.startUp = 0.3;
    torch::manual_seed(1);
    HierarchicalObjective both(o, data, Runtime::choose(o.runtime));
    both.loss(data, 3, BatchShare(32)).backward();
    EXPECT_GT(both.network().named_parameters()["project.weight"].grad()[0].abs().sum().item<double>(), 0);
}

TEST_F(HierarchicalTraining, refusesOptionsThatDoNotFit)
{
    const auto refuse = [&](const std::function<void(TrainingOptions&)>& change, const std::vector<std::string>& texts)
    {
        TrainingOptions o = options({4});
        change(o);
        expectRefusal([&] { train(o); }, texts);
    };
    refuse([](TrainingOptions& o) { o.hierarchy.pool = {5}; }, {"hierarchyCoeffs.pool", "divides the cells", "5"});
    refuse([](TrainingOptions& o) { o.hierarchy.pool = {8, 4}; }, {"hierarchyCoeffs.pool", "9 or more", "4"});
    refuse([](TrainingOptions& o) { o.hierarchy.startUp = 1; }, {"hierarchyCoeffs.startUp", "below 1/1"});
    refuse([](TrainingOptions& o) { o.hierarchy.hintWeight = 0; }, {"hierarchyCoeffs.hintWeight", "above 0"});
    refuse([](TrainingOptions& o) { o.hierarchy.norm = "l3"; }, {"hierarchyCoeffs.norm", "l1l2"});
    refuse([](TrainingOptions& o) { o.noise = 0.1; }, {"entry noise", "hierarchicalEmulator"});
    refuse([](TrainingOptions& o) { o.levelBias = 2; }, {"entry levelBias", "hierarchicalEmulator"});

    Settings settings("surrogateTrainDict");
    settings.set("model", std::string("m"));
    settings.set("trainingData", std::vector<std::string>{"a"});
    settings.set("validationData", std::vector<std::string>{"b"});
    settings.set("hierarchyCoeffs.pool", std::vector<long>{4, 16});
    expectRefusal([&] { TrainingOptions::read(settings); }, {"hierarchyCoeffs", "objective emulator"});
    settings.set("objective", std::string("hierarchicalEmulator"));
    EXPECT_EQ(TrainingOptions::read(settings).hierarchy.pool, (std::vector<int>{4, 16}));
    settings.set("hierarchyCoeffs.pools", std::vector<long>{4});
    expectRefusal([&] { TrainingOptions::read(settings); }, {"pools"});
}

} // namespace
} // namespace surrogate
