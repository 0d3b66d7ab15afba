#include "rolloutOptions.h"

#include "core/error.h"

namespace surrogate
{

namespace
{

const char* const coefficients = "correctorCoeffs";
const char* const sampling = "samplerCoeffs";
const char* const controls = "networkControls";

std::vector<std::string> keywords()
{
    std::vector<std::string> all{"model", "corrector", "starts", "startTimes", "members", "steps", "statisticsEvery",
        "snapshotEvery", "denseSteps", "conserve", "velocity", "vorticity", "output", "seed", "stopOnFailure",
        "checkpointEvery", "stopAfter"};
    for (const std::string& keyword : RuntimeOptions::keywords()) all.push_back(keyword);
    for (const char* section : {coefficients, sampling})
    {
        for (const std::string& keyword : CorrectorOptions::keywords()) all.push_back(section + ("." + keyword));
    }
    for (const std::string& keyword : NetworkControls::keywords()) all.push_back(controls + ("." + keyword));
    return all;
}

void refuse(const std::string& where, const std::string& keyword, const std::string& expected, const std::string& found)
{
    throw Error({"Rollout option does not fit", where + ", entry " + keyword, expected, found, {}});
}

} // namespace

RolloutOptions RolloutOptions::read(const Settings& s)
{
    // An OpenFOAM dictionary file carries a header
    Settings given(s.where());
    for (const auto& [keyword, value] : s.all())
    {
        if (keyword.rfind("FoamFile.", 0) != 0) given.set(keyword, value);
    }
    given.requireOnly(keywords());

    RolloutOptions o;
    o.model = s.get("model", o.model);
    o.corrector = s.get("corrector", o.corrector);
    o.correctorOptions = CorrectorOptions::read(s.section(coefficients));
    o.samplerOptions = CorrectorOptions::read(s.section(sampling));
    o.networkControls = NetworkControls::read(s.section(controls));
    o.starts = s.get("starts", o.starts);
    o.startTimes = s.get("startTimes", o.startTimes);
    o.members = s.get("members", o.members);
    o.steps = s.get("steps", o.steps);
    o.statisticsEvery = s.get("statisticsEvery", o.statisticsEvery);
    o.snapshotEvery = s.get("snapshotEvery", o.snapshotEvery);
    o.denseSteps = s.get("denseSteps", o.denseSteps);
    o.conserve = s.get("conserve", o.conserve);
    o.flow.isVorticity = given.found("vorticity");
    o.flow.name = s.get(o.flow.isVorticity ? "vorticity" : "velocity", o.flow.name);
    o.output = s.get("output", o.output);
    o.seed = s.get("seed", o.seed);
    o.stopOnFailure = s.get("stopOnFailure", o.stopOnFailure);
    o.checkpointEvery = s.get("checkpointEvery", o.checkpointEvery);
    o.stopAfter = s.get("stopAfter", o.stopAfter);
    o.runtime = RuntimeOptions::read(s);
    o.given = given;
    o.check(s.where());
    return o;
}

void RolloutOptions::check(const std::string& where) const
{
    if (model.empty()) refuse(where, "model", "a model file", "none");
    if (starts.empty()) refuse(where, "starts", "one or more data sets", "none");
    if (members > 0 && !startTimes.empty()) refuse(where, "members", "either members or startTimes", "both");
    if (flow.isVorticity && given.found("velocity")) refuse(where, "vorticity", "either velocity or vorticity", "both");
    if (corrector.empty() && !given.section(coefficients).all().empty())
    {
        refuse(where, coefficients, "an entry corrector that they are of", "none");
    }
    const auto atLeast = [&](const char* keyword, double value, double least)
    {
        if (value >= least) return;
        refuse(where, keyword, describe(Settings::Value(least)) + " or more", describe(Settings::Value(value)));
    };
    atLeast("members", members, 0);
    atLeast("steps", steps, 1);
    atLeast("statisticsEvery", statisticsEvery, 1);
    atLeast("snapshotEvery", snapshotEvery, 0);
    atLeast("denseSteps", denseSteps, 0);
    atLeast("checkpointEvery", checkpointEvery, 0);
    atLeast("stopAfter", stopAfter, 0);
    if (denseSteps > steps) refuse(where, "denseSteps", "no more than steps", std::to_string(denseSteps));
}

std::vector<std::string> RolloutOptions::changeable()
{
    return {"steps", "denseSteps", "output", "stopOnFailure", "checkpointEvery", "stopAfter", "device", "precision", "threads", "tiles"};
}

} // namespace surrogate
