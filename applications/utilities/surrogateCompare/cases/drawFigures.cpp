#include "casePictures.h"

#include "caseFigures.h"
#include "costPlots.h"
#include "report/plots.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

constexpr std::size_t mostForces = 6, mostDensities = 6;

Curve curveOf(const CaseComparison& comparison, std::size_t run, std::vector<double> x, std::vector<double> y)
{
    Curve curve;
    curve.name = comparison.runs[run].name;
    curve.colour = lineColour(run);
    curve.markers = x.size() < 12;
    curve.x = std::move(x);
    curve.y = std::move(y);
    return curve;
}

LinePlot plotOf(const std::string& title, const std::string& xLabel, const std::string& yLabel)
{
    LinePlot plot;
    plot.title = title;
    plot.xLabel = xLabel;
    plot.yLabel = yLabel;
    return plot;
}

//- VRMSE and correlation of each field
std::vector<LinePlot> errorPlots(const CaseComparison& comparison)
{
    std::vector<LinePlot> plots;
    for (std::size_t i = 0; i < comparison.fields.size(); ++i)
    {
        for (const char* metric : {"VRMSE", "correlation"})
        {
            LinePlot plot = plotOf(std::string(metric) + " of " + comparison.fields[i].name, "time [s]", metric);
            for (std::size_t s = 1; s < comparison.runs.size(); ++s)
            {
                plot.curves.push_back(curveOf(comparison, s, comparison.times, comparison.runs[s].errors[i].of(metric)));
            }
            plot.fitAxes();
            plots.push_back(plot);
        }
    }
    return plots;
}

std::vector<LinePlot> quantityPlots(const CaseComparison& comparison, bool forces)
{
    std::vector<LinePlot> plots;
    for (const Quantity& first : comparison.runs[0].quantities)
    {
        if (isForce(first) != forces || first.values.size() < 2 || (forces && plots.size() == mostForces)) continue;
        LinePlot plot = plotOf(first.name, "time [s]", first.name + (first.unit.empty() ? "" : " [" + first.unit + "]"));
        for (std::size_t s = 0; s < comparison.runs.size(); ++s)
        {
            if (const Quantity* own = comparison.runs[s].quantity(first.name))
            {
                plot.curves.push_back(curveOf(comparison, s, own->times, own->values));
                plot.curves.back().markers = plot.curves.back().markers && !forces;
            }
        }
        plot.fitAxes();
        plots.push_back(plot);
    }
    return plots;
}

LinePlot spectrumPlot(const CaseComparison& comparison)
{
    LinePlot plot = plotOf("Mean energy spectrum", "wave number", "energy [m2/s2]");
    plot.xAxis.logarithmic = plot.yAxis.logarithmic = true;
    double least = 1e300, most = 0;
    for (std::size_t s = 0; s < comparison.runs.size(); ++s)
    {
        const std::vector<double>& spectrum = comparison.runs[s].spectrum;
        std::vector<double> waves;
        for (std::size_t k = 1; k < spectrum.size(); ++k)
        {
            waves.push_back(double(k));
            most = std::max(most, spectrum[k]);
            if (s == 0 && spectrum[k] > 0) least = std::min(least, spectrum[k]);
        }
        if (!waves.empty()) plot.curves.push_back(curveOf(comparison, s, waves, {spectrum.begin() + 1, spectrum.end()}));
    }
    plot.fitAxes();
    least = std::max(least, 1e-14*most);   // below is rounding
    if (most > least) plot.yAxis.low = std::max(plot.yAxis.low, std::pow(10, std::floor(std::log10(least)) - 1));
    return plot;
}

std::vector<LinePlot> spaceAndTimePlots(const CaseComparison& comparison)
{
    std::vector<LinePlot> plots{spectrumPlot(comparison)};
    LinePlot zonal = plotOf("Zonal mean of the velocity", "second coordinate [m]", "velocity along the first axis [m/s]");
    LinePlot memory = plotOf("Autocorrelation of " + comparison.statisticsOf, "time lag [s]", "C");
    for (std::size_t s = 0; s < comparison.runs.size(); ++s)
    {
        const RunFigures& run = comparison.runs[s];
        if (!run.zonalMean.empty()) zonal.curves.push_back(curveOf(comparison, s, comparison.zonalCoordinate, run.zonalMean));
        std::vector<double> lags;
        for (std::size_t lag = 0; lag < run.autocorrelation.size(); ++lag) lags.push_back(double(lag)*comparison.interval.value_or(1));
        if (lags.size() > 1) memory.curves.push_back(curveOf(comparison, s, lags, run.autocorrelation));
    }
    plots.push_back(zonal);
    plots.push_back(memory);
    plots.erase(std::remove_if(plots.begin(), plots.end(), [](const LinePlot& plot) { return plot.curves.empty(); }), plots.end());
    for (LinePlot& plot : plots)
    {
        if (!plot.xAxis.logarithmic) plot.fitAxes();
    }
    return plots;
}

std::vector<LinePlot> densityPlots(const CaseComparison& comparison)
{
    std::vector<LinePlot> plots;
    for (std::size_t i = 0; i < comparison.runs[0].densities.size() && i < mostDensities; ++i)
    {
        const std::string& name = comparison.runs[0].densities[i].name;
        LinePlot plot = plotOf("Probability density of " + name, name, "density");
        plot.yAxis.logarithmic = true;
        for (std::size_t s = 0; s < comparison.runs.size(); ++s)
        {
            const ProbabilityDensity& density = comparison.runs[s].densities[i].of;
            plot.curves.push_back(curveOf(comparison, s, binCentres(density), density.density()));
        }
        plot.fitAxes();
        plot.yAxis.low = std::max(plot.yAxis.low, 1e-6*plot.yAxis.high);
        plots.push_back(plot);
    }
    return plots;
}

} // namespace

std::vector<PlotPicture> drawFigures(const std::string& folder, const CaseComparison& comparison)
{
    std::vector<PlotPicture> pictures;
    const auto add = [&](const std::string& file, const std::string& title, const std::string& caption, const std::vector<LinePlot>& plots)
    {
        if (plots.empty()) return;
        pictures.push_back({folder + "/" + file, title, caption});
        drawPlots(pictures.back().file, plots);
    };
    if (comparison.times.size() > 1)
    {
        add("errors.png", "Errors over time", "Against " + comparison.runs[0].name + "; 0 is a perfect VRMSE, 1 a perfect correlation.",
            errorPlots(comparison));
    }
    add("statistics.png", "Energy, enstrophy and rate of change", "Means over the volume of each run's own cells.",
        quantityPlots(comparison, false));
    add("forces.png", "Forces", "As the function objects wrote them.", quantityPlots(comparison, true));
    add("spectra.png", "Scales and memory", "Means over all compared times.", spaceAndTimePlots(comparison));
    add("densities.png", "Probability densities", "Of all cells and times, by volume.", densityPlots(comparison));
    add("cost.png", "Error against cost", "To the left is cheaper, below is more accurate; a run is among the best where no other is both.",
        costPlots(comparison));
    return pictures;
}

} // namespace surrogate
