#include "accuracy.h"

#include "report/html.h"
#include "report/plots.h"
#include "report/textTable.h"

#include "core/error.h"
#include "core/processor.h"
#include "core/version.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

namespace surrogate
{

namespace
{

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;
using Points = AccuracyResult::Curve;

Json orNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json toJson(const MeanAndError& value) { return {{"mean", orNull(value.mean)}, {"stderr", orNull(value.stderror)}}; }

std::string withError(const MeanAndError& value)
{
    if (!std::isfinite(value.mean)) return "-";
    return formatted("%.3g", value.mean) + (value.stderror > 0 ? formatted(" +- %.1g", value.stderror) : "");
}

std::string setting(const Points& curve, const AccuracyPoint& point)
{
    return curve.knob.empty() ? curve.name : curve.name + ", " + curve.knob + " " + formatted("%g", point.value);
}

std::vector<Row> tableOf(const AccuracyOptions& options, const AccuracyResult& result)
{
    Row header{"", "parameters", "models", "iterations", "ms per step"};
    for (const long step : options.horizons) header.push_back("VRMSE, step " + std::to_string(step));
    header.push_back("trajectory error");
    header.push_back("correlated [s]");
    if (options.latticePatch > 0) header.push_back("lattice peaks");
    std::vector<Row> rows{header};
    for (const Points& curve : result.curves)
    {
        for (const AccuracyPoint& point : curve.points)
        {
            Row row{setting(curve, point), std::to_string(curve.parameters), std::to_string(point.models.size()),
                point.iterations ? formatted("%.2f", *point.iterations) : "-", formatted("%.3g", 1000*point.timePerStep)};
            for (const MeanAndError& error : point.vrmse) row.push_back(withError(error));
            row.push_back(withError(point.error));
            row.push_back(withError(point.horizon));
            if (options.latticePatch > 0) row.push_back(point.peak ? formatted("%.2f", *point.peak) : "-");
            rows.push_back(row);
        }
    }
    return rows;
}

Json toJson(const AccuracyOptions& options, const Points& curve)
{
    Json points = Json::array();
    for (const AccuracyPoint& point : curve.points)
    {
        Json vrmse = Json::object();
        for (std::size_t i = 0; i < point.vrmse.size(); ++i) vrmse[std::to_string(options.horizons[i])] = toJson(point.vrmse[i]);
        Json json;
        if (!curve.knob.empty()) json[curve.knob] = point.value;
        json["millisecondsPerStep"] = orNull(1000*point.timePerStep);
        json["iterations"] = point.iterations ? orNull(*point.iterations) : Json(nullptr);
        json["vrmse"] = vrmse;
        json["trajectoryError"] = toJson(point.error);
        json["correlationHorizon"] = toJson(point.horizon);
        json["latticePeaks"] = point.peak ? orNull(*point.peak) : Json(nullptr);
        json["failure"] = point.failure.empty() ? Json(nullptr) : Json(point.failure);
        points.push_back(json);
    }
    return {{"name", curve.name}, {"network", curve.network}, {"parameters", curve.parameters}, {"points", points}};
}

void write(const fs::path& path, const std::string& text)
{
    std::ofstream file(path);
    file << text;
    file.close();
    if (!file) throw Error({"Cannot write", path.string(), "a folder that can be written", "", {}});
}

std::string errorsTable(const AccuracyResult& result)
{
    std::string text = "curve,knob,value,step,time,vrmse,error\n";
    for (const Points& curve : result.curves)
    {
        for (const AccuracyPoint& point : curve.points)
        {
            for (std::size_t step = 1; step <= point.overSteps.size(); ++step)
            {
                text += curve.name + "," + curve.knob + "," + formatted("%g", point.value) + "," + std::to_string(step) + ","
                    + formatted("%g", double(step)*result.timeStep) + "," + formatted("%.6g", point.overSteps[step - 1]) + ","
                    + formatted("%.6g", point.squareOverSteps[step - 1]) + "\n";
            }
        }
    }
    return text;
}

//- A vertical bar from mean - stderror to mean + stderror
Curve bar(double x, const MeanAndError& y, const Colour& colour)
{
    Curve curve;
    curve.colour = colour;
    curve.lineWidth = 1.2;
    curve.x = {x, x};
    curve.y = {std::max(y.mean - y.stderror, 0.1*y.mean), y.mean + y.stderror};
    return curve;
}

//- A line a curve through its points, with error bars; x where it returns a number above 0
LinePlot errorAgainst(const AccuracyResult& result, const std::string& xLabel,
    const std::function<double(const Points&, const AccuracyPoint&)>& x)
{
    LinePlot plot;
    plot.xLabel = xLabel;
    plot.yLabel = "trajectory error";
    plot.xAxis.logarithmic = plot.yAxis.logarithmic = true;
    std::size_t number = 0;
    for (const Points& points : result.curves)
    {
        Curve line;
        line.name = points.name;
        line.colour = lineColour(number++);
        line.markers = true;
        for (const AccuracyPoint& point : points.points)
        {
            const double at = x(points, point);
            if (!(at > 0) || !std::isfinite(point.error.mean)) continue;
            line.x.push_back(at);
            line.y.push_back(point.error.mean);
            if (point.error.stderror > 0) plot.curves.push_back(bar(at, point.error, line.colour));
        }
        if (!line.x.empty()) plot.curves.push_back(line);
    }
    if (plot.curves.empty()) return plot;
    plot.fitAxes();
    plot.xAxis.low /= 1.2;
    plot.xAxis.high *= 1.2;
    return plot;
}

//- One curve a setting; where a curve has several points, the first and the last
LinePlot overSettings(const AccuracyResult& result, const std::function<void(const AccuracyPoint&, Curve&)>& fill)
{
    LinePlot plot;
    std::size_t number = 0;
    for (const Points& points : result.curves)
    {
        const Colour colour = lineColour(number++);
        for (std::size_t i = 0; i < points.points.size(); ++i)
        {
            const bool last = i + 1 == points.points.size();
            if (i > 0 && !last) continue;
            Curve curve;
            curve.name = setting(points, points.points[i]);
            curve.colour = colour;
            curve.dash = last ? 0 : 6;
            fill(points.points[i], curve);
            if (!curve.x.empty()) plot.curves.push_back(curve);
        }
    }
    return plot;
}

LinePlot vrmsePlot(const AccuracyResult& result)
{
    LinePlot plot = overSettings(result, [&](const AccuracyPoint& point, Curve& curve)
    {
        for (std::size_t i = 0; i < point.overSteps.size(); ++i)
        {
            curve.x.push_back(double(i + 1)*result.timeStep);
            curve.y.push_back(point.overSteps[i]);
        }
    });
    plot.title = "Error over time";
    plot.xLabel = "time after the start [s]";
    plot.yLabel = "VRMSE";
    plot.yAxis.logarithmic = true;
    plot.fitAxes();
    return plot;
}

LinePlot spectrumPlot(const AccuracyResult& result)
{
    LinePlot plot = overSettings(result, [&](const AccuracyPoint& point, Curve& curve)
    {
        if (point.power.empty()) return;
        const std::vector<double> power = powerAlongAxes(result.grid, point.power);
        for (std::size_t k = 1; k < power.size(); ++k)
        {
            curve.x.push_back(double(k));
            curve.y.push_back(power[k]);
        }
    });
    plot.title = "Power of the last step's error along the axes";
    plot.xLabel = "waves along an axis";
    plot.yLabel = "power by the field's variance";
    plot.yAxis.logarithmic = true;
    if (!plot.curves.empty()) plot.fitAxes();
    return plot;
}

//- Where all knobs are one; without curves where they are not
LinePlot againstKnob(const AccuracyResult& result)
{
    std::string knob;
    for (const Points& curve : result.curves)
    {
        if (curve.knob.empty()) continue;
        if (!knob.empty() && knob != curve.knob) return {};
        knob = curve.knob;
    }
    LinePlot plot = errorAgainst(result, knob, [](const Points& curve, const AccuracyPoint& point)
    {
        return curve.knob.empty() ? 0 : point.value;
    });
    plot.title = "Error against " + knob;
    return plot;
}

void drawAccuracy(const std::string& path, const AccuracyOptions& options, const AccuracyResult& result)
{
    std::vector<LinePlot> plots;
    plots.push_back(errorAgainst(result, "wall time of a step [ms]",
        [](const Points&, const AccuracyPoint& point) { return 1000*point.timePerStep; }));
    plots.back().title = "Error against cost";
    plots.push_back(errorAgainst(result, "iterations or evaluations of a step, mean",
        [](const Points&, const AccuracyPoint& point) { return point.iterations.value_or(0); }));
    plots.back().title = "Error against iterations";
    if (plots.back().curves.empty()) plots.back() = againstKnob(result);
    plots.push_back(vrmsePlot(result));
    if (options.latticePatch > 0) plots.push_back(spectrumPlot(result));
    std::vector<LinePlot> drawn;
    for (const LinePlot& plot : plots)
    {
        if (!plot.curves.empty()) drawn.push_back(plot);
    }
    drawPlots(path, drawn, true);
}

std::string meaning(const AccuracyOptions& options, const AccuracyResult& result)
{
    std::string fields;
    for (const std::string& name : result.fields) fields += (fields.empty() ? "" : ", ") + name;
    std::string text = std::to_string(result.starts) + " forecasts of " + std::to_string(options.steps) + " steps of "
        + formatted("%g", result.timeStep) + " s, " + result.grid.describe() + ", fields " + fields
        + ". Trajectory error: mean over steps and fields of the mean-square error by the field's variance. Correlated: until the "
        "mean correlation of the fields is below " + formatted("%g", options.correlation)
        + ". +-: standard error over the models where there are several, else over the forecasts. ms per step: of one forecast, in "
        "a batch of " + std::to_string(options.batch > 0 ? options.batch : int(result.starts)) + ".";
    if (options.latticePatch > 0)
    {
        text += " Lattice peaks: by how much the last step's error is larger in the waves of a lattice of "
            + std::to_string(options.latticePatch) + " cells than in those beside them (1: no trace).";
    }
    return text;
}

} // namespace

void reportAccuracy(const AccuracyOptions& options, const AccuracyResult& result, const std::string& command)
{
    const fs::path folder(options.output);
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) throw Error({"Cannot make the output folder", folder.string(), "", failure.message(), {}});

    const std::vector<Row> rows = tableOf(options, result);
    std::vector<std::string> notes;
    Json curves = Json::array();
    for (const Points& curve : result.curves)
    {
        curves.push_back(toJson(options, curve));
        for (const AccuracyPoint& point : curve.points)
        {
            if (!point.failure.empty()) notes.push_back(setting(curve, point) + " failed at " + point.failure);
        }
    }
    const Json summary =
    {
        {"title", options.title}, {"processor", processorName()}, {"runtime", result.runtime}, {"forecasts", result.starts},
        {"steps", options.steps}, {"timeStep", result.timeStep}, {"curves", curves}
    };
    write(folder/"summary.json", summary.dump(4) + "\n");
    write(folder/"errors.csv", errorsTable(result));

    const std::string title = options.title.empty() ? "Accuracy against cost" : options.title;
    std::cout << title << ", " << processorName() << "; " << result.runtime << "\n" << meaning(options, result) << "\n\n";
    printTable(std::cout, rows);
    for (const std::string& note : notes) std::cout << "note: " << note << "\n";

    drawAccuracy((folder/"accuracy.png").string(), options, result);
    Html page(title);
    page.paragraph(meaning(options, result) + " " + processorName() + "; " + result.runtime + ".");
    page.table(rows);
    page.picture((folder/"accuracy.png").string(), "Dashed: the first setting of a curve, solid: its last one");
    if (!notes.empty())
    {
        page.heading("Notes");
        page.list(notes);
    }
    page.heading("To repeat this");
    page.code("cd " + fs::current_path().string() + "\n" + command);
    page.paragraph(version);
    page.write((folder/"report.html").string());
}

} // namespace surrogate
