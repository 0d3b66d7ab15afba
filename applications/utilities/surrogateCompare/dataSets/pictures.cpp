#include "pictures.h"

#include "report/plots.h"

#include "vtk/fieldPanels.h"
#include "vtk/seriesWriter.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace surrogate
{

namespace
{

constexpr double margin = pictureMargin;

std::vector<double> vorticityOf(const State& state)
{
    const double* values = state.field("vorticity");
    return {values, values + state.grid.nCells()};
}

//- "surrogate - solver", enlarged by a power of ten where it would be too faint to see in the range of the other panels
FieldPanel makeErrorPanel(const std::string& name, const State& state, const State& truth, double high)
{
    FieldPanel panel{name, state.grid, vorticityOf(state)};
    const std::vector<double> reference = vorticityOf(truth);
    for (std::size_t i = 0; i < reference.size(); ++i) panel.values[i] -= reference[i];

    double factor = 1;
    while (factor < 1000 && 10*factor*symmetricRange({panel}) <= high) factor *= 10;
    if (factor > 1) panel.title = std::to_string(int(factor)) + " x (" + name + ")";
    for (double& value : panel.values) value *= factor;
    return panel;
}

FieldPanels makePanels(const ComparisonInput& input)
{
    FieldPanels fields;
    const PictureInput& picture = input.picture;
    const auto stateOf = [&](const std::string& name) -> std::optional<State>
    {
        const std::size_t run = input.position(name);
        if (input.runs[run].starts.empty()) return {};
        return shortRunState(input, run, picture.start, picture.time);
    };
    char time[32];
    std::snprintf(time, sizeof time, ", t = %g", picture.time);
    for (const std::string& name : picture.runs)
    {
        if (const auto state = stateOf(name)) fields.panels.push_back({name + time, state->grid, vorticityOf(*state)});
    }
    fields.high = symmetricRange(fields.panels);
    fields.low = -fields.high;
    if (!picture.error.empty() && input.position(picture.error) != 0)
    {
        const auto state = stateOf(picture.error), truth = stateOf(input.reference().name);
        const std::string name = picture.error + " - " + input.reference().name;
        if (state && truth) fields.panels.push_back(makeErrorPanel(name, *state, *truth, fields.high));
    }
    fields.label = "vorticity [1/s]";
    return fields;
}

} // namespace

Curve makeCurve(const ComparisonInput& input, std::size_t run)
{
    Curve curve;
    curve.name = input.runs[run].name;
    curve.colour = lineColour(run);
    curve.dash = run > 0 && input.runs[run].stepsByModel.value_or(1) == 0 ? 6 : 0;
    return curve;
}

LinePlot makeSpectra(const ComparisonInput& input, const ComparisonResult& result)
{
    LinePlot plot;
    plot.title = "Mean energy spectrum";
    plot.xLabel = "wave number";
    plot.yLabel = "energy [m2/s2]";
    plot.xAxis.logarithmic = plot.yAxis.logarithmic = true;
    plot.legend = false;
    double lowest = 1e300;
    for (std::size_t run = 0; run < result.runs.size(); ++run)
    {
        const std::vector<double>& spectrum = result.runs[run].meanSpectrum;
        if (spectrum.empty()) continue;
        Curve curve = makeCurve(input, run);
        for (std::size_t k = 1; k < spectrum.size(); ++k)
        {
            curve.x.push_back(double(k));
            curve.y.push_back(spectrum[k]);
            if (run == 0 && spectrum[k] > 0) lowest = std::min(lowest, spectrum[k]);
        }
        plot.curves.push_back(curve);
    }
    plot.fitAxes();
    if (lowest < 1e300) plot.yAxis.low = std::max(plot.yAxis.low, std::pow(10, std::floor(std::log10(lowest)) - 1));
    return plot;
}

namespace
{

LinePlot makeCorrelations(const ComparisonInput& input, const ComparisonResult& result)
{
    LinePlot plot;
    plot.title = "Correlation with " + input.reference().name;
    plot.xLabel = "time after the start [s]";
    plot.yLabel = "correlation of vorticity";
    for (std::size_t run = 0; run < result.runs.size(); ++run)
    {
        Curve curve = makeCurve(input, run);
        curve.x = result.runs[run].curveTimes;
        curve.y = result.runs[run].curve;
        plot.curves.push_back(curve);
    }
    plot.fitAxes();
    return plot;
}

} // namespace

void drawComparison(const std::string& path, const ComparisonInput& input, const ComparisonResult& result)
{
    const FieldPanels fields = makePanels(input);
    const LinePlot spectra = makeSpectra(input, result), correlations = makeCorrelations(input, result);
    const bool hasStarts = input.nStarts() > 0;
    if (!hasStarts && (spectra.curves.empty() || input.hasMembers())) return;

    const double inner = pictureWidth - 2*margin;
    const double fieldsHeight = fields.panels.empty() ? 0 : heightOf(fields, inner) + margin;
    Canvas canvas(int(pictureWidth), int(std::ceil(fieldsHeight + plotHeight + margin)));
    if (!fields.panels.empty()) draw(canvas, {margin, margin + plotHeight, inner, fieldsHeight - margin}, fields);
    if (!spectra.curves.empty()) draw(canvas, {margin, margin/2, 0.45*inner, plotHeight}, spectra);
    if (hasStarts) draw(canvas, {margin + 0.46*inner, margin/2, 0.54*inner, plotHeight}, correlations);
    canvas.write(path);
}

void writeSeries(const std::string& folder, const ComparisonInput& input)
{
    const std::size_t start = input.picture.start;
    for (std::size_t run = 1; run < input.runs.size(); ++run)
    {
        if (input.runs[run].starts.empty() || input.nStarts() == 0) continue;
        const std::filesystem::path path = std::filesystem::path(folder)/input.runs[run].name;
        removeSeries(path.string());
        SeriesWriter series(path.string());
        for (const double time : shortRunTimes(input, run, start))
        {
            const auto prediction = shortRunState(input, run, start, time), reference = shortRunState(input, 0, start, time);
            if (prediction && reference) series.append(besideReference(*prediction, *reference));
        }
    }
}

} // namespace surrogate
