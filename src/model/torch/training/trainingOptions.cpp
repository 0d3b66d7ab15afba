#include "model/training.h"

#include "core/error.h"
#include "core/manifest.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace surrogate
{

TrainingOptions TrainingOptions::read(const Settings& s)
{
    Settings own(s.where());
    for (const auto& [keyword, value] : s.all())
    {
        const bool nested = keyword.rfind("networkCoeffs.", 0) == 0 || keyword.rfind("diffusionCoeffs.", 0) == 0
            || keyword.rfind("hierarchyCoeffs.", 0) == 0;
        if (!nested) own.set(keyword, value);
    }
    std::vector<std::string> keywords
    {
        "model", "objective", "trainingData", "validationData", "fields", "variables", "stride", "network", "iterations",
        "batch", "unroll", "unrollEvery", "target", "noise", "learningRate", "finalLearningRate", "schedule", "warmUp",
        "decayEvery", "decayFactor", "weightDecay", "gradientClip", "ema", "seed", "validateEvery", "validationSteps",
        "checkpointEvery", "storage", "stopAfter", "symmetries", "inferenceNoise", "jacobianWeight", "jacobianProbe", "levelWeight",
        "levelBias", "geometry", "distanceCells", "history", "historyDropout"
    };
    for (const auto& keyword : RuntimeOptions::keywords()) keywords.push_back(keyword);
    own.requireOnly(keywords);

    TrainingOptions o;
    const std::vector<std::string> none;
    o.model = s.get("model", o.model);
    o.objective = s.get("objective", o.objective);
    o.trainingData = s.get("trainingData", none);
    o.validationData = s.get("validationData", none);
    o.fields = s.get("fields", none);
    o.variables = s.get("variables", o.variables);
    o.geometry = s.get("geometry", none);
    o.distanceCells = s.get("distanceCells", o.distanceCells);
    o.stride = s.get("stride", o.stride);
    o.symmetries = s.get("symmetries", none);
    o.history = s.get("history", o.history);
    if (o.history == 1 && s.found("historyDropout"))
    {
        throw Error({"Training option does not fit", s.where() + ", entry historyDropout", "a history above 1 with it", "history 1", {}});
    }
    o.historyDropout = s.get("historyDropout", o.historyDropout);
    o.network = s.get("network", o.network);
    o.networkSettings = s.section("networkCoeffs");
    o.iterations = s.get("iterations", o.iterations);
    o.batch = s.get("batch", o.batch);
    o.unroll = s.get("unroll", o.unroll);
    o.unrollEvery = s.get("unrollEvery", o.unrollEvery);
    o.target = s.get("target", o.target);
    o.noise = s.get("noise", o.noise);
    o.inferenceNoise = s.get("inferenceNoise", o.inferenceNoise);
    o.jacobianWeight = s.get("jacobianWeight", o.jacobianWeight);
    o.jacobianProbe = s.get("jacobianProbe", o.jacobianProbe);
    o.diffusionSettings = s.section("diffusionCoeffs");
    const Settings hierarchy = s.section("hierarchyCoeffs");
    if (!hierarchy.all().empty() && o.objective != "hierarchicalEmulator")
    {
        throw Error({"Training option does not fit", s.where() + ", entry hierarchyCoeffs", "no such entry: it is a "
            "hierarchicalEmulator's", "objective " + o.objective, {}});
    }
    o.hierarchy = HierarchyOptions::read(hierarchy);
    o.levelBias = s.get("levelBias", o.levelBias);
    o.levelWeight = s.get("levelWeight", o.levelWeight);
    o.learningRate = s.get("learningRate", o.learningRate);
    o.finalLearningRate = s.get("finalLearningRate", o.finalLearningRate);
    o.schedule = s.get("schedule", o.schedule);
    o.warmUp = s.get("warmUp", o.warmUp);
    o.decayEvery = s.get("decayEvery", o.decayEvery);
    o.decayFactor = s.get("decayFactor", o.decayFactor);
    o.weightDecay = s.get("weightDecay", o.weightDecay);
    o.gradientClip = s.get("gradientClip", o.gradientClip);
    o.ema = s.get("ema", o.ema);
    o.seed = s.get("seed", o.seed);
    o.validateEvery = s.get("validateEvery", o.validateEvery);
    o.validationSteps = s.get("validationSteps", o.validationSteps);
    o.checkpointEvery = s.get("checkpointEvery", o.checkpointEvery);
    o.storage = s.get("storage", o.storage);
    o.stopAfter = s.get("stopAfter", o.stopAfter);
    o.runtime = RuntimeOptions::read(s);
    o.check(s.where());
    return o;
}

void TrainingOptions::check(const std::string& where) const
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, const std::string& found,
        std::vector<std::string> choices = {})
    {
        throw Error({"Training option does not fit", where + ", entry " + entry, expected, found, std::move(choices)});
    };
    const auto number = [](double x)
    {
        std::ostringstream text;
        text << x;
        return text.str();
    };
    const auto choice = [&](const std::string& entry, const std::string& value, const std::vector<std::string>& choices)
    {
        if (std::find(choices.begin(), choices.end(), value) == choices.end())
        {
            refuse(entry, "one of the names below", value, choices);
        }
    };
    const auto atLeast = [&](const std::string& entry, double value, double least)
    {
        if (!(value >= least)) refuse(entry, number(least) + " or more", number(value));
    };

    if (model.empty()) refuse("model", "the name of the model file to write", "nothing");
    if (!runtime.tiles.empty())
    {
        refuse("tiles", "no such entry: tiles are for inference", std::to_string(runtime.tiles.size()) + " numbers");
    }
    if (trainingData.empty()) refuse("trainingData", "a list of data sets", "nothing");
    if (validationData.empty()) refuse("validationData", "a list of data sets that the training never sees", "nothing");
    for (const std::string& file : validationData)
    {
        if (std::find(trainingData.begin(), trainingData.end(), file) != trainingData.end())
        {
            refuse("validationData", "files that are not in trainingData", file);
        }
    }
    choice("objective", objective, objectiveNames());
    for (const std::string& channel : geometry)
    {
        choice("geometry", channel, GeometryChannels::names());
        if (std::count(geometry.begin(), geometry.end(), channel) > 1) refuse("geometry", "each name once", join(geometry));
    }
    if (!(distanceCells > 0)) refuse("distanceCells", "above 0", number(distanceCells));
    choice("target", target, {"increment", "state"});
    choice("schedule", schedule, {"cosine", "step"});
    choice("storage", storage, {"bfloat16", "float32"});
    atLeast("stride", stride, 1);
    atLeast("iterations", iterations, 1);
    atLeast("batch", batch, 1);
    atLeast("unroll", unroll, 1);
    atLeast("unrollEvery", unrollEvery, 0);
    atLeast("noise", noise, 0);
    atLeast("history", history, 1);
    if (!(historyDropout >= 0 && historyDropout <= 1)) refuse("historyDropout", "0 to 1", number(historyDropout));
    atLeast("jacobianWeight", jacobianWeight, 0);
    if (!(jacobianProbe > 0)) refuse("jacobianProbe", "above 0", number(jacobianProbe));
    atLeast("levelWeight", levelWeight, 0);
    if (!(levelBias > 0)) refuse("levelBias", "above 0", number(levelBias));
    const bool diffuses = objective != "emulator" && objective != "hierarchicalEmulator";
    if (!diffuses && !diffusionSettings.all().empty())
    {
        refuse("diffusionCoeffs", "no such entry with objective " + objective, diffusionSettings.all().begin()->first);
    }
    if (diffuses && unroll > 1) refuse("unroll", "no such entry: it is an emulator's", "objective " + objective);
    for (const auto& [entry, given] : {std::pair<const char*, bool>{"jacobianWeight", jacobianWeight > 0}, {"noise", noise > 0},
        {"inferenceNoise", inferenceNoise}, {"history", history > 1}})
    {
        if (given && objective != "emulator") refuse(entry, "no such entry: it is an emulator's", "objective " + objective);
    }
    if (!diffuses && levelBias != 1) refuse("levelBias", "no such entry with objective " + objective, number(levelBias));
    if (objective == "hierarchicalEmulator") hierarchy.check(where);
    if (inferenceNoise && noise == 0) refuse("inferenceNoise", "an entry noise above 0 with it", "noise 0");
    atLeast("learningRate", learningRate, 0);
    atLeast("finalLearningRate", finalLearningRate, 0);
    atLeast("warmUp", warmUp, 0);
    atLeast("decayEvery", decayEvery, 1);
    atLeast("weightDecay", weightDecay, 0);
    atLeast("gradientClip", gradientClip, 0);
    atLeast("stopAfter", stopAfter, 0);
    atLeast("validateEvery", validateEvery, 1);
    atLeast("validationSteps", validationSteps, 1);
    if (!(ema >= 0 && ema < 1)) refuse("ema", "0 to below 1", number(ema));
}

double TrainingOptions::rate(int iteration) const
{
    const double growth = warmUp > 0 ? std::min(1.0, double(iteration + 1)/warmUp) : 1;
    if (schedule == "step") return growth*learningRate*std::pow(decayFactor, iteration/decayEvery);
    const double progress = std::min(1.0, double(iteration)/iterations);
    return growth*(finalLearningRate + (learningRate - finalLearningRate)*0.5*(1 + std::cos(M_PI*progress)));
}

int TrainingOptions::unrollAt(int iteration) const
{
    return unrollEvery > 0 ? std::min(unroll, 1 + iteration/unrollEvery) : unroll;
}

std::string TrainingOptions::fingerprint() const
{
    std::ostringstream text;
    text.precision(17);
    text << objective << "|" << join(trainingData) << "|" << join(validationData) << "|" << join(fields) << "|" << variables
        << "|" << stride << "|" << network << "|";
    for (const Settings* settings : {&networkSettings, &diffusionSettings})
    {
        for (const auto& [keyword, value] : settings->all()) text << keyword << "=" << describe(value) << ";";
    }
    text << "|" << iterations << "|" << batch << "|" << unroll << "|" << unrollEvery << "|" << target << "|" << noise << "|"
        << learningRate << "|" << finalLearningRate << "|" << schedule << "|" << warmUp << "|" << decayEvery << "|" << decayFactor
        << "|" << join(symmetries) << "|" << inferenceNoise << "|" << jacobianWeight << "|" << jacobianProbe << "|" << levelWeight
        << "|" << levelBias << "|" << weightDecay << "|" << gradientClip << "|" << ema << "|" << seed << "|" << runtime.precision;
    if (!geometry.empty()) text << "|" << join(geometry) << "|" << distanceCells;   // not where older checkpoints have none
    if (history > 1) text << "|" << history << "|" << historyDropout;
    if (objective == "hierarchicalEmulator") text << "|" << hierarchy.fingerprint();
    return text.str();
}

} // namespace surrogate
