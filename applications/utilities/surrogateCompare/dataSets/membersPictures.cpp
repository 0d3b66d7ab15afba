#include "membersPictures.h"

#include "members.h"
#include "pictures.h"

#include "report/plots.h"

#include "vtk/fieldPanels.h"
#include "vtk/linePlot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace surrogate
{

namespace
{

constexpr double margin = pictureMargin;
constexpr std::size_t mostPoints = 400;   // of a curve over time

std::string titleOf(const std::string& name, double time, bool ends)
{
    char text[64];
    std::snprintf(text, sizeof text, "%s t = %g", ends ? ", ends at" : ",", time);
    return name + text;
}

std::vector<double> pictureTimes(const ComparisonInput& input)
{
    if (!input.longPicture.times.empty()) return input.longPicture.times;
    double longest = 0;
    for (const std::string& name : input.longPicture.runs)
    {
        longest = std::max(longest, memberLength(input, input.position(name), input.longPicture.member));
    }
    return {0.01*longest, 0.1*longest, 0.4*longest, longest};
}

FieldPanels makeRow(const ComparisonInput& input, const std::string& name, const std::vector<double>& times)
{
    const std::size_t run = input.position(name), members = input.runs[run].members.size();
    FieldPanels row;
    row.label = "vorticity [1/s]";
    for (std::size_t i = 0; i < times.size(); ++i)
    {
        std::size_t member = input.longPicture.member;
        const bool ends = memberLength(input, run, member) < times[i] - input.oneStep;
        if (run == 0 && ends) member = (member + i)%members;
        MemberSnapshot snapshot = memberSnapshot(input, run, member, times[i]);
        const std::string title = titleOf(name, snapshot.time, ends && run != 0);
        row.panels.push_back({title, snapshot.grid, std::move(snapshot.vorticity)});
    }
    return row;
}

//- At most mostPoints points, the last one included
Curve thinned(Curve curve, const std::vector<double>& x, const std::vector<double>& y)
{
    const std::size_t stride = x.size()/mostPoints + 1;
    for (std::size_t i = 0; i < x.size(); i += stride)
    {
        curve.x.push_back(x[i]);
        curve.y.push_back(y[i]);
    }
    if (!x.empty() && curve.x.back() != x.back())
    {
        curve.x.push_back(x.back());
        curve.y.push_back(y.back());
    }
    return curve;
}

//- One thin line a member, and lines at the mean and 5 standard deviations around it
LinePlot makeOverTime(const ComparisonInput& input, const ComparisonResult& result, std::vector<double> MemberSeries::*values,
    const MeanAndDeviation& band)
{
    LinePlot plot;
    plot.xLabel = "time after the start [s]";
    for (std::size_t run = 0; run < result.runs.size(); ++run)
    {
        if (!result.runs[run].members) continue;
        Curve curve = makeCurve(input, run);
        curve.lineWidth = 1;
        for (const MemberSeries& series : result.runs[run].members->series)
        {
            plot.curves.push_back(thinned(curve, series.times, series.*values));
            curve.name.clear();
        }
    }
    plot.fitAxes();
    plot.yAxis.low = std::max({0.0, plot.yAxis.low, band.mean - 12*band.stddev});
    plot.yAxis.high = std::min(plot.yAxis.high, band.mean + 12*band.stddev);
    plot.yAxis.low = std::min(plot.yAxis.low, std::max(0.0, band.mean - 6*band.stddev));
    plot.yAxis.high = std::max(plot.yAxis.high, band.mean + 6*band.stddev);
    for (const double sigmas : {-5.0, 0.0, 5.0})
    {
        const double level = band.mean + sigmas*band.stddev;
        Curve line;
        line.name = sigmas > 0 ? "mean, +- 5 sigma" : "";
        line.x = {plot.xAxis.low, plot.xAxis.high};
        line.y = {level, level};
        line.dash = 5;
        plot.curves.push_back(line);
    }
    return plot;
}

//- The level below which all but a thousandth of all estimates are, and never a narrow range
double highestLevel(const ComparisonResult& result)
{
    std::map<long, double> all;
    double total = 0, below = 0;
    for (const RunResult& run : result.runs)
    {
        if (!run.members) continue;
        for (const auto& [level, counts] : run.members->levels)
        {
            all[level] += counts[0] + counts[1];
            total += counts[0] + counts[1];
        }
    }
    for (const auto& [level, count] : all)
    {
        below += count;
        if (below >= 0.999*total) return std::max(5.0, double(level));
    }
    return 5;
}

LinePlot makeLevels(const ComparisonInput& input, const ComparisonResult& result)
{
    LinePlot plot;
    plot.title = "Estimated noise levels";
    plot.xLabel = "level";
    plot.yLabel = "share of the steps";
    plot.yAxis.logarithmic = true;
    for (std::size_t run = 0; run < result.runs.size(); ++run)
    {
        if (!result.runs[run].members) continue;
        const LevelHistogram& levels = result.runs[run].members->levels;
        for (const std::size_t which : {1, 0})
        {
            double total = 0;
            for (const auto& [level, counts] : levels) total += counts[which];
            if (total == 0) continue;
            Curve curve = makeCurve(input, run);
            curve.name += which == 1 ? ", state" : ", condition";
            curve.dash = which == 1 ? 0 : 6;
            curve.markers = true;
            for (const auto& [level, counts] : levels)
            {
                curve.x.push_back(double(level));
                curve.y.push_back(counts[which]/total);
            }
            plot.curves.push_back(curve);
        }
    }
    plot.fitAxes();
    plot.xAxis.low = 0;
    plot.xAxis.high = highestLevel(result);
    return plot;
}

double quantile(std::vector<double> values, double fraction)
{
    const auto at = values.begin() + std::ptrdiff_t(fraction*double(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

//- From the least to the largest rate of all runs, but for the outermost thousandth and what is far beyond the reference's
std::array<double, 2> rateRange(const ComparisonResult& result)
{
    const std::vector<double>& reference = result.runs.front().members->rates;
    double low = 1e300, high = 0;
    for (const RunResult& run : result.runs)
    {
        if (!run.members || run.members->rates.empty()) continue;
        low = std::min(low, quantile(run.members->rates, 0.001));
        high = std::max(high, quantile(run.members->rates, 0.999));
    }
    if (!reference.empty()) high = std::min(high, 3*quantile(reference, 0.999));
    return {{low, high}};
}

LinePlot makeRates(const ComparisonInput& input, const ComparisonResult& result)
{
    constexpr int bins = 50;
    LinePlot plot;
    plot.title = "Rate of change over a step";
    plot.xLabel = "rms change of the vorticity [1/s]";
    plot.yLabel = "density";
    const auto [low, high] = rateRange(result);
    const double width = (high - low)/bins;
    for (std::size_t run = 0; run < result.runs.size(); ++run)
    {
        if (!result.runs[run].members || result.runs[run].members->rates.empty() || !(width > 0)) continue;
        const std::vector<double>& rates = result.runs[run].members->rates;
        Curve curve = makeCurve(input, run);
        curve.y.assign(bins, 0.0);
        for (int bin = 0; bin < bins; ++bin) curve.x.push_back(low + (bin + 0.5)*width);
        for (const double rate : rates)
        {
            if (rate >= low && rate < high) curve.y[std::size_t((rate - low)/width)] += 1/(width*double(rates.size()));
        }
        plot.curves.push_back(curve);
    }
    plot.fitAxes();
    return plot;
}

LinePlot makeAutocorrelations(const ComparisonInput& input, const ComparisonResult& result)
{
    LinePlot plot;
    plot.title = "Autocorrelation of the vorticity";
    plot.xLabel = "time lag [s]";
    plot.yLabel = "C";
    for (std::size_t run = 0; run < result.runs.size(); ++run)
    {
        if (!result.runs[run].members || result.runs[run].members->autocorrelation.empty()) continue;
        Curve curve = makeCurve(input, run);
        curve.y = result.runs[run].members->autocorrelation;
        for (std::size_t lag = 0; lag < curve.y.size(); ++lag) curve.x.push_back(double(lag)*input.oneStep);
        plot.curves.push_back(curve);
    }
    plot.fitAxes();
    return plot;
}

std::vector<LinePlot> makePlots(const ComparisonInput& input, const ComparisonResult& result)
{
    LinePlot energy = makeOverTime(input, result, &MemberSeries::energies, result.energyBand);
    energy.title = "Kinetic energy";
    energy.yLabel = "energy [m2/s2]";
    LinePlot enstrophy = makeOverTime(input, result, &MemberSeries::enstrophies, result.enstrophyBand);
    enstrophy.title = "Enstrophy";
    enstrophy.yLabel = "enstrophy [1/s2]";
    std::vector<LinePlot> plots;
    for (LinePlot& plot : std::vector<LinePlot>{makeSpectra(input, result), energy, makeRates(input, result), enstrophy,
        makeAutocorrelations(input, result), makeLevels(input, result)})
    {
        if (!plot.curves.empty()) plots.push_back(plot);
    }
    return plots;
}

} // namespace

void drawMemberFields(const std::string& path, const ComparisonInput& input)
{
    if (input.longPicture.runs.empty()) return;
    const std::vector<double> times = pictureTimes(input);
    std::vector<FieldPanels> rows;
    for (const std::string& name : input.longPicture.runs) rows.push_back(makeRow(input, name, times));
    const double high = symmetricRange(makeRow(input, input.reference().name, times).panels);

    const double inner = pictureWidth - 2*margin;
    double height = margin;
    for (const FieldPanels& row : rows) height += heightOf(row, inner) + margin;
    Canvas canvas(int(pictureWidth), int(std::ceil(height)));
    double top = height - margin;
    for (FieldPanels& row : rows)
    {
        row.low = -high;
        row.high = high;
        const double rowHeight = heightOf(row, inner);
        draw(canvas, {margin, top - rowHeight, inner, rowHeight}, row);
        top -= rowHeight + margin;
    }
    canvas.write(path);
}

void drawMemberStatistics(const std::string& path, const ComparisonInput& input, const ComparisonResult& result)
{
    std::vector<LinePlot> plots = makePlots(input, result);
    if (plots.empty()) return;
    for (std::size_t i = 0; i < plots.size(); ++i)
    {
        // Left without a legend, right with one, but for the levels, whose curves are others
        plots[i].legend = i%2 == 1 || plots[i].title == "Estimated noise levels";
    }
    drawPlots(path, plots, true);
}

} // namespace surrogate
