#include "accuracyOptions.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace surrogate
{

namespace
{

const std::string sectionOfCurves = "curves.";

[[noreturn]] void refuse(const std::string& where, const std::string& keyword, const std::string& expected, const std::string& found)
{
    throw Error({"Accuracy option does not fit", where + ", entry " + keyword, expected, found, {}});
}

bool among(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

//- What a knob can be
std::vector<std::string> knobs()
{
    std::vector<std::string> names = NetworkControls::keywords();
    names.erase(std::remove(names.begin(), names.end(), "patchCycle"), names.end());
    for (const std::string& keyword : CorrectorOptions::keywords()) names.push_back(keyword);
    return names;
}

AccuracyCurve readCurve(const std::string& name, const Settings& s)
{
    std::vector<std::string> valid{"models", "knob", "values"};
    for (const std::string& keyword : NetworkControls::keywords()) valid.push_back("networkControls." + keyword);
    for (const std::string& keyword : CorrectorOptions::keywords()) valid.push_back("samplerCoeffs." + keyword);
    s.requireOnly(valid);

    AccuracyCurve curve;
    curve.name = name;
    curve.models = s.get("models", curve.models);
    curve.knob = s.get("knob", curve.knob);
    curve.values = s.get("values", curve.values);
    curve.networkControls = s.section("networkControls");
    curve.samplerCoeffs = s.section("samplerCoeffs");

    if (curve.models.empty()) refuse(s.where(), "models", "one or more model files", "none");
    if (curve.knob.empty())
    {
        if (!curve.values.empty()) refuse(s.where(), "values", "a knob that they are of", "none");
        curve.values = {0};
    }
    else
    {
        if (!among(knobs(), curve.knob)) throw Error({"Unknown knob", s.where() + ", entry knob", "", curve.knob, knobs()});
        if (curve.values.empty()) refuse(s.where(), "values", "values of " + curve.knob, "none");
        std::sort(curve.values.begin(), curve.values.end());
    }
    return curve;
}

} // namespace

bool AccuracyCurve::turnsNetwork() const { return among(NetworkControls::keywords(), knob); }

Settings AccuracyCurve::turned(const Settings& settings, double value) const
{
    Settings result = settings;
    if (value == std::floor(value) && std::abs(value) < 1e9) result.set(knob, long(value));
    else result.set(knob, value);
    return result;
}

NetworkControls AccuracyCurve::controlsAt(double value) const
{
    return NetworkControls::read(turnsNetwork() ? turned(networkControls, value) : networkControls);
}

CorrectorOptions AccuracyCurve::samplerAt(double value) const
{
    return CorrectorOptions::read(knob.empty() || turnsNetwork() ? samplerCoeffs : turned(samplerCoeffs, value));
}

AccuracyOptions AccuracyOptions::read(const Settings& s)
{
    // An OpenFOAM dictionary file carries a header
    Settings given(s.where());
    std::set<std::string> names;
    for (const auto& [keyword, value] : s.all())
    {
        if (keyword.rfind(sectionOfCurves, 0) == 0)
        {
            const std::string rest = keyword.substr(sectionOfCurves.size());
            names.insert(rest.substr(0, rest.find('.')));
        }
        else if (keyword.rfind("FoamFile.", 0) != 0) given.set(keyword, value);
    }
    std::vector<std::string> valid{"reference", "starts", "trajectories", "steps", "horizons", "correlation", "latticePatch", "conserve",
        "batch", "seed", "title", "output"};
    for (const std::string& keyword : RuntimeOptions::keywords()) valid.push_back(keyword);
    given.requireOnly(valid);

    AccuracyOptions o;
    o.reference = s.get("reference", o.reference);
    o.starts = s.get("starts", o.starts);
    o.trajectories = s.get("trajectories", o.trajectories);
    o.steps = s.get("steps", o.steps);
    o.horizons = s.get("horizons", o.horizons);
    o.correlation = s.get("correlation", o.correlation);
    o.latticePatch = s.get("latticePatch", o.latticePatch);
    o.conserve = s.get("conserve", o.conserve);
    o.batch = s.get("batch", o.batch);
    o.seed = s.get("seed", o.seed);
    o.title = s.get("title", o.title);
    o.output = s.get("output", o.output);
    o.runtime = RuntimeOptions::read(s);
    for (const std::string& name : names) o.curves.push_back(readCurve(name, s.section(sectionOfCurves + name)));
    o.check(s.where());
    if (o.horizons.empty()) o.horizons = o.steps > 1 ? std::vector<long>{1, o.steps} : std::vector<long>{1};
    return o;
}

void AccuracyOptions::check(const std::string& where) const
{
    if (reference.empty()) refuse(where, "reference", "one or more data sets", "none");
    if (curves.empty()) refuse(where, "curves", "one or more", "none");
    const auto atLeast = [&](const char* keyword, int value, int least)
    {
        if (value < least) refuse(where, keyword, std::to_string(least) + " or more", std::to_string(value));
    };
    atLeast("starts", starts, 1);
    atLeast("trajectories", trajectories, 0);
    atLeast("steps", steps, 1);
    atLeast("batch", batch, 0);
    if (latticePatch == 1 || latticePatch < 0) refuse(where, "latticePatch", "0, or 2 or more", std::to_string(latticePatch));
    if (!(correlation > 0 && correlation < 1))
    {
        refuse(where, "correlation", "above 0 and below 1", describe(Settings::Value(correlation)));
    }
    for (const long step : horizons)
    {
        if (step < 1 || step > steps) refuse(where, "horizons", "steps from 1 to " + std::to_string(steps), std::to_string(step));
    }
}

} // namespace surrogate
