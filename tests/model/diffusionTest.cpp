#include "model/corrector.h"
#include "model/surrogate.h"

#include "core/bundle.h"
#include "core/refusal.h"
#include "model/testModel.h"
#include "model/torch/diffusion/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace surrogate
{
namespace
{

using testing::smallManifest;
using testing::wavyState;

const std::vector<std::string> methods{"sns", "snsLagged", "thermalizer", "acdm", "cleanCondition", "pdeRefiner"};

RuntimeOptions onCpu()
{
    RuntimeOptions options;
    options.device = "cpu";
    options.precision = "float32";
    return options;
}

Manifest manifestOf(const std::string& method, const std::string& variables = "fields")
{
    Manifest manifest = smallManifest(variables);
    manifest.method = method;
    manifest.diffusion.set("schedule", method == "pdeRefiner" ? "exponential" : "cosine");
    manifest.diffusion.set("levels", method == "pdeRefiner" ? 4L : 20L);
    if (method == "snsLagged") manifest.diffusion.set("maxLag", 5L);
    manifest.networkSettings.set("headFeatures", 64L);
    if (method == "snsLagged" || (method != "sns" && method != "thermalizer"))
    {
        manifest.networkSettings.set("embeddings", std::vector<long>{8});
    }
    return manifest;
}

//- A model file; each head finds the level given for it, whatever it sees
std::string write(const Scratch& folder, const Manifest& manifest, double outputScale = 0, std::vector<int> levels = {})
{
    const std::string path = folder/(manifest.method + ".safetensors");
    writeUntrainedSurrogate(path, manifest, 1, outputScale);
    Bundle bundle = Bundle::read(path);
    for (std::size_t head = 0; head < levels.size(); ++head)
    {
        TensorData& bias = bundle.tensors.at("head" + std::to_string(head) + ".second.bias");
        const float much = 1000;
        std::memcpy(bias.bytes.data() + levels[head]*sizeof(float), &much, sizeof(float));
    }
    bundle.write(path);
    return path;
}

CorrectorOptions with(std::initializer_list<std::pair<const std::string, Settings::Value>> entries)
{
    Settings settings("correctorCoeffs");
    for (const auto& [keyword, value] : entries) settings.set(keyword, value);
    return CorrectorOptions::read(settings);
}

std::vector<State> wavyMembers(int n, double time = 0)
{
    std::vector<State> members;
    for (int i = 0; i < n; ++i)
    {
        members.push_back(wavyState(smallManifest().grid, time + i));
        members.back().time = time;
    }
    return members;
}

double largestDifference(const State& a, const State& b)
{
    double most = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) most = std::max(most, std::abs(a.values[i] - b.values[i]));
    return most;
}

// A network that finds no noise takes x to x/alpha at the clean level; so the corrector's whole path can be followed by hand
TEST(Corrector, takesTheStateFromTheLevelThatItsHeadFinds)
{
    Scratch folder;
    const auto corrector = loadCorrector(write(folder, manifestOf("thermalizer"), 0, {7}), onCpu(),
        with({{"renoise", false}, {"sampler", "ddim"}, {"evaluations", 3L}}));
    std::vector<State> members = wavyMembers(2);
    const std::vector<State> before = members;
    const auto refinements = corrector->correct(members, {}, Noise(1));

    const double alpha = Schedule::make("cosine", 20).alpha(7);
    for (std::size_t m = 0; m < 2; ++m)
    {
        EXPECT_TRUE(refinements[m].active);
        EXPECT_EQ(refinements[m].level, 7);
        EXPECT_EQ(refinements[m].evaluations, 4);
        for (std::size_t i = 0; i < before[m].values.size(); ++i)
        {
            ASSERT_NEAR(members[m].values[i], before[m].values[i]/alpha, 2e-5);
        }
        EXPECT_EQ(members[m].time, before[m].time);
    }
}

TEST(Corrector, leavesAloneWhatItDoesNotFindNoisy)
{
    Scratch folder;
    const std::string path = write(folder, manifestOf("sns", "vorticity"), 1, {2, 3});
    const auto corrector = loadCorrector(path, onCpu(), with({{"activation", 3.0}}));
    std::vector<State> members = wavyMembers(1, 0.2);
    const std::vector<State> before = members, previous = wavyMembers(1);
    EXPECT_FALSE(corrector->correct(members, previous, Noise(1))[0].active);
    EXPECT_EQ(members[0].values, before[0].values);   // to the last bit

    corrector->setOptions(with({{"activation", 2.0}}));
    const Refinement r = corrector->correct(members, previous, Noise(1))[0];
    EXPECT_TRUE(r.active);
    EXPECT_EQ(r.conditionLevel, 2);
    EXPECT_EQ(r.level, 3);
    EXPECT_NE(members[0].values, before[0].values);
    EXPECT_EQ(corrector->estimate(before, previous)[0].level, 3);
}

// A frame whose level is 0 counts as clean: with all at 0 nothing changes even when asked for
TEST(Corrector, addsNoNoiseAtLevelZero)
{
    Scratch folder;
    const auto corrector = loadCorrector(write(folder, manifestOf("sns"), 1, {0, 0}), onCpu(), with({{"activation", -1.0}}));
    std::vector<State> members = wavyMembers(1, 0.2);
    const std::vector<State> before = members;
    const Refinement r = corrector->correct(members, wavyMembers(1), Noise(1))[0];
    EXPECT_TRUE(r.active);
    EXPECT_EQ(r.evaluations, 1);
    EXPECT_LT(largestDifference(members[0], before[0]), 1e-6);
}

// Along each path the state comes down from its level; how often the network is asked differs
TEST(Corrector, followsEachPath)
{
    Scratch folder;
    const std::string path = write(folder, manifestOf("sns"), 0, {4, 9});
    const std::map<std::string, int> evaluations{{"A", 4}, {"B", 4}, {"C", 4}, {"currentOnly", 2}};
    for (const auto& [name, expected] : evaluations)
    {
        const auto corrector = loadCorrector(path, onCpu(),
            with({{"path", name}, {"renoise", false}, {"sampler", "ddim"}, {"evaluations", 2L}}));
        std::vector<State> members = wavyMembers(1, 0.2);
        const State before = members[0];
        const Refinement r = corrector->correct(members, wavyMembers(1), Noise(1))[0];
        EXPECT_EQ(r.evaluations, 1 + expected) << name;
        const double alpha = Schedule::make("cosine", 20).alpha(9);
        EXPECT_NEAR(members[0].values[5], before.values[5]/alpha, 1e-4) << name;
    }
}

TEST(Corrector, givesEachMemberWhatItWouldGetAlone)
{
    Scratch folder;
    for (const std::string& method : methods)
    {
        const bool heads = method == "sns" || method == "snsLagged" || method == "thermalizer";
        const std::string path = write(folder, manifestOf(method, "vorticity"), 1,
            method == "thermalizer" ? std::vector<int>{6} : heads ? std::vector<int>{3, 6} : std::vector<int>{});
        for (const char* sampler : {"ddpm", "dpmSolverPP"})
        {
            const CorrectorOptions options = with({{"sampler", sampler}, {"evaluations", 2L}});
            const auto together = loadCorrector(path, onCpu(), options);
            const bool reads = together->lag() > 0;
            std::vector<State> members = wavyMembers(3, 0.2);
            const std::vector<State> before = members, previous = reads ? wavyMembers(3) : std::vector<State>();
            together->correct(members, previous, Noise(5, 7));

            // a batch in which the others are other states
            std::vector<State> others = before;
            others[0] = others[2];
            const auto again = loadCorrector(path, onCpu(), options);
            again->correct(others, previous, Noise(5, 7));
            EXPECT_LT(largestDifference(members[1], others[1]), 1e-5) << method;
            EXPECT_GT(largestDifference(members[1], before[1]), 1e-4) << method;
        }
    }
}

// Heads that find nothing do not see that the state jumps: the size of the jump does, also in a step of rest
TEST(Corrector, takesAnExcessiveChangeForNoise)
{
    Scratch folder;
    const std::string path = write(folder, manifestOf("sns"), 0, {0, 0});
    const auto corrector = loadCorrector(path, onCpu(), with({{"maxChange", 2.0}, {"every", 4L}, {"renoise", false}}));
    const auto change = [&](double by, std::uint32_t timeIndex)
    {
        std::vector<State> members = wavyMembers(1), previous = members;
        for (double& value : members[0].values) value += by;
        return corrector->correct(members, previous, Noise(1, timeIndex))[0];
    };
    // the manifest's increments have a standard deviation of 0.1
    EXPECT_FALSE(change(0.15, 4).active);
    EXPECT_FALSE(change(0.15, 5).active);
    const Refinement r = change(0.5, 5);
    EXPECT_TRUE(r.active);
    const double expected = Schedule::make("cosine", 20).levelAtLambda(-std::log(std::sqrt(24.0)*0.1));
    EXPECT_NEAR(r.level, expected, 0.5001);
    EXPECT_EQ(r.conditionLevel, r.level);
    expectRefusal([&] { corrector->setOptions(with({{"maxChange", 0.5}})); }, {"entry maxChange", "1 or more"});
    expectRefusal([&] { loadCorrector(write(folder, manifestOf("thermalizer")), onCpu(), with({{"maxChange", 2.0}})); },
        {"maxChange", "thermalizer"});
}

TEST(Corrector, estimatesTheLevelAfterwardsWhereAsked)
{
    Scratch folder;
    const auto corrector = loadCorrector(write(folder, manifestOf("sns"), 0, {4, 9}), onCpu(), with({{"measureAfter", true}}));
    std::vector<State> members = wavyMembers(1, 0.2);
    EXPECT_EQ(corrector->correct(members, wavyMembers(1), Noise(1))[0].levelAfter, 9);
}

TEST(Corrector, stopsAboveTheCleanLevelWhereAsked)
{
    Scratch folder;
    const auto corrector = loadCorrector(write(folder, manifestOf("thermalizer"), 0, {9}), onCpu(),
        with({{"renoise", false}, {"stopLevel", 3.0}, {"sampler", "ddim"}, {"evaluations", 2L}}));
    std::vector<State> members = wavyMembers(1);
    const State before = members[0];
    corrector->correct(members, {}, Noise(1));
    // down to level 3 and to its own scale: x alpha_3/alpha_9/alpha_3
    EXPECT_NEAR(members[0].values[5], before.values[5]/Schedule::make("cosine", 20).alpha(9), 1e-4);
}

TEST(Corrector, addsNoNoiseThatItWouldNotRemove)
{
    Scratch folder;
    const auto corrector = loadCorrector(write(folder, manifestOf("thermalizer"), 0, {3}), onCpu(), with({{"stopLevel", 3.0}}));
    std::vector<State> members = wavyMembers(1);
    const std::vector<double> before = members[0].values;
    EXPECT_FALSE(corrector->correct(members, {}, Noise(1))[0].active);
    EXPECT_EQ(members[0].values, before);
}

TEST(Corrector, countsLowerEstimatesAsTheLeastLevel)
{
    Scratch folder;
    const auto corrector = loadCorrector(write(folder, manifestOf("thermalizer"), 0, {0}), onCpu(),
        with({{"renoise", false}, {"minLevel", 7.0}, {"sampler", "ddim"}}));
    std::vector<State> members = wavyMembers(1);
    const std::vector<double> before = members[0].values;
    const Refinement refinement = corrector->correct(members, {}, Noise(1))[0];
    EXPECT_TRUE(refinement.active);
    EXPECT_EQ(refinement.level, 0);
    EXPECT_NEAR(members[0].values[5], before[5]/Schedule::make("cosine", 20).alpha(7), 1e-4);

    corrector->setOptions(with({{"minLevel", 7.0}, {"activation", 7.0}}));
    members[0].values = before;
    EXPECT_FALSE(corrector->correct(members, {}, Noise(1))[0].active);
    EXPECT_EQ(members[0].values, before);
}

TEST(Corrector, refusesWhatDoesNotFit)
{
    Scratch folder;
    const std::string sns = write(folder, manifestOf("sns"), 0, {4, 9});
    const std::string thermalizer = write(folder, manifestOf("thermalizer"), 0, {9});
    writeUntrainedSurrogate(folder/"emulator.safetensors", smallManifest(), 1);

    expectRefusal([&] { loadCorrector(folder/"emulator.safetensors", onCpu(), {}); }, {"not a corrector", "emulator", "sns"});
    expectRefusal([&] { loadSurrogate(thermalizer, onCpu()); }, {"takes no time steps", "thermalizer"});
    expectRefusal([&] { loadCorrector(sns, onCpu(), with({{"stopLevel", 3.0}})); }, {"Only a thermalizer", "stopLevel", "sns"});
    expectRefusal([&] { loadCorrector(sns, onCpu(), with({{"level", 20.0}})); }, {"entry level", "at most 19"});
    expectRefusal([&] { loadCorrector(sns, onCpu(), with({{"sampler", "euler"}})); }, {"sampler", "euler", "dpmSolverPP"});
    expectRefusal([&] { loadCorrector(sns, onCpu(), with({{"sampler", "dpmSolverV3"}})); }, {"surrogateStatistics"});
    expectRefusal([&] { with({{"path", "D"}}); }, {"entry path", "currentOnly"});
    expectRefusal([&] { loadCorrector(sns, onCpu(), with({{"minLevel", 20.0}})); }, {"entry minLevel", "at most 19"});
    Manifest withoutLag = manifestOf("snsLagged");
    withoutLag.diffusion.set("maxLag", 0L);
    expectRefusal([&] { write(folder, withoutLag); }, {"longest lag", "diffusion.maxLag", "1 or more"});

    const auto guarded = loadCorrector(thermalizer, onCpu(), with({{"safeguard", 8.0}}));
    std::vector<State> members = wavyMembers(1);
    const std::vector<State> before = members;
    expectRefusal([&] { guarded->correct(members, {}, Noise(1)); }, {"entry safeguard", "9"});
    EXPECT_EQ(members[0].values, before[0].values);
    expectRefusal([&] { loadCorrector(sns, onCpu(), {})->correct(members, {}, Noise(1)); }, {"the states before"});

    Manifest slower = manifestOf("sns");
    slower.timeStep = 0.4;
    const std::string other = write(folder, slower);
    writeUntrainedSurrogate(folder/"fields.safetensors", smallManifest("fields"), 1);
    expectRefusal([&] { withCorrector(loadSurrogate(folder/"fields.safetensors", onCpu()), loadCorrector(other, onCpu(), {})); },
        {"time step", "0.2", "0.4"});
    Manifest finer = smallManifest("fields");
    finer.grid.cells = {{32, 32, 1}};
    writeUntrainedSurrogate(folder/"finer.safetensors", finer, 1);
    expectRefusal([&] { withCorrector(loadSurrogate(folder/"finer.safetensors", onCpu()), loadCorrector(sns, onCpu(), {})); },
        {"the model's grid", "32", "16"});
    Manifest momentum = smallManifest("fields");
    momentum.fields = FieldList({Field{"U", 2, {{1, -2, -1, 0, 0, 0, 0}}}});
    writeUntrainedSurrogate(folder/"momentum.safetensors", momentum, 1);
    expectRefusal([&] { withCorrector(loadSurrogate(folder/"momentum.safetensors", onCpu()), loadCorrector(sns, onCpu(), {})); },
        {"the model's fields", "U 2 [1 -2 -1", "U 2 [0 1 -1"});
}

// --- as Steppers -------------------------------------------------------------------------------------------------------------

TEST(DiffusionStepper, drawsTheNextStateFromItsOwnNumbers)
{
    Scratch folder;
    for (const std::string& method : methods)
    {
        if (method == "thermalizer") continue;
        const std::string path = write(folder, manifestOf(method, "vorticity"), 1);
        for (const char* way : {"A", "C"})
        {
            const CorrectorOptions sampling = with({{"path", way}, {"evaluations", 4L}});
            const auto draw = [&](int n, const Noise& noise)
            {
                std::vector<State> members(n, wavyMembers(1)[0]);
                loadSurrogate(path, onCpu(), sampling)->advance(members, noise);
                return members;
            };
            const auto members = draw(3, Noise(3, 4));
            EXPECT_NEAR(members[0].time, 0.2, 1e-12);
            EXPECT_GT(largestDifference(members[0], members[1]), 1e-3) << method << ": members are alike";
            EXPECT_LT(largestDifference(members[0], draw(1, Noise(3, 4))[0]), 1e-4) << method;
            EXPECT_GT(largestDifference(members[0], draw(1, Noise(3, 5))[0]), 1e-3) << method << ": times are alike";
        }
    }
}

TEST(DiffusionStepper, countsItsEvaluations)
{
    Scratch folder;
    std::vector<State> members = wavyMembers(1);
    const auto acdm = loadSurrogate(write(folder, manifestOf("acdm")), onCpu(), with({{"sampler", "ddpm"}}));
    acdm->advance(members, Noise(1));
    EXPECT_EQ(acdm->refinements()[0].evaluations, 20);
    const auto refiner = loadSurrogate(write(folder, manifestOf("pdeRefiner")), onCpu());
    refiner->advance(members, Noise(1));
    EXPECT_EQ(refiner->refinements()[0].evaluations, 4);   // one prediction, three refinements
}

// --- with memory -------------------------------------------------------------------------------------------------------------

// Stopped, and gone on with from its memory, a run gives the same bits
TEST(CorrectedStepper, countsTheEvaluationsOfBoth)
{
    Scratch folder;
    const std::string acdm = write(folder, manifestOf("acdm")), sns = write(folder, manifestOf("sns"), 0, {4, 9});
    const auto both = withCorrector(loadSurrogate(acdm, onCpu(), with({{"evaluations", 6L}})),
        loadCorrector(sns, onCpu(), with({{"evaluations", 2L}, {"every", 2L}})));
    std::vector<State> members = wavyMembers(2);
    both->advance(members, Noise(1, 2));
    EXPECT_EQ(both->refinements()[1].evaluations, 6 + 1 + 2*2);
    EXPECT_EQ(both->refinements()[1].level, 9);
    both->advance(members, Noise(1, 3));
    EXPECT_EQ(both->refinements()[1].evaluations, 6);
    EXPECT_EQ(both->refinements()[1].level, -1);
}

TEST(CorrectedStepper, goesOnFromItsMemory)
{
    Scratch folder;
    writeUntrainedSurrogate(folder/"m.safetensors", smallManifest(), 1, 1.0);
    for (const std::string method : {"sns", "snsLagged"})
    {
        const std::string path = write(folder, manifestOf(method, "vorticity"), 1, {3, 6});
        const auto make = [&]
        {
            return withCorrector(loadSurrogate(folder/"m.safetensors", onCpu()), loadCorrector(path, onCpu(), {}));
        };
        const auto run = [&](Stepper& stepper, std::vector<State>& members, int from, int to)
        {
            for (int i = from; i < to; ++i) stepper.advance(members, Noise(1, i));
        };
        std::vector<State> whole = wavyMembers(2), parts = whole;
        const auto stepper = make(), first = make(), second = make();
        run(*stepper, whole, 0, 8);
        run(*first, parts, 0, 4);
        EXPECT_FALSE(first->memory().empty()) << method;
        second->setMemory(first->memory());
        run(*second, parts, 4, 8);
        EXPECT_EQ(whole[1].values, parts[1].values) << method;
        EXPECT_EQ(stepper->refinements().size(), 2u);

        // and without its memory it would not
        std::vector<State> forgetful = wavyMembers(2);
        const auto third = make(), fourth = make();
        run(*third, forgetful, 0, 4);
        run(*fourth, forgetful, 4, 8);
        EXPECT_NE(whole[1].values, forgetful[1].values) << method;
    }
}

// Roll and anchor: a state found good long enough after the last anchor is the next one
TEST(Corrector, renewsItsAnchors)
{
    Scratch folder;
    const auto corrector = loadCorrector(write(folder, manifestOf("snsLagged"), 0, {0, 0}), onCpu(), {});
    std::vector<double> anchors;
    for (int i = 1; i <= 12; ++i)
    {
        std::vector<State> members = wavyMembers(1, 0.2*i);
        corrector->correct(members, wavyMembers(1, 0.2*(i - 1)), Noise(1, i));
        anchors.push_back(corrector->memory().at("anchor")[0].time);
    }
    EXPECT_NEAR(anchors[3], 0, 1e-9);
    EXPECT_NEAR(anchors[5], 1.0, 1e-9);    // maxLag 5: 5 steps of 0.2 after 0
    EXPECT_NEAR(anchors[11], 2.0, 1e-9);
}

} // namespace
} // namespace surrogate
