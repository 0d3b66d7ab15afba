#include "caseFigures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace surrogate
{

namespace
{

std::string printed(const char* format, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

void addQuantityRows(std::vector<TextRow>& rows, const CaseComparison& comparison, bool forces)
{
    const RunFigures& reference = comparison.runs.front();
    for (const Quantity& first : reference.quantities)
    {
        if (isForce(first) != forces) continue;
        for (const RunFigures& run : comparison.runs)
        {
            const Quantity* own = run.quantity(first.name);
            if (!own) continue;
            const bool isReference = &run == &reference;
            TextRow row{first.name + (first.unit.empty() ? "" : " [" + first.unit + "]"), run.name, withError(own->mean),
                isReference ? "" : verdict(own->mean, first.mean), withError(own->drift)};
            if (forces)
            {
                const auto mine = frequencyOf(*own), truth = frequencyOf(first);
                row.insert(row.end(), {shortText(own->amplitude), isReference || !own->amplitude || !first.amplitude ? ""
                    : printed("%+.1f %%", 100*(*own->amplitude / *first.amplitude - 1)), withError(mine),
                    isReference ? "" : verdict(mine, truth), own->oscillation ? std::to_string(own->oscillation->periods) : "-"});
            }
            rows.push_back(row);
        }
    }
}

} // namespace

ErrorFigure figureOf(const std::vector<double>& values)
{
    ErrorFigure figure;
    for (const double value : values) figure.mean += value/double(values.size());
    figure.last = values.empty() ? 0 : values.back();
    return figure;
}

std::string verdict(const std::optional<MeanAndError>& run, const std::optional<MeanAndError>& reference)
{
    if (!run || !reference) return "-";
    return differ(*run, *reference) ? "differs" : "alike";
}

std::optional<MeanAndError> frequencyOf(const Quantity& quantity)
{
    if (!quantity.oscillation) return {};
    const double scale = quantity.timeScale.value_or(1);
    return MeanAndError{quantity.oscillation->frequency*scale, quantity.oscillation->frequencyError*scale};
}

std::string withError(const std::optional<MeanAndError>& value)
{
    if (!value) return "-";
    if (!(value->stderror > 0)) return printed("%.5g", value->mean);
    const double size = std::max(std::abs(value->mean), value->stderror);
    const int digits = std::clamp(int(std::floor(std::log10(size))) - int(std::floor(std::log10(value->stderror))) + 2, 2, 8);
    return printed(("%." + std::to_string(digits) + "g").c_str(), value->mean) + " +- " + printed("%.2g", value->stderror);
}

std::string shortText(const std::optional<double>& value, int digits)
{
    if (!value || !std::isfinite(*value)) return "-";
    return printed(("%." + std::to_string(digits) + "g").c_str(), *value);
}

std::vector<double> binCentres(const ProbabilityDensity& density)
{
    std::vector<double> centres;
    for (std::size_t bin = 0; bin < density.bins(); ++bin) centres.push_back(density.lower() + (double(bin) + 0.5)*density.binWidth());
    return centres;
}

std::array<double, 2> bulkRange(const std::vector<double>& values, const std::vector<double>& weights)
{
    constexpr double outside = 0.001;
    if (values.empty()) return {{0, 1}};
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    const auto weight = [&](std::size_t i) { return weights.empty() ? 1.0 : weights[i]; };
    double total = 0;
    for (const std::size_t i : order) total += weight(i);

    std::array<double, 2> range{{values[order.front()], values[order.back()]}};
    double sum = 0;
    for (std::size_t at = 0; at < order.size() && sum <= outside*total; sum += weight(order[at++])) range[0] = values[order[at]];
    sum = 0;
    for (std::size_t at = order.size(); at > 0 && sum <= outside*total; sum += weight(order[at])) range[1] = values[order[--at]];
    return range;
}

bool isForce(const Quantity& quantity) { return quantity.name.find('/') != std::string::npos; }

std::vector<TextRow> runsTable(const CaseComparison& comparison)
{
    std::vector<TextRow> rows{{"run", "path", "cells"}};
    for (const RunFigures& run : comparison.runs) rows.push_back({run.name, run.path, run.cells});
    return rows;
}

std::vector<TextRow> errorsTable(const CaseComparison& comparison, std::size_t run)
{
    const std::vector<ErrorSeries>& errors = comparison.runs[run].errors;
    TextRow header{"mean over time (at the end)"};
    for (const ErrorSeries& field : errors) header.push_back(field.field.name);
    std::vector<TextRow> rows{header};
    for (const std::string& metric : errors.front().metrics)
    {
        TextRow row{metric};
        for (const ErrorSeries& field : errors)
        {
            const ErrorFigure figure = figureOf(field.of(metric));
            row.push_back(shortText(figure.mean) + " (" + shortText(figure.last) + ")");
        }
        rows.push_back(row);
    }
    TextRow row{"correlation above 0.8 until [s]"};
    for (const ErrorSeries& field : errors) row.push_back(field.horizon ? shortText(field.horizon) : "the end");
    rows.push_back(row);
    return rows;
}

std::vector<TextRow> statisticsTable(const CaseComparison& comparison)
{
    std::vector<TextRow> rows{{"quantity", "run", "mean", "against the reference", "drift over the time"}};
    addQuantityRows(rows, comparison, false);
    return rows;
}

std::vector<TextRow> forcesTable(const CaseComparison& comparison)
{
    std::vector<TextRow> rows{{"force", "run", "mean", "mean against the reference", "drift over the time", "amplitude",
        "against the reference", "Strouhal number or frequency", "against the reference", "periods"}};
    addQuantityRows(rows, comparison, true);
    return rows;
}

std::vector<TextRow> distancesTable(const CaseComparison& comparison)
{
    TextRow header{"distance to the reference"};
    for (std::size_t s = 1; s < comparison.runs.size(); ++s) header.push_back(comparison.runs[s].name);
    std::vector<TextRow> rows{header};
    const auto add = [&](const std::string& name, auto figure)
    {
        TextRow row{name};
        bool any = false;
        for (std::size_t s = 1; s < comparison.runs.size(); ++s)
        {
            row.push_back(figure(comparison.runs[s]));
            any = any || row.back() != "-";
        }
        if (any) rows.push_back(row);
    };
    add("energy spectrum, mean |log10 ratio|", [](const RunFigures& run)
    {
        return run.spectrumDistance ? shortText(run.spectrumDistance) + " (1-" + std::to_string(run.lastShell) + ")" : std::string("-");
    });
    for (std::size_t i = 0; i < comparison.runs[0].densities.size(); ++i)
    {
        add("density of " + comparison.runs[0].densities[i].name + ", total variation", [i](const RunFigures& run)
        {
            return shortText(run.densityDistances[i], 3);
        });
    }
    add("autocorrelation, mean difference", [](const RunFigures& run) { return shortText(run.autocorrelationError, 3); });
    add("zonal mean, root mean square difference [m/s]", [](const RunFigures& run) { return shortText(run.zonalError, 3); });
    if (comparison.runs[0].quantity("kineticEnergy") && comparison.times.size() > 1)
    {
        add("kinetic energy within 5 sigma of the reference's", [](const RunFigures& run)
        {
            return run.leavesFiveSigma ? "until " + shortText(run.leavesFiveSigma) + " s" : std::string("always");
        });
    }
    return rows;
}

std::vector<TextRow> costTable(const CaseComparison& comparison)
{
    std::vector<TextRow> rows{{"run", "processor time per time", "wall time per time", "times cheaper", "steps by solver",
        "steps by model", "steps taken back", "time by model", "speed-up within the run"}};
    const auto& reference = comparison.runs[0].cost;
    bool any = false;
    for (const RunFigures& run : comparison.runs)
    {
        any = any || run.cost || run.steps;
        TextRow row{run.name, run.cost ? shortText(run.cost->processorTime) : "-", run.cost ? shortText(run.cost->wallTime) : "-",
            run.cost && reference && run.cost->processorTime > 0 ? shortText(reference->processorTime/run.cost->processorTime, 3) : "-"};
        if (run.steps)
        {
            const double all = run.steps->simulatedBySolver + run.steps->simulatedByModel;
            row.insert(row.end(), {std::to_string(run.steps->bySolver), std::to_string(run.steps->byModel),
                std::to_string(run.steps->rejected), all > 0 ? printed("%.0f %%", 100*run.steps->simulatedByModel/all) : "-",
                shortText(run.steps->speedUp, 3)});
        }
        else row.insert(row.end(), 5, "-");
        rows.push_back(row);
    }
    if (!any) rows.resize(1);
    return rows;
}

} // namespace surrogate
