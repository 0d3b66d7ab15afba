#include "model/torch/networks/upt.h"

#include "core/boxAverage.h"
#include "core/error.h"
#include "core/metrics.h"
#include "core/refusal.h"
#include "dataset/datasetWriter.h"
#include "model/pointFlow.h"
#include "model/torch/weights.h"
#include "model/training.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

namespace surrogate
{
namespace
{

using testing::pointGeometry;
using testing::pointGrid;
using testing::pointManifest;
using testing::pointState;
using torch::Tensor;
using Entries = std::vector<std::pair<std::string, Settings::Value>>;

//- A small network's options; later entries replace earlier ones
Settings small(const Entries& more = {})
{
    Settings s("networkCoeffs");
    s.set("width", 24L);
    s.set("heads", 2L);
    s.set("blocks", 2L);
    s.set("supernodes", 30L);
    for (const auto& [keyword, value] : more) s.set(keyword, value);
    return s;
}

std::shared_ptr<const PointSet> pointSet(int dimensions, int n, bool periodic = false, unsigned seed = 1)
{
    return std::make_shared<PointSet>(PointSet{pointGrid(dimensions, n, periodic), *pointGeometry(dimensions, n, seed)->points});
}

NetworkShape shapeOf(const PointSet& points, int inputs = 2, int outputs = 1)
{
    NetworkShape shape;
    shape.grid = points.grid;
    shape.inputs = inputs;
    shape.outputs = outputs;
    return shape;
}

//- Random weights everywhere, biases included
std::shared_ptr<Upt> shaken(const NetworkShape& shape, const Settings& settings)
{
    torch::manual_seed(3);
    auto network = std::make_shared<Upt>(shape, settings);
    torch::NoGradGuard noGradient;
    for (auto& p : network->parameters()) p.add_(0.1*torch::randn_like(p));
    return network;
}

Tensor random(const PointSet& points, int n, int channels, torch::ScalarType type = torch::kDouble)
{
    return torch::randn({n, channels, 1, points.grid.cells[0]}, type);
}

//- The points in another order
std::shared_ptr<const PointSet> reordered(const PointSet& points, const Tensor& order)
{
    auto other = std::make_shared<PointSet>(points);
    const int d = points.grid.dimensions;
    for (std::size_t i = 0; i < points.grid.nCells(); ++i)
    {
        const auto from = std::size_t(order[std::int64_t(i)].item<std::int64_t>());
        for (int axis = 0; axis < d; ++axis) other->cells.centres[i*d + axis] = points.cells.centres[from*d + axis];
        other->cells.volumes[i] = points.cells.volumes[from];
        other->cells.boundaries[i] = points.cells.boundaries[from];
    }
    return other;
}

TEST(SparseSum, isTheMatrixAndItsTranspose)
{
    torch::manual_seed(1);
    std::vector<SparseSum::Entry> entries{{0, 3, 0.5}, {2, 0, -1}, {2, 4, 2}, {2, 1, 0.25}, {3, 3, 1}};   // row 1: none
    Tensor dense = torch::zeros({4, 5}, torch::kDouble);
    for (const auto& e : entries) dense[e.row][e.column] = e.weight;
    const SparseSum sum(4, 5, entries);

    Tensor x = torch::randn({3, 5, 6}, torch::kDouble).requires_grad_(), y = x.detach().clone().requires_grad_();
    const Tensor weights = torch::randn({3, 4, 6}, torch::kDouble);
    const Tensor a = sum(x), b = torch::matmul(dense, y);
    EXPECT_TRUE(torch::allclose(a, b, 1e-14, 1e-14));
    (a*weights).sum().backward();
    (b*weights).sum().backward();
    EXPECT_TRUE(torch::allclose(x.grad(), y.grad(), 1e-14, 1e-14));

    for (const auto type : {torch::kFloat, torch::kBFloat16})
    {
        const Tensor rounded = sum(x.detach().to(type));
        EXPECT_EQ(rounded.scalar_type(), type);
        EXPECT_TRUE(torch::allclose(rounded.to(torch::kDouble), b, 0.02, 0.02));
    }
    EXPECT_THROW(sum(torch::randn({3, 4, 6})), c10::Error);
}

TEST(PointGraph, connectsEachCellToItsNearestSupernodes)
{
    for (const bool periodic : {false, true})
    {
        const auto points = pointSet(2, 150, periodic);
        PointGraph::Options options;
        options.supernodes = 20;
        options.neighbours = 4;
        const PointGraph graph(*points, options);
        EXPECT_EQ(graph.supernodes, 20);

        const Tensor centres = torch::tensor(points->cells.centres, torch::kDouble).reshape({150, 2});
        Tensor between = centres.unsqueeze(1) - centres.index_select(0, graph.supernode).unsqueeze(0);
        if (periodic) between = between - 2*M_PI*torch::round(between/(2*M_PI));
        const auto [distances, order] = between.square().sum(-1).sort(1);
        EXPECT_TRUE(torch::equal(graph.nearest, order.narrow(1, 0, 4)));
        EXPECT_TRUE(torch::allclose(graph.offsets.square().sum(-1), distances.narrow(1, 0, 4)));

        EXPECT_TRUE(torch::allclose(graph.weights.sum(1), torch::ones({150}, torch::kDouble)));
        EXPECT_TRUE((graph.weights.diff(1, 1) <= 0).all().item<bool>());   // the nearer the more
        const Tensor ones = torch::ones({1, 600, 1}, torch::kDouble);
        EXPECT_TRUE(torch::allclose(graph.toSupernodes(ones), torch::ones({1, 20, 1}, torch::kDouble)));
    }
}

// Of some density in space, or of that of the cells: ten times as many on the side with ten times as many cells
TEST(PointGraph, drawsSupernodesAsTheCellsLieOrEvenly)
{
    PointSet points;
    points.grid = pointGrid(2, 440);
    const auto fill = [&](int n, double from, double to)
    {
        for (int i = 0; i < n; ++i)
        {
            for (int j = 0; j < 2*n; ++j)
            {
                points.cells.centres.push_back(from + (to - from)*(i + 0.5)/n);
                points.cells.centres.push_back(2*(to - from)*(j + 0.5)/(2*n));
                points.cells.volumes.push_back((to - from)*(to - from)/(n*n));
                points.cells.boundaries.push_back(0);
            }
        }
    };
    fill(14, 0, M_PI);        // 392 of small size
    fill(4, M_PI, 2*M_PI);    // 32
    points.grid.cells[0] = int(points.cells.volumes.size());
    const auto onTheFineSide = [&](double density)
    {
        PointGraph::Options options;
        options.supernodes = 40;
        options.density = density;
        return (PointGraph(points, options).supernode < 392).sum().item<std::int64_t>();
    };
    EXPECT_NEAR(onTheFineSide(0), 20, 5);
    EXPECT_GE(onTheFineSide(1), 34);
    EXPECT_GT(onTheFineSide(0.5), onTheFineSide(0));
    EXPECT_LT(onTheFineSide(0.5), onTheFineSide(1));
}

TEST(PointGraph, takesFewerCellsThanSupernodes)
{
    const auto points = pointSet(3, 5);
    const PointGraph graph(*points, {});
    EXPECT_EQ(graph.supernodes, 5);
    EXPECT_EQ(graph.neighbours, 3);
    const Tensor chosen = std::get<0>(graph.supernode.sort());
    EXPECT_TRUE(torch::equal(chosen, torch::arange(5, torch::kLong)));
}

TEST(PointWaves, goRoundPeriodicAxes)
{
    const PointWaves waves(20, 1, 5);
    const Tensor x = torch::rand({7, 2}, torch::kDouble), round = x + 2*M_PI;
    const Grid periodic = pointGrid(2, 7, true), open = pointGrid(2, 7);
    EXPECT_EQ(waves(x, open).sizes().vec(), (std::vector<std::int64_t>{7, 20}));
    EXPECT_TRUE(torch::allclose(waves(x, periodic), waves(round, periodic)));
    EXPECT_FALSE(torch::allclose(waves(x, open), waves(round, open)));
    // products of turned vectors depend on how far they are apart alone
    const Tensor q = torch::randn({1, 1, 1, 20}, torch::kDouble), k = torch::randn({1, 1, 1, 20}, torch::kDouble);
    const auto product = [&](double shift)
    {
        const Tensor at = x.narrow(0, 0, 1) + shift, other = x.narrow(0, 1, 1) + shift;
        return (RotaryPositions::apply(q, waves.turn(at, open))*RotaryPositions::apply(k, waves.turn(other, open))).sum();
    };
    EXPECT_NEAR(product(0).item<double>(), product(3.7).item<double>(), 1e-12);
}

const std::vector<Entries>& variants()
{
    static const std::vector<Entries> all
    {
        {}, {{"decoder", "nearest"}}, {{"decoder", "attention"}}, {{"latents", 6L}}, {{"neighbours", 1L}, {"hidden", 7L}}
    };
    return all;
}

TEST(Upt, runsInTwoAndThreeDimensions)
{
    for (const int dimensions : {1, 2, 3})
    {
        for (const bool periodic : {false, true})
        {
            for (const Entries& entries : variants())
            {
                const auto points = pointSet(dimensions, 100, periodic);
                auto network = shaken(shapeOf(*points, 3, 2), small(entries));
                network->setPoints(points);
                torch::NoGradGuard noGradient;
                const Tensor x = random(*points, 2, 3, torch::kFloat), latent = network->encode(x);
                EXPECT_EQ(latent.sizes().vec(), (std::vector<std::int64_t>{2, network->settings().get("latents", 0) ? 6 : 30, 24}));
                const Tensor out = network->forward(x);
                EXPECT_EQ(out.sizes().vec(), (std::vector<std::int64_t>{2, 2, 1, 100}));
                EXPECT_TRUE(torch::isfinite(out).all().item<bool>());
                EXPECT_GT(out.std().item<double>(), 1e-3);
                // each sample by itself
                EXPECT_TRUE(torch::allclose(network->forward(x.narrow(0, 1, 1)), out.narrow(0, 1, 1), 1e-4, 1e-5));
            }
        }
    }
}

// Every cell is heard, and hears: a change anywhere changes the output far away
TEST(Upt, letsEveryCellHearEveryOther)
{
    const auto points = pointSet(2, 200);
    auto network = shaken(shapeOf(*points), small());
    network->to(torch::kDouble);
    network->setPoints(points);
    torch::NoGradGuard noGradient;
    const Tensor x = random(*points, 1, 2), before = network->forward(x);
    for (const int cell : {0, 77, 199})
    {
        Tensor other = x.clone();
        other[0][1][0][cell] += 1;
        const Tensor change = (network->forward(other) - before).abs();
        EXPECT_GT(change.min().item<double>(), 1e-10);
        EXPECT_EQ(change.argmax().item<std::int64_t>(), cell);   // and itself most
    }
}

TEST(Upt, doesNotDependOnTheOrderOfCells)
{
    torch::manual_seed(5);
    for (const Entries& entries : variants())
    {
        const auto points = pointSet(2, 160);
        auto network = shaken(shapeOf(*points), small(entries));
        network->to(torch::kDouble);
        torch::NoGradGuard noGradient;
        const Tensor x = random(*points, 2, 2), order = torch::randperm(160);
        network->setPoints(points);
        const Tensor expected = network->forward(x).index_select(3, order);
        network->setPoints(reordered(*points, order));
        EXPECT_TRUE(torch::allclose(network->forward(x.index_select(3, order)), expected, 1e-9, 1e-11));
    }
}

// Each cell cut into two halves, with its values: the same flow on a finer mesh has the same answer
TEST(Upt, doesNotDependOnTheNumberOfCells)
{
    for (const Entries& entries : variants())
    {
        const auto points = pointSet(2, 120);
        auto fine = std::make_shared<PointSet>(*points);
        fine->grid.cells[0] = 240;
        for (double& v : fine->cells.volumes) v /= 2;
        for (std::size_t i = 0; i < 240; ++i) fine->cells.centres.push_back(points->cells.centres[i] + (i%2 ? 0 : 1e-9));
        for (std::size_t i = 0; i < 120; ++i)
        {
            fine->cells.volumes.push_back(fine->cells.volumes[i]);
            fine->cells.boundaries.push_back(0);
        }
        auto network = shaken(shapeOf(*points), small(entries));
        network->to(torch::kDouble);
        torch::NoGradGuard noGradient;
        const Tensor x = random(*points, 1, 2);
        network->setPoints(points);
        const Tensor coarse = network->forward(x);
        network->setPoints(fine);
        const Tensor finer = network->forward(torch::cat({x, x}, 3));
        EXPECT_TRUE(torch::allclose(finer.narrow(3, 0, 120), coarse, 1e-5, 1e-6));
        EXPECT_TRUE(torch::allclose(finer.narrow(3, 120, 120), coarse, 1e-5, 1e-6));
        network->setPoints(points);   // back to a mesh that it knows
        EXPECT_TRUE(torch::equal(network->forward(x), coarse));
    }
}

TEST(Upt, hasTheGradientOfItsOutput)
{
    for (const Entries& entries : variants())
    {
        const auto points = pointSet(2, 60);
        auto network = shaken(shapeOf(*points), small(entries));
        network->to(torch::kDouble);
        network->setPoints(points);
        Tensor x = random(*points, 2, 2).requires_grad_();
        torch::manual_seed(7);
        const Tensor weights = random(*points, 2, 1);
        const auto loss = [&] { return (network->forward(x)*weights).sum(); };
        loss().backward();
        const auto check = [&](Tensor value, const std::string& name)
        {
            ASSERT_TRUE(value.grad().defined()) << name;
            const Tensor gradient = value.grad().clone();
            torch::NoGradGuard noGradient;
            const Tensor direction = torch::randn_like(value);
            constexpr double probe = 1e-6;
            value.add_(probe*direction);
            const double above = loss().item<double>();
            value.sub_(2*probe*direction);
            const double below = loss().item<double>();
            value.add_(probe*direction);
            const double expected = (gradient*direction).sum().item<double>();
            EXPECT_NEAR((above - below)/(2*probe), expected, 1e-5*std::abs(expected) + 1e-7) << name;
        };
        check(x, "x");
        for (const auto& p : network->named_parameters()) check(p.value(), p.key());
    }
}

// In bfloat16 the places are not rounded before their sines are taken
TEST(Upt, runsInBfloat16)
{
    const auto points = pointSet(2, 200);
    auto network = shaken(shapeOf(*points), small());
    network->setPoints(points);
    torch::NoGradGuard noGradient;
    const Tensor x = random(*points, 1, 2, torch::kFloat), exact = network->forward(x);
    const Tensor rounded = network->forward(x.to(torch::kBFloat16));
    EXPECT_EQ(rounded.scalar_type(), torch::kBFloat16);
    EXPECT_LT((rounded.to(torch::kFloat) - exact).abs().max().item<double>(), 0.1*exact.std().item<double>());
    EXPECT_TRUE(torch::equal(network->forward(x), exact));   // and back
}

TEST(Upt, keepsItsSettingsAndRefusesOthers)
{
    const auto points = pointSet(2, 100);
    for (const Entries& entries : variants())
    {
        Upt first(shapeOf(*points), small(entries));
        NetworkShape elsewhere = shapeOf(*points);   // the lengths are not the other mesh's
        elsewhere.grid.upper = {{100, 100, 1}};
        elsewhere.grid.cells[0] = 3;
        Upt second(elsewhere, first.settings());
        EXPECT_EQ(first.settings().all(), second.settings().all());
        EXPECT_EQ(first.nParameters(), second.nParameters());
    }
    EXPECT_NEAR(Upt(shapeOf(*points), small()).settings().get("longest", 0.0), 4*M_PI, 1e-12);
    EXPECT_NEAR(Upt(shapeOf(*points), small()).settings().get("shortest", 0.0), 0.4*M_PI, 1e-12);

    const auto refuses = [&](const std::string& keyword, const Settings::Value& value, const Entries& more = {})
    {
        Entries entries = more;
        entries.emplace_back(keyword, value);
        expectRefusal([&] { Upt(shapeOf(*points), small(entries)); }, {keyword});
    };
    refuses("widht", 3L);
    refuses("width", 25L);
    refuses("heads", 12L);
    refuses("heads", 0L);
    refuses("blocks", 0L);
    refuses("supernodes", 0L);
    refuses("neighbours", 0L);
    refuses("density", 1.5);
    refuses("waves", 0L);
    refuses("hidden", 0L);
    refuses("shortest", -1.0);
    refuses("longest", 0.1);
    refuses("mlpRatio", 0.0);
    refuses("layerScale", 0.0);
    refuses("decoder", "telepathy");
    refuses("decoder", "both", {{"latents", 4L}});
}

TEST(Upt, isForPointsAndNoOtherNetworkIs)
{
    const auto points = pointSet(2, 64);
    NetworkShape onLattice = shapeOf(*points);
    onLattice.grid.points = false;
    onLattice.grid.cells = {{8, 8, 1}};
    for (const std::string name : {"upt", "recurrUpt", "deqUpt"})
    {
        EXPECT_GT(makeNetwork(name, shapeOf(*points), small())->nParameters(), 0);
        expectRefusal([&] { makeNetwork(name, onLattice, small()); }, {"does not fit the grid", name, "uNet", "vit"});
    }
    for (const std::string name : {"uNet", "hineUNet", "fno", "vit", "recurrFno", "recurrVit", "deqFno", "deqVit"})
    {
        expectRefusal([&] { makeNetwork(name, shapeOf(*points), Settings("networkCoeffs")); },
            {"does not fit the grid", name, "cells of a mesh", "upt", "recurrUpt"});
    }
}

TEST(Upt, doesNotEvaluateWithoutItsPoints)
{
    const auto points = pointSet(2, 64);
    Upt network(shapeOf(*points), small());
    EXPECT_THROW(network.forward(random(*points, 1, 2, torch::kFloat)), c10::Error);
    EXPECT_THROW(network.setPoints(nullptr), c10::Error);
    network.setPoints(points);
    EXPECT_THROW(network.forward(torch::randn({1, 2, 1, 63})), c10::Error);
    EXPECT_THROW(network.tiling(), Error);
}

TEST(RecurrUpt, iteratesOnTheTokensOfAnyMesh)
{
    const auto points = pointSet(2, 90), other = pointSet(2, 50, false, 9);
    Settings settings = small({{"blocks", 1L}});
    settings.set("recurrence.iterations", 3L);
    const auto network = makeNetwork("recurrUpt", shapeOf(*points), settings);
    network->eval();
    torch::NoGradGuard noGradient;
    for (const auto& mesh : {points, other})
    {
        network->setPoints(mesh);
        for (const int iterations : {1, 6})
        {
            NetworkControls controls;
            controls.iterations = iterations;
            network->setControls(controls);
            network->begin(Noise());
            const Tensor out = network->forward(random(*mesh, 2, 2, torch::kFloat));
            EXPECT_EQ(out.size(3), mesh->grid.cells[0]);
            EXPECT_TRUE(torch::isfinite(out).all().item<bool>());
            ASSERT_EQ(network->convergence().size(), 2u);
            EXPECT_EQ(network->convergence()[0].iterations, iterations);
        }
    }
    settings.set("recurrence.merge", "concatenation");
    EXPECT_THROW(makeNetwork("recurrUpt", shapeOf(*points), settings), Error);
}

class PointModel : public ::testing::Test
{
protected:

    std::unique_ptr<Stepper> model(const Manifest& manifest = pointManifest())
    {
        writeUntrainedSurrogate(path, manifest, 1, 1);
        RuntimeOptions cpu;
        cpu.precision = "float32";
        return loadSurrogate(path, cpu);
    }

    Scratch folder;
    const std::string path = folder/"points.safetensors";
};

TEST_F(PointModel, isReadAsItWasWrittenAndStepsOnAnyMesh)
{
    const auto first = model();
    RuntimeOptions cpu;
    cpu.precision = "float32";
    const auto again = loadSurrogate(path, cpu);
    for (const int n : {400, 90})
    {
        const State start = pointState(pointGeometry(2, n));
        State a = start, b = start;
        first->advance(a, Noise());
        again->advance(b, Noise());
        EXPECT_EQ(a.values, b.values);
        EXPECT_NE(a.values, start.values);
        EXPECT_NEAR(a.time, 0.2, 1e-12);
        EXPECT_EQ(a.geometry, start.geometry);
    }
}

TEST_F(PointModel, seesWhatCellsTouchAndHowLargeTheyAre)
{
    const auto stepper = model();
    const auto geometry = pointGeometry(2, 80);
    const auto step = [&](const std::function<void(Geometry&)>& change)
    {
        auto other = std::make_shared<Geometry>(*geometry);
        change(*other);
        State state = pointState(geometry);
        state.geometry = other;
        stepper->advance(state, Noise());
        return state.values;
    };
    const auto as = step([](Geometry&) {});
    EXPECT_NE(step([](Geometry& g) { g.points->boundaries[5] = 2; }), as);
    EXPECT_NE(step([](Geometry& g) { g.distance[5] += 1; }), as);
    EXPECT_NE(step([](Geometry& g) { g.points->volumes[5] *= 2; }), as);
    EXPECT_NE(step([](Geometry& g) { g.points->centres[10] += 0.1; }), as);
    EXPECT_EQ(step([](Geometry&) {}), as);
}

TEST_F(PointModel, refusesStatesThatDoNotFit)
{
    const auto stepper = model();
    State without = pointState(pointGeometry(2, 80));
    without.geometry.reset();
    expectRefusal([&] { stepper->advance(without, Noise()); }, {"needs the geometry"});
    State solid = pointState(pointGeometry(3, 80));
    expectRefusal([&] { stepper->advance(solid, Noise()); }, {"grid is not the model's", "80 points"});

    std::vector<State> members{pointState(pointGeometry(2, 80)), pointState(pointGeometry(2, 80))};   // alike, in two places
    stepper->advance(members, Noise());
    EXPECT_EQ(members[0].values, members[1].values);
    members[1].geometry = pointGeometry(2, 80, 3);
    expectRefusal([&] { stepper->advance(members, Noise()); }, {"different points"});

    auto lattice = std::make_shared<Geometry>(*members[0].geometry);
    lattice->points.reset();
    members[0].geometry = lattice;
    EXPECT_THROW(stepper->advance(members[0], Noise()), Error);
    EXPECT_THROW(boxAverage(pointState(pointGeometry(2, 80)), 2, "test"), Error);
}

TEST_F(PointModel, isNotSharedInTilesNorADiffusionModel)
{
    Manifest manifest = pointManifest();
    writeUntrainedSurrogate(path, manifest, 1, 1);
    RuntimeOptions tiles;
    tiles.tiles = {2, 2};
    EXPECT_THROW(loadSurrogate(path, tiles), Error);
    manifest.method = "acdm";
    manifest.diffusion.set("levels", 4L);
    expectRefusal([&] { writeUntrainedSurrogate(path, manifest, 1, 1); }, {"A diffusion model needs a lattice"});
}

class UptTraining : public ::testing::Test
{
protected:

    void SetUp() override
    {
        const auto record = [this](const std::string& name, double start, int snapshots)
        {
            DatasetWriter::Info info;
            info.name = "waves";
            info.interval = 0.1;
            info.geometry = geometry;
            const State first = pointState(geometry, start);
            DatasetWriter writer(folder/name, first.grid, first.fields, info);
            for (int i = 0; i < snapshots; ++i) writer.append(pointState(geometry, start + 0.1*i));
        };
        record("train.h5", 0, 70);
        record("test.h5", 20, 30);
    }

    TrainingOptions options(const std::string& network) const
    {
        TrainingOptions options;
        options.model = folder/(network + ".safetensors");
        options.trainingData = {folder/"train.h5"};
        options.validationData = {folder/"test.h5"};
        options.geometry = {"distance", "size", "boundary"};
        options.stride = 2;
        options.network = network;
        options.networkSettings = small({{"blocks", 1L}});
        options.iterations = 250;
        options.batch = 4;
        options.warmUp = 10;
        options.learningRate = 5e-3;
        options.ema = 0.9;
        options.validateEvery = 250;
        options.validationSteps = 3;
        options.checkpointEvery = 1e9;
        options.storage = "float32";
        options.runtime.precision = "float32";
        options.runtime.threads = 1;
        return options;
    }

    const std::shared_ptr<const Geometry> geometry = pointGeometry(2, 300);
    Scratch folder;
};

//- Mean over points, weighted by their volumes
double weightedMean(const Geometry& geometry, const std::function<double(std::size_t)>& f)
{
    double sum = 0, volume = 0;
    for (std::size_t i = 0; i < geometry.fluid.size(); ++i)
    {
        sum += geometry.points->volumes[i]*f(i);
        volume += geometry.points->volumes[i];
    }
    return sum/volume;
}

TEST_F(UptTraining, learnsAndWeighsByVolume)
{
    const State now = pointState(geometry, 21), next = pointState(geometry, 21.2);
    const auto error = [&](const State& state)
    {
        return std::sqrt(weightedMean(*geometry, [&](std::size_t i) { return std::pow(state.values[i] - next.values[i], 2); }));
    };
    for (const std::string network : {"upt", "recurrUpt"})
    {
        TrainingOptions training = options(network);
        if (network == "recurrUpt") training.networkSettings.set("recurrence.iterations", 2L);
        const Validation validation = train(training);
        const auto model = loadSurrogate(training.model, {});
        State state = now;
        model->advance(state, Noise());
        EXPECT_LT(error(state), 0.4*error(now)) << network;
        EXPECT_LT(validation.at("vrmse"), 0.4*error(now)/0.6) << network;

        // Statistics of the training data: a mean over times and, by volume, over points
        double mean = 0, square = 0;
        for (int i = 0; i < 68; ++i)
        {
            const State at = pointState(geometry, 0.1*i);
            mean += weightedMean(*geometry, [&](std::size_t p) { return at.values[p]; })/68;
            square += weightedMean(*geometry, [&](std::size_t p) { return at.values[p]*at.values[p]; })/68;
        }
        EXPECT_NEAR(model->manifest().mean[0], mean, 2e-3);
        EXPECT_NEAR(model->manifest().stddev[0], std::sqrt(square - mean*mean), 2e-3);
        EXPECT_TRUE(model->manifest().grid.points);

        // On another mesh of the same box, too
        const auto other = pointGeometry(2, 450, 7);
        State elsewhere = pointState(other, 21);
        model->advance(elsewhere, Noise());
        const State truth = pointState(other, 21.2), before = pointState(other, 21);
        const auto far = [&](const State& a) { return vrmse(truth.values.data(), a.values.data(), 450); };
        EXPECT_LT(far(elsewhere), far(before)) << network;
    }
}

// The validation's VRMSE is that of fieldErrors with the cells' volumes, but for what makes the variance unbiased
TEST_F(UptTraining, validatesWithVolumes)
{
    TrainingOptions training = options("upt");
    training.iterations = 1;
    training.learningRate = 0;
    training.finalLearningRate = 0;
    const Validation validation = train(training);
    const auto model = loadSurrogate(training.model, {});
    double sum = 0;
    int n = 0;
    for (int i = 0; i + 2 < 30; ++i, ++n)
    {
        State state = pointState(geometry, 20 + 0.1*i);
        const State truth = pointState(geometry, 20 + 0.1*(i + 2));
        model->advance(state, Noise());
        Cells cells;
        cells.count = geometry->points->volumes.size();
        cells.volumes = geometry->points->volumes.data();
        sum += fieldErrors(cells, {truth.values.data()}, {state.values.data()}).vrmse;
    }
    EXPECT_NEAR(validation.at("vrmse"), sum/n, 0.02*sum/n);
}

TEST_F(UptTraining, refusesSymmetriesAndOtherPoints)
{
    TrainingOptions training = options("upt");
    training.symmetries = {"reflect x"};
    expectRefusal([&] { train(training); }, {"A symmetry needs a lattice"});
    training = options("upt");
    training.jacobianWeight = 0.1;
    expectRefusal([&] { train(training); }, {"jacobianWeight"});
    training = options("uNet");
    training.networkSettings = Settings("networkCoeffs");
    expectRefusal([&] { train(training); }, {"does not fit the grid", "recurrUpt"});

    DatasetWriter::Info info;
    info.interval = 0.1;
    const auto other = pointGeometry(2, 300, 4);
    info.geometry = other;
    const State first = pointState(other);
    {
        DatasetWriter writer(folder/"other.h5", first.grid, first.fields, info);
        for (int i = 0; i < 6; ++i) writer.append(pointState(other, 0.1*i));
    }
    training = options("upt");
    training.validationData = {folder/"other.h5"};
    expectRefusal([&] { train(training); }, {"different geometries"});
}

} // namespace
} // namespace surrogate
