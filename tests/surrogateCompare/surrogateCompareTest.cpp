#include "core/commandOutput.h"
#include "core/metrics.h"
#include "core/noise.h"
#include "core/scratch.h"
#include "dataset/datasetReader.h"
#include "dataset/datasetWriter.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>

using namespace surrogate;

namespace
{

constexpr double pi = 3.14159265358979323846;
constexpr double interval = 0.5, shortEnd = 6, longEnd = 20;
using Json = nlohmann::json;

Grid boxGrid(int n)
{
    Grid grid;
    grid.dimensions = 2;
    grid.cells = {{n, n, 1}};
    grid.upper = {{2*pi, 2*pi, 1}};
    grid.periodic = {{true, true, false}};
    return grid;
}

//- Velocity of a stream function with random phases that move, all wave numbers up to 4, at the cell centres
State flow(const Grid& grid, double time, int seed)
{
    State state(grid, FieldList({{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}, {"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}}), time);
    const Noise noise{std::uint64_t(seed)};
    for (int kx = -4; kx <= 4; ++kx)
    {
        for (int ky = 0; ky <= 4; ++ky)
        {
            if (ky == 0 && kx <= 0) continue;
            const double square = kx*kx + ky*ky;
            const std::uint64_t mode = std::uint64_t(100*ky + kx + 50);
            const double phase = 2*pi*noise.uniform(0, mode) + 0.3*noise.normal(1, mode)*time;
            const double amplitude = (1 + 0.2*std::sin(0.7*time))/(square*std::sqrt(1 + square));
            for (int y = 0; y < grid.cells[1]; ++y)
            {
                for (int x = 0; x < grid.cells[0]; ++x)
                {
                    const double angle = kx*(x + 0.5)*grid.spacing(0) + ky*(y + 0.5)*grid.spacing(1) + phase;
                    state.channel(0)[grid.index(x, y)] -= amplitude*ky*std::sin(angle);
                    state.channel(1)[grid.index(x, y)] += amplitude*kx*std::sin(angle);
                }
            }
        }
    }
    return state;
}

using Change = std::function<void(State&)>;

void record(const std::string& path, const Grid& grid, double from, double to, int seed, const Change& change)
{
    DatasetWriter::Info info;
    info.name = "test";
    info.interval = interval;
    DatasetWriter writer(path, grid, flow(grid, 0, 0).fields, info);
    for (int i = 0; from + i*interval <= to + 1e-9; ++i)
    {
        State state = flow(grid, from + i*interval, seed);
        change(state);
        writer.append(state);
    }
}

Change scaled(double factor)
{
    return [factor](State& state) { for (double& value : state.values) value *= factor; };
}

//- Members differ in energy
double memberScale(int seed) { return 1 + 0.02*seed; }

class SurrogateCompareTest : public testing::Test
{
protected:

    //- Records a run's data sets: two short runs, from t = 10 and t = 20, and a long one
    Json run(const std::string& name, int n = 32, const Change& change = [](State&) {}, double length = shortEnd)
    {
        const Grid grid = boxGrid(n);
        record(scratch_/(name + "-1.h5"), grid, 10, 10 + length, 1, change);
        record(scratch_/(name + "-2.h5"), grid, 20, 20 + length, 2, change);
        record(scratch_/(name + "-long.h5"), grid, 0, longEnd, 3, change);
        return {{"name", name}, {"starts", {name + "-1.h5", name + "-2.h5"}}, {"long", name + "-long.h5"},
            {"wallTimePerTime", 0.5}, {"stepsBySolver", 100}, {"stepsByModel", 0}, {"continuityError", 1e-9}};
    }

    //- Records three members of 60 snapshots from t = 100, which are their own ends
    Json membersRun(const std::string& name, const Change& change = [](State&) {}, double length = 30)
    {
        Json files = Json::array();
        for (const int seed : {3, 4, 5})
        {
            files.push_back(name + "-" + std::to_string(seed) + ".h5");
            record(scratch_/files.back(), boxGrid(16), 100, 100 + length, seed, [&](State& state)
            {
                scaled(memberScale(seed))(state);
                change(state);
            });
        }
        return {{"name", name}, {"members", files}, {"end", files}};
    }

    Json membersList(const std::vector<Json>& runs)
    {
        return {{"case", "test"}, {"oneStep", interval}, {"window", {{"snapshots", 8}, {"spacing", 0}}}, {"runs", runs}};
    }

    //- statistics.csv of members like the recorded ones, one line a step; `energy` of a member at a step
    void writeStatistics(const std::string& name, int steps, const std::function<double(int, int)>& energy)
    {
        std::ofstream out(scratch_/name);
        out << "step,time,member,kineticEnergy,enstrophy,rateOfChange,conditionLevel,level,levelAfter,evaluations\n";
        for (int step = 1; step <= steps; ++step)
        {
            for (const int member : {0, 2, 10})
            {
                out << step << ',' << 100 + step*interval << ',' << member << ',' << energy(member, step) << ",1,"
                    << 0.5 + 0.001*step << ",-1,-1,-1,0\n";
            }
        }
    }

    Json list(const std::vector<Json>& runs)
    {
        return {{"case", "test"}, {"startTime", {10, 20}}, {"oneStep", 0.5}, {"statisticsFrom", 5}, {"runs", runs}};
    }

    CommandOutput compare(const Json& input, const std::string& options = "-noPictures")
    {
        std::ofstream(scratch_/"comparison.json") << "// a comment is allowed\n" << input.dump(4);
        return runCommand(std::string(SURROGATE_COMPARE) + " " + options + " " + scratch_/"comparison.json");
    }

    Json summary() { return Json::parse(std::ifstream(scratch_/"results/summary.json")); }

    void expectRefusal(const Json& input, const std::vector<std::string>& texts)
    {
        const CommandOutput output = compare(input);
        EXPECT_EQ(output.status, 1);
        for (const std::string& text : texts)
        {
            EXPECT_NE(output.text.find(text), std::string::npos) << text << " in\n" << output.text;
        }
    }

    Scratch scratch_;
};

} // namespace

TEST_F(SurrogateCompareTest, aRunEqualToTheReferenceIsPerfect)
{
    const CommandOutput output = compare(list({run("solver"), run("same")}));
    ASSERT_EQ(output.status, 0) << output.text;
    const Json json = summary();
    EXPECT_EQ(json["case"], "test");
    EXPECT_EQ(json["machine"]["threads"], 1);
    EXPECT_TRUE(json["machine"]["processor"].is_string());
    EXPECT_TRUE(json["machine"]["amx"].is_boolean());
    ASSERT_EQ(json["runs"].size(), 2u);
    const Json same = json["runs"][1];
    EXPECT_EQ(same["name"], "same");
    EXPECT_EQ(same["correlation"].size(), 5u);
    for (const char* time : {"1", "2", "3", "4", "6"}) EXPECT_NEAR(same["correlation"][time].get<double>(), 1, 1e-12);
    EXPECT_EQ(same["vrmseOneStep"], 0);
    EXPECT_EQ(same["spectrumDistance"], 0);
    EXPECT_EQ(same["wallTimePerTime"], 0.5);
    EXPECT_EQ(same["stepsBySolver"], 100);
    EXPECT_EQ(same["stepsByModel"], 0);
    EXPECT_EQ(same["continuityError"], 1e-9);
    EXPECT_EQ(same["kineticEnergy"], json["runs"][0]["kineticEnergy"]);

    // Statistics against the flow itself, which was never on a disk
    std::vector<double> energies, enstrophies;
    for (double time = 5; time <= longEnd + 1e-9; time += interval)
    {
        const State state = flow(boxGrid(32), time, 3);
        energies.push_back(kineticEnergy(state.grid, state.channel(0)));
        enstrophies.push_back(enstrophy(state.grid, state.channel(0)));
    }
    const MeanAndError energy = batchMeans(energies), expectedEnstrophy = batchMeans(enstrophies);
    EXPECT_GT(energy.stderror, 0.001*energy.mean);
    EXPECT_NEAR(same["kineticEnergy"]["mean"].get<double>(), energy.mean, 1e-6*energy.mean);
    EXPECT_NEAR(same["kineticEnergy"]["stderr"].get<double>(), energy.stderror, 1e-4*energy.stderror);
    EXPECT_NEAR(same["enstrophy"]["mean"].get<double>(), expectedEnstrophy.mean, 1e-6*expectedEnstrophy.mean);
    EXPECT_NEAR(same["enstrophy"]["stderr"].get<double>(), expectedEnstrophy.stderror, 1e-4*expectedEnstrophy.stderror);
}

// Would fail if the half-cell shift between the centres of grids of different size were forgotten
TEST_F(SurrogateCompareTest, theSameFlowOnACoarserGridIsPerfectToo)
{
    const CommandOutput output = compare(list({run("solver", 32), run("solver16", 16), run("solver21", 21)}));
    ASSERT_EQ(output.status, 0) << output.text;
    for (const int i : {1, 2})
    {
        const Json coarse = summary()["runs"][i];
        EXPECT_NEAR(coarse["correlation"]["6"].get<double>(), 1, 1e-9);
        EXPECT_LT(coarse["vrmseOneStep"].get<double>(), 1e-5);
        EXPECT_NEAR(coarse["enstrophy"]["mean"].get<double>(), summary()["runs"][0]["enstrophy"]["mean"].get<double>(), 1e-4);
    }
    EXPECT_NE(output.text.find("(1-16)"), std::string::npos) << output.text;
    EXPECT_NE(output.text.find("(1-8)"), std::string::npos) << output.text;
    EXPECT_NE(output.text.find("(1-10)"), std::string::npos) << output.text;
}

TEST_F(SurrogateCompareTest, aTenfoldAndANegativeRun)
{
    ASSERT_EQ(compare(list({run("solver"), run("tenfold", 32, scaled(10)), run("negative", 32, scaled(-1))})).status, 0);
    const Json runs = summary()["runs"];
    EXPECT_NEAR(runs[1]["correlation"]["3"].get<double>(), 1, 1e-9);
    EXPECT_NEAR(runs[1]["vrmseOneStep"].get<double>(), 9*std::sqrt(1 - 1.0/1024), 1e-5);   // unbiased variance, mean zero
    EXPECT_NEAR(runs[1]["kineticEnergy"]["mean"].get<double>(), 100*runs[0]["kineticEnergy"]["mean"].get<double>(), 1e-4);
    EXPECT_NEAR(runs[2]["correlation"]["3"].get<double>(), -1, 1e-9);
    EXPECT_NEAR(runs[2]["vrmseOneStep"].get<double>(), 2*std::sqrt(1 - 1.0/1024), 1e-5);
    EXPECT_NEAR(runs[2]["spectrumDistance"].get<double>(), 0, 1e-12);
}

// White noise fills every shell, so that each shell's ratio is exactly a hundred
TEST_F(SurrogateCompareTest, spectrumDistanceIsInDecades)
{
    const auto noisy = [](double factor)
    {
        return [factor](State& state)
        {
            Noise(9, std::uint32_t(10*state.time)).normal(0, state.values.data(), state.values.size());
            for (double& value : state.values) value *= factor;
        };
    };
    ASSERT_EQ(compare(list({run("solver", 32, noisy(1)), run("tenfold", 32, noisy(10))})).status, 0);
    EXPECT_NEAR(summary()["runs"][1]["spectrumDistance"].get<double>(), 2, 1e-5);
}

TEST_F(SurrogateCompareTest, spectrumDistanceCountsAsFarAsItIsAskedTo)
{
    const auto rippled = [](double amplitude)
    {
        return [amplitude](State& state)
        {
            const Grid& grid = state.grid;
            for (std::size_t i = 0; i < state.values.size(); ++i)
            {
                // beside the waves below 3, what a shell needs not to be empty; a wave of number 8 in y
                state.values[i] += 1e-3*Noise(9).normal(1, i);
                state.values[i] += amplitude*std::cos(2*std::acos(-1.0)*8*double(i/std::size_t(grid.cells[0]))/grid.cells[1]);
            }
        };
    };
    Json input = list({run("solver", 32, rippled(0.1)), run("rippled", 32, rippled(1))});
    ASSERT_EQ(compare(input).status, 0);
    EXPECT_NEAR(summary()["runs"][1]["spectrumDistance"].get<double>(), 2.0/16, 1e-2);

    input["spectrumTo"] = 7;
    const CommandOutput output = compare(input);
    ASSERT_EQ(output.status, 0) << output.text;
    EXPECT_NEAR(summary()["runs"][1]["spectrumDistance"].get<double>(), 0, 1e-6);
    EXPECT_NE(output.text.find("(1-7)"), std::string::npos) << output.text;

    input["spectrumTo"] = 0;
    expectRefusal(input, {"No such wave number", "spectrumTo", "1 or more"});
}

TEST_F(SurrogateCompareTest, aShiftedFlowIsWorseTheFurtherItIs)
{
    const auto shifted = [](int cells)
    {
        return [cells](State& state)
        {
            const State old = state;
            const Grid& grid = state.grid;
            for (int c = 0; c < 2; ++c)
            {
                for (int y = 0; y < grid.cells[1]; ++y)
                {
                    for (int x = 0; x < grid.cells[0]; ++x)
                    {
                        state.channel(c)[grid.index(x, y)] = old.channel(c)[grid.index((x + cells)%grid.cells[0], y)];
                    }
                }
            }
        };
    };
    ASSERT_EQ(compare(list({run("solver"), run("one", 32, shifted(1)), run("three", 32, shifted(3))})).status, 0);
    const Json runs = summary()["runs"];
    const double one = runs[1]["correlation"]["2"], three = runs[2]["correlation"]["2"];
    EXPECT_LT(one, 0.99);
    EXPECT_LT(three, one - 0.1);
    EXPECT_NEAR(runs[2]["spectrumDistance"].get<double>(), 0, 0.01);
    EXPECT_NEAR(runs[2]["enstrophy"]["mean"].get<double>(), runs[0]["enstrophy"]["mean"].get<double>(), 1e-5);
}

TEST_F(SurrogateCompareTest, whatARunDoesNotHaveIsNull)
{
    Json ends = run("ends", 32, [](State&) {}, 2.5), bare = {{"name", "bare"}};
    ends.erase("long");
    ends.erase("wallTimePerTime");
    const CommandOutput output = compare(list({run("solver"), ends, bare}));
    ASSERT_EQ(output.status, 0) << output.text;
    const Json runs = summary()["runs"];
    EXPECT_NEAR(runs[1]["correlation"]["2"].get<double>(), 1, 1e-12);
    EXPECT_TRUE(runs[1]["correlation"]["3"].is_null());
    EXPECT_TRUE(runs[1]["kineticEnergy"]["mean"].is_null());
    EXPECT_TRUE(runs[1]["spectrumDistance"].is_null());
    EXPECT_TRUE(runs[1]["wallTimePerTime"].is_null());
    EXPECT_TRUE(runs[2]["correlation"]["1"].is_null());
    EXPECT_TRUE(runs[2]["vrmseOneStep"].is_null());
    EXPECT_NE(output.text.find("note: ends reaches t = 3 from 0 of 2 starts"), std::string::npos) << output.text;
}

TEST_F(SurrogateCompareTest, printsAnAlignedTableWithTheCostRatio)
{
    Json fast = run("a-fast-run");
    fast["wallTimePerTime"] = 0.02;
    const CommandOutput output = compare(list({run("solver"), fast}));
    ASSERT_EQ(output.status, 0) << output.text;
    std::istringstream lines(output.text);
    std::vector<std::string> table;
    for (std::string line; std::getline(lines, line);) table.push_back(line);
    ASSERT_GE(table.size(), 7u) << output.text;
    for (std::size_t i = 3; i <= 6; ++i) EXPECT_EQ(table[i].size(), table[2].size()) << output.text;
    EXPECT_EQ(table[6].rfind("a-fast-run", 0), 0u) << output.text;
    EXPECT_NE(table[6].find("  25  "), std::string::npos) << output.text;
}

TEST_F(SurrogateCompareTest, drawsAndWritesSeries)
{
    const CommandOutput output = compare(list({run("solver"), run("solver16", 16), run("same")}), "");
    ASSERT_EQ(output.status, 0) << output.text;
    std::ifstream report(scratch_/"results/report.html");
    const std::string html{std::istreambuf_iterator<char>(report), std::istreambuf_iterator<char>()};
    for (const char* text : {"<td>same</td>", "src=\"data:image/png;base64,iVBOR", "surrogateCompare", "To repeat this"})
    {
        EXPECT_NE(html.find(text), std::string::npos) << text;
    }
    EXPECT_EQ(html.find("href"), std::string::npos);
    std::ifstream png(scratch_/"results/comparison.png", std::ios::binary);
    std::string start(4, ' ');
    png.read(start.data(), 4);
    EXPECT_EQ(start, "\x89PNG");
    EXPECT_FALSE(std::filesystem::exists(scratch_/"results/solver.pvd"));
    for (const char* name : {"solver16", "same"})
    {
        EXPECT_TRUE(std::filesystem::exists(scratch_/("results/" + std::string(name) + ".pvd")));
        const std::filesystem::directory_iterator files(scratch_/("results/" + std::string(name)));
        EXPECT_EQ(std::distance(begin(files), end(files)), 13);
    }
    std::ifstream vti(scratch_/"results/solver16/solver16_000000.vti");
    const std::string content{std::istreambuf_iterator<char>(vti), {}};
    for (const char* name : {"U", "U_reference", "U_error", "vorticity", "vorticity_error"})
    {
        EXPECT_NE(content.find("Name=\"" + std::string(name) + "\""), std::string::npos) << name;
    }
}

TEST_F(SurrogateCompareTest, membersEqualToTheReferencesArePerfect)
{
    const CommandOutput output = compare(membersList({membersRun("solver"), membersRun("same")}));
    ASSERT_EQ(output.status, 0) << output.text;
    const Json same = summary()["runs"][1], members = same["members"];
    EXPECT_EQ(same["spectrumDistance"], 0);
    EXPECT_EQ(members["fiveSigma"]["stable"], 3);
    EXPECT_EQ(members["fiveSigma"]["members"], 3);
    EXPECT_TRUE(members["fiveSigma"]["firstExit"].is_null());
    EXPECT_EQ(members["spectrumBand"]["stable"], 3);
    EXPECT_EQ(members["rateOfChange"]["ratio"], 1);
    EXPECT_EQ(members["rateOfChange"]["distance"], 0);
    EXPECT_EQ(members["autocorrelationError"], 0);
    EXPECT_TRUE(members["meanLevel"]["state"].is_null());
    EXPECT_GT(summary()["runs"][0]["members"]["spectrumFloor"].get<double>(), 0);

    // Against the flow itself
    std::vector<double> means, rates;
    std::vector<double> c(31, 0.0);
    for (const int seed : {3, 4, 5})
    {
        double mean = 0;
        std::vector<std::vector<double>> omega;
        for (int i = 0; i <= 60; ++i)
        {
            State state = flow(boxGrid(16), 100 + i*interval, seed);
            scaled(memberScale(seed))(state);
            mean += kineticEnergy(state.grid, state.channel(0))/61;
            omega.push_back(vorticity(state.grid, state.channel(0)));
            double square = 0;
            if (i == 0) continue;
            for (std::size_t x = 0; x < 256; ++x) square += std::pow(omega.back()[x] - (omega.end() - 2)->at(x), 2)/256;
            rates.push_back(std::sqrt(square));
        }
        means.push_back(mean);
        const std::vector<double> own = autocorrelation(omega, 30);
        for (std::size_t lag = 0; lag <= 30; ++lag) c[lag] += own[lag]/3;
    }
    const MeanAndDeviation energy = meanAndDeviation(means);
    EXPECT_NEAR(same["kineticEnergy"]["mean"].get<double>(), energy.mean, 1e-5*energy.mean);
    EXPECT_NEAR(same["kineticEnergy"]["stderr"].get<double>(), energy.stddev/std::sqrt(3.0), 1e-4*energy.stddev);
    EXPECT_NEAR(members["rateOfChange"]["mean"].get<double>(), meanAndDeviation(rates).mean, 1e-5);
    ASSERT_EQ(members["autocorrelation"].size(), 31u);
    for (std::size_t lag = 0; lag <= 30; ++lag) EXPECT_NEAR(members["autocorrelation"][lag].get<double>(), c[lag], 1e-5) << lag;
}

// Data sets that have the vorticity alone
TEST_F(SurrogateCompareTest, velocityFollowsFromTheVorticity)
{
    const auto recordVorticity = [&](const Json& run)
    {
        for (const std::string file : run["members"])
        {
            const DatasetReader from(scratch_/file);
            DatasetWriter::Info info;
            info.name = "test";
            info.interval = interval;
            DatasetWriter to(scratch_/("q-" + file), from.grid(), FieldList({{"q1", 1, {{0, 0, -1, 0, 0, 0, 0}}}}), info);
            for (std::size_t i = 0; i < from.nTimes(); ++i)
            {
                State state(from.grid(), FieldList({{"q1", 1, {{0, 0, -1, 0, 0, 0, 0}}}}), from.times()[i]);
                state.values = vorticity(from.grid(), from.read(0, i, {"U"}).channel(0));
                to.append(state);
            }
        }
        Json files = Json::array();
        for (const std::string file : run["members"]) files.push_back("q-" + file);
        return Json{{"name", run["name"]}, {"members", files}, {"end", files}};
    };
    const auto drift = [](State& state) { if (state.time > 120) for (double& value : state.values) value *= 3; };
    const Json solver = membersRun("solver"), drifting = membersRun("drifting", drift);
    ASSERT_EQ(compare(membersList({solver, drifting})).status, 0);
    const Json expected = summary()["runs"];

    Json input = membersList({recordVorticity(solver), recordVorticity(drifting)});
    expectRefusal(input, {"lacks the velocity", "q-solver-3.h5", "U", "q1"});
    input["vorticity"] = "q1";
    const CommandOutput output = compare(input);
    ASSERT_EQ(output.status, 0) << output.text;
    const Json runs = summary()["runs"];
    for (const std::size_t run : {0, 1})
    {
        for (const char* mean : {"kineticEnergy", "enstrophy"})
        {
            const double value = expected[run][mean]["mean"];
            EXPECT_NEAR(runs[run][mean]["mean"].get<double>(), value, 1e-5*value) << mean;
        }
        EXPECT_EQ(runs[run]["members"]["fiveSigma"], expected[run]["members"]["fiveSigma"]);
        const double rate = expected[run]["members"]["rateOfChange"]["mean"];
        EXPECT_NEAR(runs[run]["members"]["rateOfChange"]["mean"].get<double>(), rate, 1e-4*rate);
    }
    EXPECT_EQ(runs[1]["members"]["fiveSigma"]["stable"], 0);

    input["velocity"] = "U";
    expectRefusal(input, {"told twice", "entry vorticity", "either velocity or vorticity"});
}

TEST_F(SurrogateCompareTest, membersThatDriftLeaveTheBands)
{
    const auto drift = [](State& state) { if (state.time > 120) for (double& value : state.values) value *= 3; };
    Json drifting = membersRun("drifting", drift), late = drifting;
    late["name"] = "late";
    late["statisticsFrom"] = 20.5;
    const CommandOutput output = compare(membersList({membersRun("solver"), drifting, late}));
    ASSERT_EQ(output.status, 0) << output.text;
    const Json runs = summary()["runs"], members = runs[1]["members"];
    EXPECT_EQ(runs[0]["members"]["fiveSigma"]["stable"], 3);
    EXPECT_EQ(members["fiveSigma"]["stable"], 0);
    EXPECT_NEAR(members["fiveSigma"]["firstExit"].get<double>(), 20.5, 2);
    EXPECT_EQ(members["fiveSigma"]["exitSteps"].size(), 3u);
    EXPECT_EQ(members["spectrumBand"]["stable"], 0);
    EXPECT_GT(members["spectrumBand"]["firstExit"].get<double>(), 20);
    EXPECT_LT(members["spectrumBand"]["firstExit"].get<double>(), 25);
    EXPECT_GT(members["rateOfChange"]["ratio"].get<double>(), 1.2);
    EXPECT_GT(members["rateOfChange"]["distance"].get<double>(), 0.2);
    // From 20.5 on all is three times as large
    EXPECT_NEAR(runs[2]["kineticEnergy"]["mean"].get<double>()/runs[0]["kineticEnergy"]["mean"].get<double>(), 9, 0.5);
}

TEST_F(SurrogateCompareTest, spectrumDistanceOfMembersHasAnError)
{
    const auto noisy = [](double factor, double spread)
    {
        return [=](State& state)
        {
            const std::uint64_t member = std::uint64_t(std::abs(1e6*state.values[0]));
            Noise(member).normal(0, state.values.data(), state.values.size());
            const double own = factor*(1 + spread*Noise(7).normal(1, std::uint64_t(10*state.time)));
            for (double& value : state.values) value *= own;
        };
    };
    ASSERT_EQ(compare(membersList({membersRun("solver", noisy(1, 0)), membersRun("tenfold", noisy(10, 0.01))})).status, 0);
    const Json run = summary()["runs"][1];
    EXPECT_NEAR(run["spectrumDistance"].get<double>(), 2, 0.02);
    EXPECT_GT(run["members"]["spectrumDistanceError"].get<double>(), 0);
    EXPECT_LT(run["members"]["spectrumDistanceError"].get<double>(), 0.05);
}

TEST_F(SurrogateCompareTest, readsStatisticsAndLevels)
{
    const Json solver = membersRun("solver");
    Json run = membersRun("run");
    // Listed as a shell sorts them
    const std::vector<std::string> names{"member0.h5", "member10.h5", "member2.h5"};
    for (std::size_t i = 0; i < 3; ++i)
    {
        std::filesystem::rename(scratch_/run["members"][i].get<std::string>(), scratch_/names[i]);
        run["members"][i] = run["end"][i] = names[i];
    }
    run["end"] = {names[0]};
    run["statistics"] = "statistics.csv";
    run["levels"] = "levels.csv";
    run["timePerStep"] = 2.5;
    run["evaluationsPerStep"] = 3.5;
    ASSERT_EQ(compare(membersList({solver})).status, 0);
    const double mean = summary()["runs"][0]["kineticEnergy"]["mean"];
    writeStatistics("statistics.csv", 60, [mean](int member, int step)
    {
        return member == 2 && step >= 40 ? std::numeric_limits<double>::quiet_NaN() : mean;
    });
    std::ofstream(scratch_/"levels.csv") << "member,level,condition,state\n0,0,10,0\n0,2,30,5\n1,3,0,15\n";

    const CommandOutput output = compare(membersList({solver, run}), "");
    ASSERT_EQ(output.status, 0) << output.text;
    const Json members = summary()["runs"][1]["members"];
    EXPECT_EQ(members["fiveSigma"]["stable"], 2);
    EXPECT_EQ(members["fiveSigma"]["firstExit"], 20);
    EXPECT_EQ(members["fiveSigma"]["exitSteps"], (Json{nullptr, nullptr, 40}));
    EXPECT_EQ(members["autocorrelation"].size(), 31u);
    EXPECT_NEAR(members["rateOfChange"]["mean"].get<double>(), 0.5 + 0.001*30.5, 1e-12);
    EXPECT_EQ(members["meanLevel"]["condition"], 1.5);
    EXPECT_EQ(members["meanLevel"]["state"], 2.75);
    EXPECT_EQ(members["timePerStep"], 2.5);
    for (const char* text : {"2/3 (40)", "2.75", "3.50"}) EXPECT_NE(output.text.find(text), std::string::npos) << output.text;
    for (const char* name : {"vorticity.png", "statistics.png"})
    {
        EXPECT_GT(std::filesystem::file_size(scratch_/("results/" + std::string(name))), 10000u);
    }
}

TEST_F(SurrogateCompareTest, aMemberThatEndsEarlyIsNotStable)
{
    Json run = membersRun("run"), shorter = membersRun("shorter", [](State&) {}, 10);
    run["members"][2] = shorter["members"][2];
    run["end"][2] = shorter["end"][2];
    run["statisticsFrom"] = 15;
    const CommandOutput output = compare(membersList({membersRun("solver"), run}));
    ASSERT_EQ(output.status, 0) << output.text;
    for (const char* band : {"fiveSigma", "spectrumBand"})
    {
        EXPECT_EQ(summary()["runs"][1]["members"][band]["exitSteps"], (Json{nullptr, nullptr, 20})) << band;
    }
    const char* note = "note: run: 2 of 3 members have snapshots after statisticsFrom";
    EXPECT_NE(output.text.find(note), std::string::npos) << output.text;
}

TEST_F(SurrogateCompareTest, refusesMembersThatDoNotFit)
{
    const Json solver = membersRun("solver"), bare = {{"name", "bare"}};
    expectRefusal(membersList({bare, solver}), {"the reference has none", "run solver", "members of run bare"});

    Json run = solver;
    run["name"] = "run";
    run["long"] = "long.h5";
    expectRefusal(membersList({solver, run}), {"two kinds", "runs[1]", "long or members"});

    expectRefusal(membersList({solver, {{"name", "run"}, {"end", {"a.h5"}}}}), {"runs[1], entry end", "an entry members"});

    Json input = membersList({solver});
    input["window"]["snapshots"] = 0;
    expectRefusal(input, {"window.snapshots", "1 or more"});

    input = membersList({solver});
    input["longPicture"] = {{"member", 3}, {"runs", {"solver"}}};
    expectRefusal(input, {"No such member", "longPicture, run solver", "3 members"});

    input = membersList({solver});
    input["oneStep"] = 0.75;
    expectRefusal(input, {"not one step apart", "solver-3.h5", "0.75", "0.5"});

    input = membersList({solver});
    input["runs"][0]["statistics"] = "statistics.csv";
    expectRefusal(input, {"Cannot read the table", "statistics.csv"});
    std::ofstream(scratch_/"statistics.csv") << "step,time\n1,2\n";
    expectRefusal(input, {"lacks a column", "member", "step, time"});
    std::ofstream(scratch_/"statistics.csv") << "step,time,member\n1,x,0\n";
    expectRefusal(input, {"not one number a column", "line 2", "1,x,0"});
    std::ofstream(scratch_/"statistics.csv") << "time,member,kineticEnergy,enstrophy,rateOfChange\n1,3,1,1,1\n";
    expectRefusal(input, {"of other members", "statistics.csv", "3 members", "member 3"});
}

TEST_F(SurrogateCompareTest, refusesWhatItCannotCompare)
{
    const Json solver = run("solver"), same = run("same");
    Json input = list({solver, same});
    input["corelationTimes"] = {1};
    expectRefusal(input, {"Unknown keyword", "corelationTimes", "correlationTimes"});

    input = list({solver, same});
    input["runs"][1]["wallTime"] = 1;
    expectRefusal(input, {"Unknown keyword", "runs[1]", "wallTimePerTime"});

    input = list({solver, solver});
    expectRefusal(input, {"Two runs have one name", "solver"});

    input = list({solver, same});
    input["runs"][1]["starts"].erase(0);
    expectRefusal(input, {"different numbers of starts", "run same"});

    input = list({solver, same});
    input["startTime"] = {10};
    expectRefusal(input, {"start time", "startTime"});

    input = list({solver, same});
    input["correlationTimes"] = {1.2};
    expectRefusal(input, {"no snapshot", "solver-1.h5", "11.2"});

    input = list({solver, same});
    input["correlationTimes"] = {7};
    expectRefusal(input, {"reference ends before", "solver-1.h5"});

    input = list({solver, same});
    input["velocity"] = "V";
    expectRefusal(input, {"lacks the velocity", "solver-1.h5", "V", "U"});

    input = list({solver, same});
    input["picture"]["runs"] = {"solver", "hybrid"};
    expectRefusal(input, {"No such run", "hybrid", "solver, same"});

    input = list({solver, same});
    input["runs"][1]["long"] = "none.h5";
    expectRefusal(input, {"none.h5"});

    EXPECT_NE(runCommand(std::string(SURROGATE_COMPARE) + " -fast x.json").text.find("Unknown option"), std::string::npos);
    EXPECT_EQ(runCommand(std::string(SURROGATE_COMPARE) + " -help").status, 0);
    EXPECT_EQ(runCommand(SURROGATE_COMPARE).status, 1);
}
