#include "casePictures.h"

#include "caseFigures.h"
#include "report/plots.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

constexpr int longestSide = 640;   // pixels of a plane
constexpr std::size_t mostFields = 3;

std::string timeText(double time)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", time);
    return text;
}

//- Of all that is shown, see bulkRange; never empty
std::array<double, 2> rangeOf(const std::vector<FieldPanel>& panels)
{
    std::vector<double> values;
    for (const FieldPanel& panel : panels)
    {
        for (std::size_t i = 0; i < panel.values.size(); ++i)
        {
            if (panel.outside.empty() || !panel.outside[i]) values.push_back(panel.values[i]);
        }
    }
    const auto [low, high] = bulkRange(values);
    if (high > low) return {{low, high}};
    const double room = std::max(1e-12, 0.1*std::abs(low));
    return {{low - room, low + room}};
}

//- Reference and run with one range: about zero where both signs count, else from least to most
FieldPanels besides(std::vector<FieldPanel> panels, const std::string& label)
{
    FieldPanels fields;
    const std::array<double, 2> range = rangeOf(panels);
    fields.low = range[0];
    fields.high = range[1];
    if (range[0] < 0 && range[1] > 0 && std::min(-range[0], range[1]) > 0.2*std::max(-range[0], range[1]))
    {
        fields.high = std::max(-range[0], range[1]);
        fields.low = -fields.high;
    }
    else fields.colours = ColourMap::sequential();
    fields.panels = std::move(panels);
    fields.label = label;
    return fields;
}

//- Its own range, about zero
FieldPanels makeErrors(FieldPanel panel, const std::string& label)
{
    FieldPanels fields;
    std::vector<FieldPanel> panels{std::move(panel)};
    const std::array<double, 2> range = rangeOf(panels);
    fields.high = std::max({std::abs(range[0]), std::abs(range[1]), 1e-300});
    fields.low = -fields.high;
    fields.panels = std::move(panels);
    fields.label = label;
    return fields;
}

//- FieldPanels each with its place, from the top left corner downwards
struct Placed { FieldPanels fields; double x, y, width; };

} // namespace

FieldPictures::FieldPictures(std::string folder, PictureOptions options)
:
    folder_(std::move(folder)), options_(std::move(options))
{}

void FieldPictures::begin(const FlowRun& reference, const CaseComparison& comparison)
{
    comparison_ = &comparison;
    nCells_ = reference.cells().size();
    index_ = comparison.times.size();   // never
    if (reference.cells().dimensions < 2) return;
    plane_ = reference.plane(options_.plane, longestSide);

    const std::vector<double>& times = comparison.times;
    const double wanted = options_.time.value_or(times.back());
    index_ = std::size_t(std::min_element(times.begin(), times.end(), [wanted](double a, double b)
    {
        return std::abs(a - wanted) < std::abs(b - wanted);
    }) - times.begin());
    if (wanted < times.front() - 1e-6 || wanted > times.back()*(1 + 1e-9) + 1e-6)
    {
        throw Error({"There is no such time to draw", "option -pictureTime", "from " + timeText(times.front()) + " to "
            + timeText(times.back()), timeText(wanted), {}});
    }
    caption_ = "time " + timeText(times[index_]) + " s, plane of " + plane_.axes[0] + " and " + plane_.axes[1];
    if (!plane_.normal.empty()) caption_ += " at " + plane_.normal + " = " + shortText(plane_.position) + " m";

    std::vector<std::string> names = options_.fields;
    if (names.empty())
    {
        if (comparison.fields.contains("vorticity")) names.push_back("vorticity");
        if (!comparison.velocity.empty() && comparison.fields.contains(comparison.velocity)) names.push_back(comparison.velocity);
        for (const Field& field : comparison.fields)
        {
            if (names.size() < mostFields && std::find(names.begin(), names.end(), field.name) == names.end()) names.push_back(field.name);
        }
    }
    for (const std::string& name : names)
    {
        comparison.fields.get(name);
        for (std::size_t i = 0; i < comparison.fields.size(); ++i)
        {
            if (comparison.fields[i].name == name) fields_.push_back(i);
        }
    }
}

FieldPanel FieldPictures::panel(const std::string& title, const std::vector<double>& values, const Field& field) const
{
    FieldPanel panel{title, plane_.grid, std::vector<double>(plane_.cells.size(), 0.0)};
    panel.outside.assign(plane_.cells.size(), false);
    for (std::size_t i = 0; i < plane_.cells.size(); ++i)
    {
        if (plane_.cells[i] < 0)
        {
            panel.outside[i] = true;
            continue;
        }
        const std::size_t cell = std::size_t(plane_.cells[i]);
        double square = 0;
        for (int c = 0; c < field.components; ++c) square += std::pow(values[std::size_t(c)*nCells_ + cell], 2);
        panel.values[i] = field.components == 1 ? values[cell] : std::sqrt(square);
    }
    return panel;
}

void FieldPictures::see(const Snapshot& snapshot)
{
    if (snapshot.index != index_) return;
    for (std::size_t run = 1; run < snapshot.values.size(); ++run) drawRun(snapshot, run);
}

void FieldPictures::drawRun(const Snapshot& snapshot, std::size_t run)
{
    const std::string time = ", t = " + timeText(snapshot.time) + " s";
    const std::string reference = comparison_->runs[0].name, name = comparison_->runs[run].name;
    const double ratio = (plane_.grid.upper[1] - plane_.grid.lower[1])/(plane_.grid.upper[0] - plane_.grid.lower[0]);
    const bool wide = ratio < 0.45;
    const double inner = pictureWidth - 2*pictureMargin;
    std::vector<Placed> placed;
    double y = pictureMargin;
    for (const std::size_t i : fields_)
    {
        const Field& field = snapshot.fields[i];
        const std::string label = field.components == 1 ? field.name : "|" + field.name + "|";
        const FieldPanel truth = panel(label + " of " + reference + time, snapshot.values[0][i], field);
        const FieldPanel own = panel(label + " of " + name + time, snapshot.values[run][i], field);
        FieldPanel error = panel(name + " - " + reference, snapshot.values[run][i], field);
        for (std::size_t pixel = 0; pixel < error.values.size(); ++pixel) error.values[pixel] -= truth.values[pixel];

        FieldPanels both = besides({truth, own}, label);
        const FieldPanels errors = makeErrors(error, "error");
        if (!wide)
        {
            const double panelWidth = (inner - widthOf(both, 0) - widthOf(errors, 0))/3;
            const double left = widthOf(both, panelWidth);
            placed.push_back({both, pictureMargin, y, left});
            placed.push_back({errors, pictureMargin + left, y, inner - left});
            y += heightOf(both, left) + pictureMargin;
            continue;
        }
        for (FieldPanels one : {both, both, errors})
        {
            if (one.panels.size() > 1) one.panels = {placed.size()%3 == 0 ? truth : own};
            placed.push_back({one, pictureMargin, y, inner});
            y += heightOf(one, inner) + pictureMargin;
        }
    }
    Canvas canvas(int(pictureWidth), int(std::ceil(y)));
    for (const Placed& one : placed)
    {
        const double height = heightOf(one.fields, one.width);
        draw(canvas, {one.x, canvas.height() - one.y - height, one.width, height}, one.fields);
    }
    files_.push_back(folder_ + "/" + name + "-fields.png");
    canvas.write(files_.back());
}

} // namespace surrogate
