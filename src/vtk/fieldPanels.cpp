#include "vtk/fieldPanels.h"
#include "core/error.h"
#include "vtk/axis.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

constexpr double gap = 18;
constexpr double titleHeight = 30;
constexpr double barWidth = 16;
constexpr double barSpace = 92;   // bar, its numbers and its label
const Colour ink{0.25, 0.25, 0.25};

double extent(const FieldPanel& panel, int axis) { return panel.grid.upper[axis] - panel.grid.lower[axis]; }

double panelWidth(const FieldPanels& fields, double width)
{
    const double n = double(fields.panels.size());
    return (width - barSpace - n*gap)/n;
}

double panelHeight(const FieldPanels& fields, double width)
{
    double ratio = 0;
    for (const FieldPanel& panel : fields.panels) ratio = std::max(ratio, extent(panel, 1)/extent(panel, 0));
    return ratio*panelWidth(fields, width);
}

void check(const FieldPanels& fields)
{
    for (const FieldPanel& panel : fields.panels)
    {
        panel.grid.check("picture of " + panel.title);
        const std::size_t n = panel.grid.nCells();
        if (panel.grid.dimensions != 2 || panel.values.size() != n || (!panel.outside.empty() && panel.outside.size() != n))
        {
            throw Error({"Not a field that a picture shows", "picture of " + panel.title,
                "one value for each cell of a 2-D grid",
                std::to_string(panel.values.size()) + " values, " + panel.grid.describe(), {}});
        }
    }
    if (!(fields.high > fields.low))
    {
        throw Error({"The colours have no range", "picture", "a high end above the low end",
            std::to_string(fields.low) + " to " + std::to_string(fields.high), {}});
    }
}

void drawPanel(Canvas& canvas, const Box& box, const FieldPanels& fields, const FieldPanel& panel)
{
    std::vector<Colour> colours(panel.values.size());
    std::transform(panel.values.begin(), panel.values.end(), colours.begin(), [&](double value)
    {
        return fields.colours((value - fields.low)/(fields.high - fields.low));
    });
    for (std::size_t i = 0; i < panel.outside.size(); ++i)
    {
        if (panel.outside[i]) colours[i] = {1, 1, 1};
    }
    canvas.cells(box, panel.grid.cells[0], panel.grid.cells[1], colours);
    canvas.frame(box, ink);

    TextStyle style;
    style.size = 15;
    style.bold = true;
    style.align = Align::centre;
    style.verticalAlign = VerticalAlign::bottom;
    canvas.text({{box.x + box.width/2, box.top() + 8}}, panel.title, style);
}

void drawBar(Canvas& canvas, const Box& box, const FieldPanels& fields)
{
    constexpr int steps = 256;
    std::vector<Colour> colours(steps);
    for (int i = 0; i < steps; ++i) colours[i] = fields.colours((i + 0.5)/steps);
    canvas.cells(box, 1, steps, colours);
    canvas.frame(box, ink);

    TextStyle style;
    style.size = 13;
    double widest = 0;
    const Axis axis{fields.low, fields.high, false};
    for (const Axis::Tick& tick : axis.ticks(6))
    {
        const double y = box.y + axis.fraction(tick.value)*box.height;
        canvas.line({{box.right(), y}}, {{box.right() + 4, y}}, ink);
        canvas.text({{box.right() + 8, y}}, tick.label, style);
        widest = std::max(widest, canvas.textSize(tick.label, style)[0]);
    }
    style.upwards = true;
    style.align = Align::centre;
    style.verticalAlign = VerticalAlign::top;
    canvas.text({{box.right() + 14 + widest, box.y + box.height/2}}, fields.label, style);
}

} // namespace

double widthOf(const FieldPanels& fields, double widthOfPanel)
{
    return double(fields.panels.size())*(widthOfPanel + gap) + barSpace;
}

double heightOf(const FieldPanels& fields, double width)
{
    return titleHeight + panelHeight(fields, width);
}

void draw(Canvas& canvas, const Box& box, const FieldPanels& fields)
{
    check(fields);
    const double width = panelWidth(fields, box.width), height = panelHeight(fields, box.width);
    const double bottom = box.top() - titleHeight - height;
    double x = box.x;
    for (const FieldPanel& panel : fields.panels)
    {
        const double own = width*extent(panel, 1)/extent(panel, 0);
        drawPanel(canvas, {x, bottom + (height - own)/2, width, own}, fields, panel);
        x += width + gap;
    }
    drawBar(canvas, {x, bottom, barWidth, height}, fields);
}

double symmetricRange(const std::vector<FieldPanel>& panels)
{
    std::vector<double> sizes;
    for (const FieldPanel& panel : panels)
    {
        for (const double value : panel.values)
        {
            if (std::isfinite(value)) sizes.push_back(std::abs(value));
        }
    }
    if (sizes.empty()) return 1;
    const auto outermost = sizes.begin() + std::ptrdiff_t(double(sizes.size() - 1)*0.999);
    std::nth_element(sizes.begin(), outermost, sizes.end());
    if (!(*outermost > 0)) return 1;
    const double unit = std::pow(10, std::floor(std::log10(*outermost)) - 1);
    return std::ceil(*outermost/unit*(1 - 1e-12))*unit;
}

} // namespace surrogate
