#include "model/boundedFlow.h"

#include "core/refusal.h"
#include "model/corrector.h"
#include "model/torch/flowGeometry.h"
#include "model/torch/training/objective.h"

#include "dataset/datasetWriter.h"
#include "model/training.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using testing::blockGeometry;
using testing::boundedManifest;
using testing::boundedState;
using testing::channelGrid;
using testing::isSolid;
using testing::smallManifest;
using testing::wavyState;
using torch::Tensor;

RuntimeOptions onCpu(const std::string& precision = "float32", const std::string& device = "cpu")
{
    RuntimeOptions options;
    options.device = device;
    options.precision = precision;
    return options;
}

//- Where the block is, `after` must be `before` to the last bit; elsewhere not
void expectSolidKept(const State& before, const State& after, const std::string& what)
{
    std::size_t changed = 0, fluid = 0;
    for (std::size_t i = 0; i < before.values.size(); ++i)
    {
        if (isSolid(i)) ASSERT_EQ(after.values[i], before.values[i]) << what << ", value " << i;
        else { ++fluid; changed += after.values[i] != before.values[i]; }
    }
    EXPECT_EQ(changed, fluid) << what;
}

void expectSameFluid(const State& a, const State& b, const std::string& what)
{
    for (std::size_t i = 0; i < a.values.size(); ++i)
    {
        if (!isSolid(i)) ASSERT_EQ(a.values[i], b.values[i]) << what << ", value " << i;
    }
}

// --- the tensors ------------------------------------------------------------------------------------------------------------

TEST(FlowGeometry, boundsTheDistanceAndFindsTheFluid)
{
    const GeometryChannels channels{{"distance", "fluid"}, 0.5};
    const Geometry geometry = *blockGeometry();
    const FlowGeometry tensors = makeFlowGeometry(geometry, channelGrid(), &channels);
    ASSERT_EQ(tensors.channels.sizes().vec(), (std::vector<std::int64_t>{1, 2, 16, 16}));
    EXPECT_DOUBLE_EQ(tensors.channels[0][0][3][2].item<double>(), std::tanh(geometry.distance[3*16 + 2]/0.5));
    EXPECT_DOUBLE_EQ(tensors.channels[0][1][7][6].item<double>(), 0.25);
    EXPECT_EQ(tensors.mask.sum().item<double>(), 256 - 12);
    EXPECT_EQ(tensors.fluid.sum().item<double>(), 256 - 16 + 4*0.25);
}

TEST(FlowGeometry, isNothingWhereAllIsFluid)
{
    Geometry geometry{std::vector<double>(256, 1 - 1e-9), std::vector<double>(256, Geometry::noWall)};
    const GeometryChannels channels{{"distance"}, 0.5};
    const FlowGeometry tensors = makeFlowGeometry(geometry, channelGrid(), &channels);
    EXPECT_FALSE(tensors.fluid.defined());
    EXPECT_FALSE(tensors.mask.defined());
    EXPECT_TRUE(torch::equal(tensors.channels, torch::ones({1, 1, 16, 16}, torch::kDouble)));
    const Tensor x = torch::randn({2, 3, 16, 16});
    EXPECT_TRUE(torch::equal(tensors.masked(x), x));
    EXPECT_EQ(tensors.mean(x).item<float>(), x.mean().item<float>());
}

TEST(FlowGeometry, weighsByTheFluid)
{
    const FlowGeometry g = makeFlowGeometry(*blockGeometry(), channelGrid(), nullptr);
    EXPECT_FALSE(g.channels.defined());
    const Tensor x = torch::randn({2, 3, 16, 16}, torch::kDouble);
    const Tensor w = g.fluid.flatten(), sum = w.sum();
    Tensor means = torch::zeros({2, 3}, torch::kDouble), variances = means.clone();
    for (int n = 0; n < 2; ++n)
    {
        for (int c = 0; c < 3; ++c)
        {
            const Tensor values = x[n][c].flatten();
            means[n][c] = (values*w).sum()/sum;
            variances[n][c] = (w*(values - means[n][c]).square()).sum()/(sum - 1);
        }
    }
    const auto close = [](const Tensor& a, const Tensor& b) { return torch::allclose(a, b, 1e-12, 1e-12); };
    EXPECT_TRUE(close(g.cellMean(x), means));
    EXPECT_TRUE(close(g.cellVariance(x), variances));
    EXPECT_TRUE(close(g.channelMean(x), means.mean(0)));
    EXPECT_TRUE(close(g.memberMean(x), means.mean(1)));
    EXPECT_TRUE(close(g.mean(x), means.mean()));
}

TEST(FlowGeometry, refusesWhatIsNone)
{
    const auto refuses = [](const std::function<void(Geometry&)>& spoil, const std::vector<std::string>& texts)
    {
        Geometry geometry = *blockGeometry();
        spoil(geometry);
        expectRefusal([&] { makeFlowGeometry(geometry, channelGrid(), nullptr); }, texts);
    };
    refuses([](Geometry& g) { g.fluid.pop_back(); }, {"fluid", "256", "255"});
    refuses([](Geometry& g) { g.distance.clear(); }, {"distance", "256"});
    refuses([](Geometry& g) { g.distance[3] = NAN; }, {"distance", "finite"});
    refuses([](Geometry& g) { g.fluid[3] = -0.5; }, {"fluid", "from 0 to 1", "-0.5"});
    refuses([](Geometry& g) { g.fluid.assign(256, 0.0); }, {"fluid", "none"});
}

// A new geometry at the place in memory of an old one is a new one
TEST(FlowGeometry, isMadeForEachGeometryOnce)
{
    FlowGeometries geometries(boundedManifest(), true, "test");
    std::vector<State> members{boundedState()};
    const Tensor first = geometries.of(members, torch::kCPU, torch::kFloat).channels;
    EXPECT_EQ(geometries.of(members, torch::kCPU, torch::kFloat).channels.data_ptr(), first.data_ptr());
    for (int x = 1; x < 9; ++x)
    {
        members[0].geometry.reset();
        members[0].geometry = blockGeometry(x);
        const Tensor fluid = geometries.of(members, torch::kCPU, torch::kFloat).fluid;
        EXPECT_EQ(fluid[0][0][7][x].item<float>(), 0.25f) << x;
    }
}

// --- the emulator -----------------------------------------------------------------------------------------------------------

TEST(BoundedEmulator, keepsAndDoesNotSeeCellsWithoutFluid)
{
    Scratch folder;
    for (const bool noise : {false, true})
    {
        Manifest manifest = boundedManifest();
        if (noise) manifest.diffusion.set("sigma", 0.1);
        writeUntrainedSurrogate(folder/"m.safetensors", manifest, 1, 1.0);
        for (const auto& [precision, device] : {std::pair{"float32", "cpu"}, std::pair{"bfloat16", "cpu"},
            std::pair{"float64", "cpu"}, std::pair{"float32", "staged"}})
        {
            const auto model = loadSurrogate(folder/"m.safetensors", onCpu(precision, device));
            State a = boundedState(1, 0.0), b = boundedState(1, 77.7);
            const State before = a, otherBefore = b;
            for (int step = 0; step < 3; ++step)
            {
                model->advance(a, Noise(1, step));
                model->advance(b, Noise(1, step));
            }
            expectSolidKept(before, a, precision);
            expectSolidKept(otherBefore, b, precision);
            expectSameFluid(a, b, precision);
            EXPECT_EQ(a.geometry, before.geometry);
        }
    }
}

// The network sees the geometry: another block, or another distance alone, gives other values far from it
TEST(BoundedEmulator, seesTheChannelsThatItAskedFor)
{
    Scratch folder;
    const auto step = [&](const std::vector<std::string>& channels, const std::shared_ptr<const Geometry>& geometry)
    {
        writeUntrainedSurrogate(folder/"m.safetensors", boundedManifest(channels), 1, 1.0);
        State state = boundedState();
        state.geometry = geometry;
        loadSurrogate(folder/"m.safetensors", onCpu("float64"))->advance(state, Noise());
        return state.values[0];
    };
    auto further = std::make_shared<Geometry>(*blockGeometry());
    for (double& distance : further->distance) distance *= 1.3;
    EXPECT_NE(step({"distance"}, blockGeometry()), step({"distance"}, further));
    EXPECT_EQ(step({"fluid"}, blockGeometry()), step({"fluid"}, further));
    auto fuller = std::make_shared<Geometry>(*blockGeometry());
    for (std::size_t i = 0; i < 16; ++i) fuller->fluid[i] = 0.5;
    EXPECT_NE(step({"fluid"}, blockGeometry()), step({"fluid"}, fuller));
    EXPECT_EQ(step({}, blockGeometry()), step({}, fuller));
}

TEST(BoundedEmulator, takesMembersOfDifferentGeometries)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", boundedManifest(), 1, 1.0);
    const auto model = loadSurrogate(folder/"m.safetensors", onCpu());
    std::vector<State> members(3, boundedState(1));
    members[1].geometry = blockGeometry(2);
    members[2].geometry = std::make_shared<Geometry>(Geometry{std::vector<double>(256, 1.0), std::vector<double>(256, 1.0)});
    const std::vector<State> starts = members;
    model->advance(members, Noise());
    for (std::size_t i = 0; i < members.size(); ++i)
    {
        State alone = starts[i];
        model->advance(alone, Noise());
        for (std::size_t k = 0; k < alone.values.size(); ++k) ASSERT_NEAR(members[i].values[k], alone.values[k], 1e-6) << i;
    }
    EXPECT_NE(members[0].values, members[1].values);
}

TEST(BoundedEmulator, refusesAStateWithoutGeometry)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", boundedManifest({}), 1, 1.0);
    const auto model = loadSurrogate(folder/"m.safetensors", onCpu());
    State state = boundedState();
    state.geometry.reset();
    const State before = state;
    expectRefusal([&] { model->advance(state, Noise()); }, {"m.safetensors", "needs the geometry of walls and bodies", "none"});
    EXPECT_EQ(state.values, before.values);

    auto small = std::make_shared<Geometry>(*blockGeometry());
    small->fluid.pop_back();
    state.geometry = small;
    expectRefusal([&] { model->advance(state, Noise()); }, {"geometry", "256", "255"});
}

// A model of a flow without bodies masks all the same where the state has one, and where it has none it is what it was
TEST(BoundedEmulator, needsNoGeometryWhereItsFileNamesNone)
{
    Scratch folder;
    Manifest manifest = smallManifest("fields");
    writeUntrainedSurrogate(folder/"m.safetensors", manifest, 1, 1.0);
    const auto model = loadSurrogate(folder/"m.safetensors", onCpu());
    State bare = wavyState(manifest.grid), fluid = bare, body = bare;
    const State before = bare;
    fluid.geometry = std::make_shared<Geometry>(Geometry{std::vector<double>(256, 1.0), std::vector<double>(256, 1.0)});
    body.geometry = blockGeometry();
    for (State* state : {&bare, &fluid, &body}) model->advance(*state, Noise());
    EXPECT_EQ(bare.values, fluid.values);
    expectSolidKept(before, body, "fields");
}

TEST(BoundedEmulator, refusesCellsWithoutFluidWhereVariablesMixCells)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest("vorticity"), 1, 1.0);
    State state = wavyState(smallManifest().grid);
    state.geometry = blockGeometry();
    expectRefusal([&] { loadSurrogate(folder/"m.safetensors", onCpu())->advance(state, Noise()); },
        {"m.safetensors", "variables", "without fluid", "fields"});
}

// --- diffusion models -------------------------------------------------------------------------------------------------------

Manifest boundedDiffusion(const std::string& method)
{
    Manifest manifest = boundedManifest();
    manifest.method = method;
    manifest.diffusion.set("schedule", method == "pdeRefiner" ? "exponential" : "cosine");
    manifest.diffusion.set("levels", method == "pdeRefiner" ? 4L : 20L);
    if (method == "snsLagged") manifest.diffusion.set("maxLag", 5L);
    manifest.networkSettings.set("headFeatures", 64L);
    if (method != "sns" && method != "thermalizer") manifest.networkSettings.set("embeddings", std::vector<long>{8});
    return manifest;
}

CorrectorOptions withSampler(const std::string& sampler)
{
    Settings settings("correctorCoeffs");
    settings.set("sampler", sampler);
    if (sampler != "ddpm") settings.set("evaluations", 4L);
    settings.set("activation", -1.0);
    settings.set("minLevel", 3.0);
    return CorrectorOptions::read(settings);
}

TEST(BoundedDiffusion, keepsAndDoesNotSeeCellsWithoutFluid)
{
    Scratch folder;
    for (const std::string method : {"sns", "snsLagged", "thermalizer", "acdm", "cleanCondition", "pdeRefiner"})
    {
        const std::string path = folder/(method + ".safetensors");
        writeUntrainedSurrogate(path, boundedDiffusion(method), 1, 1.0);
        for (const char* sampler : {"ddpm", "dpmSolverPP"})
        {
            std::vector<State> a{boundedState(1), boundedState(2)}, b{boundedState(1, 77.7), boundedState(2, -3)};
            const std::vector<State> startA = a, startB = b;
            const std::vector<State> previousA{boundedState(0.8), boundedState(1.8)};
            const std::vector<State> previousB{boundedState(0.8, 5), boundedState(1.8, 6)};
            const auto correct = [&](std::vector<State>& members, const std::vector<State>& previous)
            {
                const auto corrector = loadCorrector(path, onCpu(), withSampler(sampler));
                corrector->correct(members, corrector->lag() > 0 ? previous : std::vector<State>(), Noise(3, 1));
            };
            correct(a, previousA);
            correct(b, previousB);
            for (std::size_t i = 0; i < 2; ++i)
            {
                expectSolidKept(startA[i], a[i], method + " " + sampler);
                expectSolidKept(startB[i], b[i], method + " " + sampler);
                expectSameFluid(a[i], b[i], method + " " + sampler);
            }
            if (method == "thermalizer") continue;

            a = startA;
            b = startB;
            loadSurrogate(path, onCpu(), withSampler(sampler))->advance(a, Noise(3, 1));
            loadSurrogate(path, onCpu(), withSampler(sampler))->advance(b, Noise(3, 1));
            for (std::size_t i = 0; i < 2; ++i)
            {
                expectSolidKept(startA[i], a[i], method + " steps " + sampler);
                expectSameFluid(a[i], b[i], method + " steps " + sampler);
            }
        }
    }
}

TEST(BoundedDiffusion, refusesAStateWithoutGeometry)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", boundedDiffusion("acdm"), 1, 1.0);
    State state = boundedState();
    state.geometry.reset();
    expectRefusal([&] { loadSurrogate(folder/"m.safetensors", onCpu())->advance(state, Noise()); },
        {"m.safetensors", "needs the geometry"});
}

// --- training ---------------------------------------------------------------------------------------------------------------

class BoundedTraining : public ::testing::Test
{
protected:

    //- `solid` differs from snapshot to snapshot, as garbage does
    void record(const std::string& name, double start, int snapshots, double solid,
        const std::shared_ptr<const Geometry>& geometry = blockGeometry())
    {
        DatasetWriter::Info info;
        info.name = "block";
        info.interval = 0.1;
        info.geometry = geometry;
        const Manifest manifest = boundedManifest();
        DatasetWriter writer(folder/name, manifest.grid, manifest.fields, info);
        for (int i = 0; i < snapshots; ++i)
        {
            State state = boundedState(start + 0.1*i, solid*(i % 5));
            state.geometry = geometry;
            writer.append(state);
        }
    }

    void SetUp() override
    {
        record("train.h5", 0, 80, 0);
        record("test.h5", 20, 40, 0);
    }

    TrainingOptions options(const std::string& name) const
    {
        TrainingOptions o;
        o.model = folder/name;
        o.trainingData = {folder/"train.h5"};
        o.validationData = {folder/"test.h5"};
        o.geometry = {"fluid", "distance"};
        o.stride = 2;
        o.networkSettings = smallManifest().networkSettings;
        o.iterations = 10;
        o.batch = 4;
        o.unroll = 2;
        o.warmUp = 5;
        o.learningRate = 5e-3;
        o.ema = 0.9;
        o.noise = 1e-3;
        o.validateEvery = 10;
        o.validationSteps = 5;
        o.checkpointEvery = 1e9;
        o.storage = "float32";
        o.runtime.precision = "float32";
        o.runtime.threads = 1;
        return o;
    }

    TrainingOptions diffusionOptions(const std::string& name, const std::string& objective) const
    {
        TrainingOptions o = options(name);
        o.objective = objective;
        o.unroll = 1;
        o.noise = 0;
        o.diffusionSettings.set("levels", 10L);
        o.networkSettings.set("headFeatures", 64L);
        if (objective != "sns") o.networkSettings.set("embeddings", std::vector<long>{16});
        return o;
    }

    Scratch folder;
};

TEST_F(BoundedTraining, learnsTheFlowPastABlock)
{
    TrainingOptions o = options("m.safetensors");
    o.iterations = 300;
    o.unroll = 1;
    o.noise = 0;
    o.validateEvery = 300;
    const double trained = train(o).at("vrmse");
    o.model = folder/"untrained.safetensors";
    o.iterations = 1;
    EXPECT_LT(trained, 0.5*train(o).at("vrmse"));

    const auto model = loadSurrogate(folder/"m.safetensors", onCpu());
    EXPECT_EQ(model->manifest().geometry->channels, o.geometry);
    EXPECT_NEAR(model->manifest().geometry->distanceLength, 8*channelGrid().spacing(0), 1e-12);
    EXPECT_TRUE(model->manifest().grid.walls[1][0]);
    State state = boundedState(21);
    const State before = state;
    for (int i = 0; i < 5; ++i) model->advance(state, Noise());
    expectSolidKept(before, state, "trained");
}

// Whatever stands in the block, in training or validation: the same weights, statistics and measures to the last bit
TEST_F(BoundedTraining, doesNotDependOnWhatStandsInCellsWithoutFluid)
{
    record("dirtyTrain.h5", 0, 80, 13.5);
    record("dirtyTest.h5", 20, 40, -7);
    for (const std::string objective : {"emulator", "sns", "acdm", "pdeRefiner"})
    {
        const bool emulator = objective == "emulator";
        TrainingOptions clean = emulator ? options("clean.safetensors") : diffusionOptions("clean.safetensors", objective);
        if (objective == "pdeRefiner") clean.diffusionSettings.set("schedule", "exponential");
        if (emulator) clean.jacobianWeight = 0.1;
        TrainingOptions dirty = clean;
        dirty.model = folder/"dirty.safetensors";
        dirty.trainingData = {folder/"dirtyTrain.h5"};
        dirty.validationData = {folder/"dirtyTest.h5"};
        const Validation a = train(clean), b = train(dirty);
        EXPECT_EQ(a, b) << objective;
        const Bundle first = Bundle::read(clean.model), second = Bundle::read(dirty.model);
        EXPECT_EQ(first.manifest.mean, second.manifest.mean) << objective;
        EXPECT_EQ(first.manifest.stddev, second.manifest.stddev) << objective;
        EXPECT_EQ(first.manifest.incrementStddev, second.manifest.incrementStddev) << objective;
        for (const auto& [name, data] : first.tensors) EXPECT_EQ(data.bytes, second.tensors.at(name).bytes) << objective << name;
        for (const std::string& model : {clean.model, dirty.model}) std::filesystem::remove(model + ".checkpoint");
    }
}

TEST_F(BoundedTraining, takesStatisticsOverTheFluid)
{
    const Trajectories data({folder/"train.h5"}, {}, 2);
    const Manifest manifest = describeData(options("m.safetensors"), data);
    const Tensor snapshots = data.spread(512, {0, 1})[0].to(torch::kDouble);
    const Tensor w = makeFlowGeometry(*blockGeometry(), channelGrid(), nullptr).fluid.expand({512, 1, 16, 16});
    const Tensor u = snapshots.narrow(1, 0, 1);
    const double mean = ((w*u).sum()/w.sum()).item<double>();
    EXPECT_NEAR(manifest.mean[0], mean, 1e-4);
    EXPECT_NEAR(manifest.stddev[0], std::sqrt(((w*(u - mean).square()).sum()/w.sum()).item<double>()), 1e-4);
}

TEST_F(BoundedTraining, addsStatisticsOverTheFluid)
{
    record("dirty.h5", 0, 80, 13.5);
    const TrainingOptions o = diffusionOptions("m.safetensors", "acdm");
    train(o);
    const auto statistics = [&](const std::string& name)
    {
        const std::string path = folder/("of-" + name);
        std::filesystem::copy_file(o.model, path + ".safetensors");
        addStatistics(path + ".safetensors", {folder/name}, 8, 4, o.runtime);
        std::vector<State> members{boundedState(1, 5)};
        const State before = members[0];
        loadSurrogate(path + ".safetensors", onCpu(), withSampler("dpmSolverV3"))->advance(members, Noise(1));
        expectSolidKept(before, members[0], name);
        return Bundle::read(path + ".safetensors").tensors;
    };
    const auto clean = statistics("train.h5"), dirty = statistics("dirty.h5");
    for (const std::string array : {"l", "s", "b"})
    {
        EXPECT_EQ(clean.at("statistics." + array).bytes, dirty.at("statistics." + array).bytes) << array;
    }
}

// Without channels the model still needs to know which cells hold fluid, unless all do
TEST_F(BoundedTraining, asksForTheGeometryWhereCellsHoldNoFluid)
{
    TrainingOptions o = options("m.safetensors");
    o.geometry = {};
    EXPECT_TRUE(describeData(o, Trajectories(o.trainingData, {}, 2)).geometry);

    const auto fluid = std::make_shared<Geometry>(Geometry{std::vector<double>(256, 1.0), std::vector<double>(256, 0.5)});
    record("open.h5", 0, 80, 0, fluid);
    EXPECT_FALSE(describeData(o, Trajectories({folder/"open.h5"}, {}, 2)).geometry);
}

TEST_F(BoundedTraining, refusesDataThatDoNotFit)
{
    record("none.h5", 0, 80, 0, nullptr);
    record("other.h5", 0, 80, 0, blockGeometry(3));
    TrainingOptions o = options("m.safetensors");
    const auto refuses = [&](const std::function<void(TrainingOptions&)>& change, const std::vector<std::string>& texts)
    {
        TrainingOptions changed = o;
        change(changed);
        expectRefusal([&] { train(changed); }, texts);
    };
    refuses([&](auto& c) { c.trainingData.push_back(folder/"other.h5"); }, {"different geometries", "other.h5"});
    refuses([&](auto& c) { c.trainingData.push_back(folder/"none.h5"); }, {"different geometries", "none.h5", "none"});
    refuses([&](auto& c) { c.validationData = {folder/"other.h5"}; }, {"validation data", "different geometries"});
    refuses([&](auto& c) { c.trainingData = {folder/"none.h5"}; }, {"entry geometry", "have no geometry", "none.h5"});
    refuses([&](auto& c) { c.geometry = {"wall"}; }, {"entry geometry", "fluid, distance", "wall"});
    refuses([&](auto& c) { c.geometry = {"fluid", "fluid"}; }, {"entry geometry", "once"});
    refuses([&](auto& c) { c.distanceCells = 0; }, {"entry distanceCells"});

    // the block's front alone is cut: to and fro are not alike, up and down are
    refuses([&](auto& c) { c.symmetries = {"reflect x"}; }, {"reflect x", "walls and bodies"});
    o.symmetries = {"reflect y"};
    EXPECT_NO_THROW(train(o));
}

TEST(Symmetry, refusesToReflectAWallOntoAnOpenSide)
{
    Grid grid = channelGrid();
    const FieldList fields{{Field{"U", 2, {}}}};
    EXPECT_NO_THROW(Symmetry("reflect x y", grid, fields));
    grid.walls[1] = {{true, false}};
    expectRefusal([&] { Symmetry("reflect y", grid, fields); }, {"wall at both sides", "walls at lower y"});
}

} // namespace
} // namespace surrogate
