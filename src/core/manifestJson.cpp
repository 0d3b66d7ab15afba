#include "core/jsonObject.h"
#include "core/manifest.h"

#include <cmath>

namespace surrogate
{

namespace
{

Json toJson(const Settings& settings, const std::string& entry)
{
    Json object = Json::object();
    for (const auto& [keyword, value] : settings.all())
    {
        const auto requireFinite = [&, &name = keyword](double number)
        {
            if (std::isfinite(number)) return;
            throw Error({"JSON has no such number", "entry " + entry + "." + name, "finite", std::to_string(number), {}});
        };
        if (const auto* number = std::get_if<double>(&value)) requireFinite(*number);
        if (const auto* list = std::get_if<std::vector<double>>(&value))
        {
            for (const double number : *list) requireFinite(number);
        }
        object[keyword] = std::visit([](const auto& v) { return Json(v); }, value);
    }
    return object;
}

} // namespace

std::string toJson(const Manifest& manifest)
{
    Json json =
    {
        {"format", manifest.format},
        {"method", manifest.method},
        {"network", {{"type", manifest.network}, {"settings", toJson(manifest.networkSettings, "network.settings")}}},
        {"fields", toJson(manifest.fields)},
        {"grid", toJson(manifest.grid)},
        {"variables",
        {
            {"type", manifest.variables},
            {"names", manifest.variableNames},
            {"mean", manifest.mean},
            {"stddev", manifest.stddev},
            {"incrementStddev", manifest.incrementStddev}
        }},
        {"time", {{"step", manifest.timeStep}, {"history", manifest.history}}},
        {"diffusion", toJson(manifest.diffusion, "diffusion")},
        {"origin", manifest.origin}
    };
    if (manifest.geometry)
    {
        json["geometry"] = {{"channels", manifest.geometry->channels}, {"distanceLength", manifest.geometry->distanceLength}};
    }
    if (manifest.hierarchy)
    {
        json["hierarchy"] = {{"pool", manifest.hierarchy->pool}, {"incrementStddev", manifest.hierarchy->incrementStddev}};
    }
    return json.dump(4, ' ', false, Json::error_handler_t::replace);
}

Manifest manifestFromJson(const std::string& text, const std::string& where)
{
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
    {
        throw Error({"The manifest of a model is not JSON", where, "a JSON object", text.substr(0, 60), {}});
    }
    const JsonObject object(json, "The manifest of a model", where, "");

    Manifest manifest;
    manifest.format = object.get<int>("format");
    if (manifest.format != Manifest::currentFormat) manifest.check(where);
    manifest.method = object.get<std::string>("method");
    manifest.network = object.object("network").get<std::string>("type");
    manifest.networkSettings = object.object("network").settings("settings");
    manifest.fields = readFields(object);
    manifest.grid = readGrid(object.object("grid"));

    const JsonObject variables = object.object("variables");
    manifest.variables = variables.get<std::string>("type");
    manifest.variableNames = variables.list<std::string>("names");
    manifest.mean = variables.list<double>("mean");
    manifest.stddev = variables.list<double>("stddev");
    manifest.incrementStddev = variables.list<double>("incrementStddev");

    if (object.found("geometry"))
    {
        const JsonObject geometry = object.object("geometry");
        manifest.geometry = {geometry.list<std::string>("channels"), geometry.get<double>("distanceLength")};
    }

    if (object.found("hierarchy"))
    {
        const JsonObject hierarchy = object.object("hierarchy");
        manifest.hierarchy = {hierarchy.list<int>("pool"), hierarchy.lists<double>("incrementStddev")};
    }

    manifest.timeStep = object.object("time").get<double>("step");
    manifest.history = object.object("time").get<int>("history");
    manifest.diffusion = object.settings("diffusion");
    manifest.origin = object.words("origin");
    manifest.check(where);
    return manifest;
}

} // namespace surrogate
