#include "vtk/linePlot.h"
#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace surrogate
{

namespace
{

const Colour ink{0.25, 0.25, 0.25};
const Colour gridColour{0.88, 0.88, 0.88};
constexpr double labelSize = 13;
constexpr double leftSpace = 78, bottomSpace = 54, topSpace = 32, rightSpace = 14;
constexpr double legendLine = 26, legendRow = 21;

void fit(Axis& axis, double low, double high, bool room)
{
    if (!(high >= low))
    {
        low = axis.logarithmic ? 1 : 0;
        high = axis.logarithmic ? 10 : 1;
    }
    if (axis.logarithmic)
    {
        axis.low = room ? std::pow(10, std::floor(std::log10(low) + 1e-9)) : low;
        axis.high = room ? std::pow(10, std::ceil(std::log10(high) - 1e-9)) : high;
        if (axis.high <= axis.low) axis.high = 10*axis.low;
        return;
    }
    const double margin = high > low ? (room ? 0.05*(high - low) : 0) : std::max(1e-12, 0.1*std::abs(high));
    axis.low = low - margin;
    axis.high = high + margin;
}

//- Smallest and largest of what the axis can show
struct Range
{
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

    void add(double value, bool logarithmic)
    {
        if (!std::isfinite(value) || (logarithmic && !(value > 0))) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

void check(const LinePlot& plot)
{
    for (const Axis* axis : {&plot.xAxis, &plot.yAxis})
    {
        if (axis->high > axis->low && (!axis->logarithmic || axis->low > 0)) continue;
        throw Error({"An axis of a plot has no range", "plot " + plot.title, "a high end above the low end",
            std::to_string(axis->low) + " to " + std::to_string(axis->high), {}});
    }
    for (const Curve& curve : plot.curves)
    {
        if (curve.x.size() == curve.y.size()) continue;
        throw Error({"A curve has x and y of different length", "plot " + plot.title + ", curve " + curve.name,
            std::to_string(curve.x.size()) + " values of y", std::to_string(curve.y.size()), {}});
    }
}

double legendWidth(const Canvas& canvas, const LinePlot& plot)
{
    double widest = 0;
    TextStyle style;
    style.size = labelSize;
    for (const Curve& curve : plot.curves) widest = std::max(widest, canvas.textSize(curve.name, style)[0]);
    return plot.legend ? legendLine + 24 + widest : 0;
}

//- Label with a raised exponent; the anchor is the middle of its right or top edge
void drawLabel(Canvas& canvas, Point anchor, const Axis::Tick& tick, bool horizontalAxis)
{
    TextStyle style;
    style.size = labelSize;
    TextStyle raised = style;
    raised.size = 0.72*labelSize;
    const double exponentWidth = tick.exponent.empty() ? 0 : canvas.textSize(tick.exponent, raised)[0] + 1;
    style.align = Align::right;
    style.verticalAlign = horizontalAxis ? VerticalAlign::top : VerticalAlign::centre;
    raised.verticalAlign = VerticalAlign::bottom;
    const double labelWidth = canvas.textSize(tick.label, style)[0];
    const double x = horizontalAxis ? anchor[0] + (labelWidth - exponentWidth)/2 : anchor[0] - exponentWidth;
    canvas.text({{x, anchor[1]}}, tick.label, style);
    canvas.text({{x + 1.5, anchor[1] + (horizontalAxis ? -0.4*labelSize : 0.1*labelSize)}}, tick.exponent, raised);
}

void drawAxes(Canvas& canvas, const Box& area, const LinePlot& plot)
{
    for (const Axis::Tick& tick : plot.xAxis.ticks(int(area.width/80)))
    {
        const double x = area.x + plot.xAxis.fraction(tick.value)*area.width;
        const bool major = !tick.label.empty();
        if (major) canvas.line({{x, area.y}}, {{x, area.top()}}, gridColour);
        canvas.line({{x, area.y}}, {{x, area.y - (major ? 5 : 3)}}, ink);
        if (major) drawLabel(canvas, {{x, area.y - 9}}, tick, true);
    }
    for (const Axis::Tick& tick : plot.yAxis.ticks(int(area.height/45)))
    {
        const double y = area.y + plot.yAxis.fraction(tick.value)*area.height;
        const bool major = !tick.label.empty();
        if (major) canvas.line({{area.x, y}}, {{area.right(), y}}, gridColour);
        canvas.line({{area.x, y}}, {{area.x - (major ? 5 : 3), y}}, ink);
        if (major) drawLabel(canvas, {{area.x - 9, y}}, tick, false);
    }
}

void drawTitles(Canvas& canvas, const Box& box, const Box& area, const LinePlot& plot)
{
    TextStyle style;
    style.size = labelSize + 1;
    style.align = Align::centre;
    style.verticalAlign = VerticalAlign::bottom;
    canvas.text({{area.x + area.width/2, box.y + 6}}, plot.xLabel, style);
    style.bold = true;
    style.size = 15;
    canvas.text({{area.x + area.width/2, area.top() + 9}}, plot.title, style);
    style.bold = false;
    style.size = labelSize + 1;
    style.upwards = true;
    style.verticalAlign = VerticalAlign::top;
    canvas.text({{box.x + 4, area.y + area.height/2}}, plot.yLabel, style);
}

Point placeOf(const Box& area, const LinePlot& plot, double x, double y)
{
    return {{area.x + plot.xAxis.fraction(x)*area.width, area.y + plot.yAxis.fraction(y)*area.height}};
}

void drawCurve(Canvas& canvas, const Box& area, const LinePlot& plot, const Curve& curve)
{
    const Box clip{area.x - 2, area.y - 2, area.width + 4, area.height + 4};
    std::vector<Point> points;
    const auto finish = [&]
    {
        canvas.line(points, curve.colour, curve.lineWidth, curve.dash, clip);
        points.clear();
    };
    for (std::size_t i = 0; i < curve.x.size(); ++i)
    {
        const Point p = placeOf(area, plot, curve.x[i], curve.y[i]);
        if (!std::isfinite(p[0]) || !std::isfinite(p[1]))
        {
            finish();
            continue;
        }
        points.push_back(p);
        if (curve.markers) canvas.line({p, p}, curve.colour, 3*curve.lineWidth, 0, clip);
    }
    finish();
}

bool overlap(const Box& a, const Box& b) { return a.x < b.right() && b.x < a.right() && a.y < b.top() && b.y < a.top(); }

//- Beside the first point of each curve that has one: to the right, the left, above or below, where the least is covered
void drawPointLabels(Canvas& canvas, const Box& area, const LinePlot& plot)
{
    TextStyle style;
    style.size = labelSize - 1;
    std::vector<Box> taken;
    const auto isLabelled = [](const Curve& curve) { return !curve.label.empty() && !curve.x.empty(); };
    for (const Curve& curve : plot.curves)
    {
        if (!isLabelled(curve)) continue;
        const Point p = placeOf(area, plot, curve.x[0], curve.y[0]);
        taken.push_back({p[0] - 4, p[1] - 4, 8, 8});
    }
    for (const Curve& curve : plot.curves)
    {
        if (!isLabelled(curve)) continue;
        const Point p = placeOf(area, plot, curve.x[0], curve.y[0]), size = canvas.textSize(curve.label, style);
        if (!std::isfinite(p[0]) || !std::isfinite(p[1])) continue;
        const double gap = 7, w = size[0], h = size[1];
        Box best;
        double least = 1e9;
        for (const Box& box : {Box{p[0] + gap, p[1] - h/2, w, h}, Box{p[0] - gap - w, p[1] - h/2, w, h},
            Box{p[0] - w/2, p[1] + gap, w, h}, Box{p[0] - w/2, p[1] - gap - h, w, h}, Box{p[0] + gap, p[1] + gap/2, w, h},
            Box{p[0] + gap, p[1] - gap/2 - h, w, h}, Box{p[0] - gap - w, p[1] + gap/2, w, h}, Box{p[0] - gap - w, p[1] - gap/2 - h, w, h},
            Box{p[0] - w/2, p[1] + gap + h, w, h}, Box{p[0] - w/2, p[1] - gap - 2*h, w, h}})
        {
            double covered = box.x < area.x || box.right() > area.right() || box.y < area.y || box.top() > area.top() ? 100 : 0;
            for (const Box& other : taken) covered += overlap(box, other);
            if (covered >= least) continue;
            least = covered;
            best = box;
        }
        taken.push_back(best);
        canvas.text({{best.x, best.y + best.height/2}}, curve.label, style);
    }
}

void drawLegend(Canvas& canvas, const Box& area, const LinePlot& plot)
{
    TextStyle style;
    style.size = labelSize;
    double y = area.top() - 8;
    for (const Curve& curve : plot.curves)
    {
        if (curve.name.empty()) continue;
        const double x = area.right() + 14;
        canvas.line({{{x, y}}, {{x + legendLine, y}}}, curve.colour, curve.lineWidth, curve.dash,
            {0, 0, canvas.width(), canvas.height()});
        canvas.text({{x + legendLine + 8, y}}, curve.name, style);
        y -= legendRow;
    }
}

} // namespace

void LinePlot::fitAxes()
{
    Range x, y;
    for (const Curve& curve : curves)
    {
        for (const double value : curve.x) x.add(value, xAxis.logarithmic);
        for (const double value : curve.y) y.add(value, yAxis.logarithmic);
    }
    fit(xAxis, x.low, x.high, false);
    fit(yAxis, y.low, y.high, true);
}

void draw(Canvas& canvas, const Box& box, const LinePlot& plot)
{
    check(plot);
    const Box area{box.x + leftSpace, box.y + bottomSpace, box.width - leftSpace - rightSpace - legendWidth(canvas, plot),
        box.height - bottomSpace - topSpace};
    drawAxes(canvas, area, plot);
    for (const Curve& curve : plot.curves) drawCurve(canvas, area, plot, curve);
    drawPointLabels(canvas, area, plot);
    canvas.frame(area, ink);
    drawTitles(canvas, box, area, plot);
    if (plot.legend) drawLegend(canvas, area, plot);
}

} // namespace surrogate
