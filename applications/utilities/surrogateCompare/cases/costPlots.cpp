#include "costPlots.h"

#include "caseFigures.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace surrogate
{

namespace
{

bool byModel(const RunFigures& run) { return run.steps && run.steps->byModel > 0; }

Colour colourOf(bool model) { return lineColour(model ? 2 : 1); }

//- Line through the best of the runs that a model took part in, or of the others
Curve frontOf(const std::vector<const RunFigures*>& runs, const std::vector<double>& errors, bool model)
{
    std::vector<double> costs, theirErrors;
    for (std::size_t i = 0; i < runs.size(); ++i)
    {
        if (byModel(*runs[i]) != model) continue;
        costs.push_back(runs[i]->cost->processorTime);
        theirErrors.push_back(errors[i]);
    }
    Curve front;
    front.name = model ? "with a model" : "solver alone";
    front.colour = colourOf(model);
    front.lineWidth = 1.5;
    for (const std::size_t i : paretoFront(costs, theirErrors))
    {
        front.x.push_back(costs[i]);
        front.y.push_back(theirErrors[i]);
    }
    return front;
}

} // namespace

std::vector<std::size_t> paretoFront(const std::vector<double>& costs, const std::vector<double>& errors)
{
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b)
    {
        return costs[a] < costs[b] || (costs[a] == costs[b] && errors[a] < errors[b]);
    });
    std::vector<std::size_t> front;
    double least = std::numeric_limits<double>::infinity();
    for (const std::size_t i : order)
    {
        if (!(errors[i] < least)) continue;
        least = errors[i];
        front.push_back(i);
    }
    return front;
}

std::vector<LinePlot> costPlots(const CaseComparison& comparison)
{
    std::vector<const RunFigures*> runs;
    for (std::size_t s = 1; s < comparison.runs.size(); ++s)
    {
        const RunFigures& run = comparison.runs[s];
        if (!run.cost || !(run.cost->processorTime > 0)) continue;
        runs.push_back(&run);
    }
    std::vector<LinePlot> plots;
    if (runs.size() < 2) return plots;

    for (std::size_t i = 0; i < comparison.fields.size(); ++i)
    {
        LinePlot plot;
        plot.title = "Error of " + comparison.fields[i].name + " against cost";
        plot.xLabel = "processor time over simulated time";
        plot.yLabel = "VRMSE, mean over time";
        plot.xAxis.logarithmic = plot.yAxis.logarithmic = true;
        std::vector<double> errors;
        for (const RunFigures* run : runs) errors.push_back(figureOf(run->errors[i].of("VRMSE")).mean);
        for (const bool model : {false, true})
        {
            const Curve front = frontOf(runs, errors, model);
            if (!front.x.empty()) plot.curves.push_back(front);
        }
        for (std::size_t r = 0; r < runs.size(); ++r)
        {
            Curve dot;
            dot.label = runs[r]->name;
            dot.colour = colourOf(byModel(*runs[r]));
            dot.markers = true;
            dot.x = {runs[r]->cost->processorTime};
            dot.y = {errors[r]};
            plot.curves.push_back(dot);
        }
        plot.fitAxes();
        plot.xAxis.low /= 1.3;
        plot.xAxis.high *= 1.3;
        plots.push_back(plot);
    }
    return plots;
}

} // namespace surrogate
