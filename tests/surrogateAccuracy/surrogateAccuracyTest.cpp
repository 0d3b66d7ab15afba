#include "accuracy.h"

#include "core/commandOutput.h"
#include "core/refusal.h"
#include "core/scratch.h"
#include "dataset/datasetWriter.h"
#include "model/surrogate.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>

using namespace surrogate;

namespace
{

constexpr double pi = 3.14159265358979323846, interval = 0.25, rate = 0.4;
constexpr int cells = 48, snapshots = 9, lines = 2;

Manifest lineManifest(const std::string& network = "fno")
{
    Manifest manifest;
    manifest.method = "emulator";
    manifest.network = network;
    manifest.networkSettings.set("width", 4L);
    manifest.networkSettings.set("modes", std::vector<long>{4});
    manifest.networkSettings.set("layers", 1L);
    manifest.fields = FieldList({{"u", 1, {{0, 1, -1, 0, 0, 0, 0}}}, {"c", 1, {{0, 0, 0, 0, 0, 0, 0}}}});
    manifest.grid.dimensions = 1;
    manifest.grid.cells = {{cells, 1, 1}};
    manifest.grid.upper = {{2*pi, 1, 1}};
    manifest.grid.periodic = {{true, false, false}};
    manifest.variables = "fields";
    manifest.variableNames = {"u", "c"};
    manifest.mean = {0, 0};
    manifest.stddev = {1, 1};
    manifest.incrementStddev = {0.1, 0.1};
    manifest.timeStep = 2*interval;
    return manifest;
}

//- Both fields decay, c from ten times as much
State wave(double time, int line)
{
    const Manifest manifest = lineManifest();
    State state(manifest.grid, manifest.fields, time);
    for (int x = 0; x < cells; ++x)
    {
        const double u = std::exp(-rate*time)*std::sin((line + 1)*(x + 0.5)*manifest.grid.spacing(0));
        state.channel(0)[x] = u;
        state.channel(1)[x] = 10*u;
    }
    return state;
}

//- u <- factor u. Counts its iterations as one more each step; fails above `limit`; remembers whether it was told to forget.
class Decay : public Stepper
{
public:

    explicit Decay(double factor, double limit = 1e300) : manifest_(lineManifest()), factor_(factor), limit_(limit) {}

    void advance(std::vector<State>& members, const Noise&) override
    {
        ++step;
        for (State& member : members)
        {
            for (double& value : member.values) value = factor_*value + offset;
            if (std::abs(member.values[0]) > limit_) throw Error({"Too large", "Decay", "less", "more", {}});
            member.time += manifest_.timeStep;
        }
        convergence_.assign(members.size(), Convergence{"Decay", 1, 0, step});
    }

    const Manifest& manifest() const override { return manifest_; }
    std::string runtime() const override { return "decay"; }
    std::vector<Convergence> convergence() const override { return convergence_; }
    void setMemory(const Memory& memory) override { if (memory.empty()) step = 0; }

    int step = 0;
    double offset = 0;   //!< added to all values in each step

private:

    Manifest manifest_;
    double factor_, limit_;
    std::vector<Convergence> convergence_;
};

class SurrogateAccuracyTest : public testing::Test
{
protected:

    SurrogateAccuracyTest()
    {
        const Manifest manifest = lineManifest();
        DatasetWriter::Info info;
        info.name = "waves";
        info.interval = interval;
        info.trajectories = lines;
        DatasetWriter writer(scratch_/"waves.h5", manifest.grid, manifest.fields, info);
        for (int i = 0; i < snapshots; ++i) writer.append({wave(i*interval, 0), wave(i*interval, 1)});

        AccuracyCurve curve;
        curve.name = "decay";
        curve.models = {"decay"};
        curve.values = {0};
        options_.reference = {scratch_/"waves.h5"};
        options_.steps = 3;
        options_.horizons = {1, 3};
        options_.curves = {curve};
        options_.output = scratch_/"accuracy";
    }

    ForecastErrors run(Stepper& stepper) { return forecast(stepper, Reference(options_, stepper.manifest()), options_); }

    Scratch scratch_;
    AccuracyOptions options_;
};

} // namespace

TEST_F(SurrogateAccuracyTest, errorsAreThoseOfTheFormulas)
{
    options_.starts = 2;   // at snapshots 0 and 1, of room for 9 - 6
    const double factor = 0.9, truth = std::exp(-rate*2*interval);
    Decay decay(factor);
    const ForecastErrors errors = run(decay);

    // sines of amplitude a have the mean square a^2/2; both fields are alike by their own variance
    double variance = 0;
    for (const int start : {0, 1})
    {
        for (int step = 0; step <= 3; ++step) variance += std::exp(-2*rate*(start + 2*step)*interval)/8;
    }
    variance /= 2;
    for (int step = 1; step <= 3; ++step)
    {
        const double difference = std::pow(factor, step) - std::pow(truth, step), unbiased = std::sqrt((cells - 1.0)/cells);
        double error = 0;
        for (const int start : {0, 1}) error += std::exp(-2*rate*start*interval)*difference*difference/variance/4;
        EXPECT_NEAR(errors.error[step - 1], error, 1e-5*error) << step;
        EXPECT_NEAR(errors.vrmse[step - 1], unbiased*difference/std::pow(truth, step), 1e-5) << step;
    }
    EXPECT_NEAR(errors.trajectoryError, (errors.error[0] + errors.error[1] + errors.error[2])/3, 1e-12);
    ASSERT_EQ(errors.ofStarts.size(), 4u);
    EXPECT_NEAR((errors.ofStarts[0] + errors.ofStarts[1] + errors.ofStarts[2] + errors.ofStarts[3])/4, errors.trajectoryError, 1e-12);
    EXPECT_NEAR(errors.horizon, 3*2*interval, 1e-12);   // always correlated
    EXPECT_NEAR(errors.iterations.value(), 2, 1e-12);
    EXPECT_GT(errors.timePerStep, 0);

    // the last step's error is a sine of 1 or of 2 periods
    EXPECT_GT(errors.power[1], 0);
    EXPECT_GT(errors.power[2], 0);
    const double total = errors.power[1] + errors.power[2] + errors.power[cells - 1] + errors.power[cells - 2];
    EXPECT_NEAR(total, errors.error[2], 1e-5*errors.error[2]);
}

TEST_F(SurrogateAccuracyTest, batchesChangeNothing)
{
    Decay decay(0.9);
    const ForecastErrors whole = run(decay);
    options_.batch = 1;
    const ForecastErrors parts = run(decay);
    EXPECT_NEAR(whole.trajectoryError, parts.trajectoryError, 1e-14);
    EXPECT_EQ(whole.ofStarts, parts.ofStarts);
    EXPECT_EQ(parts.iterations, whole.iterations);   // the memory of one batch is not the next one's
}

// The waves' means are zero: where they are kept, what a model adds to them is gone; fields that are not named keep it
TEST_F(SurrogateAccuracyTest, conservesTheMeanOfFields)
{
    Decay decay(0.9), drifting(0.9);
    const ForecastErrors still = run(decay);
    drifting.offset = 0.1;
    const ForecastErrors drifted = run(drifting);
    options_.conserve = {"c", "u"};
    const ForecastErrors both = run(drifting);
    options_.conserve = {"u"};
    const ForecastErrors one = run(drifting);
    for (std::size_t i = 0; i < 3; ++i)
    {
        EXPECT_NEAR(both.error[i], still.error[i], 1e-10*still.error[i]) << i;
        EXPECT_GT(one.error[i], 1.0001*still.error[i]) << i;
        EXPECT_GT(drifted.error[i], 2*one.error[i]) << i;
    }

    options_.conserve = {"v"};
    expectRefusal([&] { run(drifting); }, {"There is no such field to conserve", "v", "u"});
}

TEST_F(SurrogateAccuracyTest, correlationEndsWhereSignsDiffer)
{
    Decay decay(-1);
    EXPECT_EQ(run(decay).horizon, 0);
}

TEST_F(SurrogateAccuracyTest, aForecastThatFailsHasAnInfiniteError)
{
    Decay decay(10, 50);
    const ForecastErrors errors = run(decay);
    EXPECT_TRUE(std::isfinite(errors.error[0]));
    EXPECT_TRUE(std::isinf(errors.error[2]));
    EXPECT_TRUE(std::isinf(errors.trajectoryError));
    EXPECT_NE(errors.failure.find("step 3"), std::string::npos) << errors.failure;
    EXPECT_TRUE(errors.power.empty());
    Decay atOnce(10, 0.1);
    expectRefusal([&] { run(atOnce); }, {"Too large"});
}

TEST_F(SurrogateAccuracyTest, refusesReferencesThatDoNotFit)
{
    Decay decay(0.9);
    options_.steps = 5;
    expectRefusal([&] { run(decay); }, {"too few snapshots", "waves.h5", "11 or more", "9"});
    options_.steps = 1;
    Manifest manifest = lineManifest();
    manifest.timeStep = 0.3;
    expectRefusal([&] { Reference(options_, manifest); }, {"not at the model's times", "0.3"});
    manifest = lineManifest();
    manifest.grid.cells[0] = 24;
    expectRefusal([&] { Reference(options_, manifest); }, {"not on the model's grid", "24 cells", "48 cells"});
    manifest = lineManifest();
    manifest.grid.points = true;
    expectRefusal([&] { Reference(options_, manifest); }, {"surrogateAccuracy", "decay"});
    manifest = lineManifest();
    manifest.timeStep *= 2;
    expectRefusal([&] { Reference(options_, lineManifest()).requireSame(manifest, "other"); }, {"time steps", "other", "as decay"});
}

TEST_F(SurrogateAccuracyTest, modelsAndKnobsGiveAReport)
{
    for (const int seed : {1, 2}) writeUntrainedSurrogate(scratch_/("m" + std::to_string(seed)), lineManifest("recurrFno"), seed, 0.3);
    writeUntrainedSurrogate(scratch_/"plain", lineManifest(), 3, 0.3);
    Settings s("accuracyDict");
    s.set("reference", std::vector<std::string>{scratch_/"waves.h5"});
    s.set("steps", 3L);
    s.set("latticePatch", 8L);
    s.set("output", scratch_/"accuracy");
    s.set("curves.recurrent.models", std::vector<std::string>{scratch_/"m1", scratch_/"m2"});
    s.set("curves.recurrent.knob", "iterations");
    s.set("curves.recurrent.values", std::vector<long>{4, 1});
    s.set("curves.plain.models", std::vector<std::string>{scratch_/"plain"});
    const AccuracyOptions options = AccuracyOptions::read(s);
    const AccuracyResult result = measureAccuracy(options);
    ASSERT_EQ(result.curves.size(), 2u);
    const auto& recurrent = result.curves[1];
    EXPECT_EQ(recurrent.name, "recurrent");
    ASSERT_EQ(recurrent.points.size(), 2u);
    EXPECT_EQ(recurrent.points[0].iterations.value(), 1);
    EXPECT_EQ(recurrent.points[1].iterations.value(), 4);
    const auto& models = recurrent.points[0].models;
    const double a = models[0].trajectoryError, b = models[1].trajectoryError;
    EXPECT_NEAR(recurrent.points[0].error.mean, (a + b)/2, 1e-12*a);
    EXPECT_NEAR(recurrent.points[0].error.stderror, std::abs(a - b)/2, 1e-12*a);
    EXPECT_GT(std::abs(a - b), 0);

    reportAccuracy(options, result, "repeat me");
    std::ifstream file(scratch_/"accuracy/summary.json");
    const nlohmann::json summary = nlohmann::json::parse(file);
    EXPECT_EQ(summary["curves"][1]["points"][1]["iterations"], 4);
    EXPECT_EQ(summary["curves"][0]["parameters"], result.curves[0].parameters);
    EXPECT_TRUE(summary["curves"][0]["points"][0]["latticePeaks"].is_number());
    for (const char* name : {"errors.csv", "accuracy.png", "report.html"})
    {
        EXPECT_GT(std::filesystem::file_size(scratch_/("accuracy/" + std::string(name))), 100u) << name;
    }
    std::ifstream errors(scratch_/"accuracy/errors.csv");
    std::string line;
    std::getline(errors, line);
    EXPECT_EQ(line, "curve,knob,value,step,time,vrmse,error");
    double sum = 0;
    while (std::getline(errors, line))
    {
        if (line.rfind("plain,", 0) == 0) sum += std::stod(line.substr(line.find_last_of(',') + 1))/3;
    }
    const double expected = result.curves[0].points[0].error.mean;
    EXPECT_NEAR(sum, expected, 1e-5*expected);

    std::ifstream page(scratch_/"accuracy/report.html");
    const std::string text{std::istreambuf_iterator<char>(page), {}};
    EXPECT_NE(text.find("repeat me"), std::string::npos);
}

TEST(SurrogateAccuracyOptions, wrongEntriesAreNamed)
{
    Settings good("accuracyDict");
    good.set("reference", std::vector<std::string>{"a.h5"});
    good.set("steps", 3L);
    good.set("curves.one.models", std::vector<std::string>{"m"});
    EXPECT_EQ(AccuracyOptions::read(good).horizons, (std::vector<long>{1, 3}));
    const auto refused = [&](const std::string& keyword, const Settings::Value& value, const std::vector<std::string>& texts)
    {
        Settings bad = good;
        bad.set(keyword, value);
        expectRefusal([&] { AccuracyOptions::read(bad); }, texts);
    };
    refused("step", 3L, {"Unknown keyword", "step"});
    refused("curves.one.model", "m", {"Unknown keyword", "curves.one", "models"});
    refused("curves.one.knob", "depth", {"Unknown knob", "depth", "iterations", "patch"});
    refused("curves.one.knob", "iterations", {"values of iterations"});
    refused("curves.one.values", std::vector<long>{1}, {"a knob that they are of"});
    refused("horizons", std::vector<long>{4}, {"horizons", "from 1 to 3", "4"});
    refused("correlation", 1.5, {"correlation", "1.5"});
    refused("steps", 0L, {"steps", "1 or more"});
    refused("latticePatch", 1L, {"latticePatch"});
}

#ifdef SURROGATE_BASHRC

TEST_F(SurrogateAccuracyTest, theApplicationReadsItsDictionary)
{
    writeUntrainedSurrogate(scratch_/"plain", lineManifest(), 3, 0.3);
    std::filesystem::create_directories(scratch_/"case/system");
    std::ofstream(scratch_/"case/system/controlDict")
        << "FoamFile { version 2.0; format ascii; class dictionary; object controlDict; }\n"
        << "application none; startFrom startTime; startTime 0; stopAt endTime; endTime 1; deltaT 1; writeInterval 1;\n";
    const auto call = [&](const std::string& entries)
    {
        std::ofstream(scratch_/"case/system/surrogateAccuracyDict")
            << "FoamFile { version 2.0; format ascii; class dictionary; object surrogateAccuracyDict; }\n"
            << "reference (\"../waves.h5\"); steps 2; threads 1; curves { plain { models (\"../plain\"); " << entries << " } }\n";
        return runCommand("bash -c '. " SURROGATE_BASHRC "; cd " + scratch_/"case" + " && surrogateAccuracy'");
    };
    CommandOutput output = call("");
    ASSERT_EQ(output.status, 0) << output.text;
    EXPECT_NE(output.text.find("trajectory error"), std::string::npos) << output.text;
    EXPECT_TRUE(std::filesystem::exists(scratch_/"case/accuracy/report.html"));
    output = call("knob iterations; values (1 2);");
    EXPECT_EQ(output.status, 1);
    EXPECT_NE(output.text.find("iterations"), std::string::npos) << output.text;
}

#endif
