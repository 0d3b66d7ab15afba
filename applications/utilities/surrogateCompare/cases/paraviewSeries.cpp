#include "paraviewSeries.h"

#include "caseFigures.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace surrogate
{

namespace
{

//- What a script does; before it come the constants
const char* const body = R"(
import os
import sys

from paraview.simple import *

paraview.simple._DisableFirstRenderCameraReset()

# Another field by its name: paraview --script=... takes no arguments, pvpython does: [picture.png [field [time]]]
picture = sys.argv[1] if len(sys.argv) > 1 else ''
field = sys.argv[2] if len(sys.argv) > 2 else FIELD
try:
    folder = os.path.dirname(os.path.abspath(__file__))
except NameError:                   # where ParaView runs the script from its own menu
    folder = FOLDER
if not os.path.exists(os.path.join(folder, SERIES)):
    folder = FOLDER
data = OpenDataFile(os.path.join(folder, SERIES))
if data is None:
    raise RuntimeError('ParaView cannot open ' + os.path.join(folder, SERIES))
RenameSource(NAME, data)

scene = GetAnimationScene()
scene.UpdateAnimationUsingDataTimeSteps()
times = list(data.TimestepValues) if hasattr(data.TimestepValues, '__iter__') else [data.TimestepValues]
scene.AnimationTime = float(sys.argv[3]) if len(sys.argv) > 3 else times[-1]

components, low, high, error = FIELDS[field]
signed = low < 0 < high and min(-low, high) > 0.2*max(-low, high)
if signed:
    low, high = -max(-low, high), max(-low, high)


def colour(array, low, high, preset):
    table = GetColorTransferFunction(array)
    table.ApplyPreset(preset, True)
    table.RescaleTransferFunction(low, high)
    table.AutomaticRescaleRangeMode = 'Never'
    return table


def show(array, title, view):
    display = Show(data, view)
    display.Representation = 'Surface'
    display.Ambient, display.Diffuse = (1, 0) if DIMENSIONS == 2 else (0.5, 0.5)     # near to the colours of the bar
    ColorBy(display, ('CELLS', array, 'Magnitude') if components > 1 else ('CELLS', array))
    if array.endswith('_error'):
        if components > 1:
            table = colour(array, 0, error, 'Viridis (matplotlib)')
        else:
            table = colour(array, -error, error, 'Cool to Warm (Extended)')
    elif signed and components == 1:
        table = colour(array, low, high, 'Cool to Warm (Extended)')
    else:
        table = colour(array, low, high, 'Viridis (matplotlib)')
    display.SetScalarBarVisibility(view, True)
    bar = GetScalarBar(table, view)
    bar.Title = field + (' error' if array.endswith('_error') else '')
    bar.Orientation, bar.WindowLocation, bar.ScalarBarLength = 'Horizontal', 'Lower Center', 0.6
    bar.TitleFontSize = bar.LabelFontSize = 12
    bar.ComponentTitle = 'magnitude' if components > 1 else ''
    label = Text(registrationName=title)
    label.Text = title
    text = Show(label, view)
    text.WindowLocation = 'Upper Center'
    text.Color = [0.1, 0.1, 0.1]
    text.FontSize, text.Bold = 14, 1
    bar.TitleColor = bar.LabelColor = [0.1, 0.1, 0.1]
    return display


columns = [(field + '_reference', REFERENCE), (field, NAME), (field + '_error', NAME + ' - ' + REFERENCE)]
layout = CreateLayout(NAME + ' and ' + REFERENCE)
right = layout.SplitHorizontal(0, 1/3)
last = layout.SplitHorizontal(right + 1, 0.5)
views = []
for (array, title), place in zip(columns, (right, last, last + 1)):
    view = CreateView('RenderView')
    view.ViewSize = [640, 560]
    view.UseColorPaletteForBackground = 0
    view.Background = [1, 1, 1]
    view.OrientationAxesVisibility = int(DIMENSIONS == 3)
    AssignViewToLayout(view=view, layout=layout, hint=place)
    show(array, title, view)
    views.append(view)

stamp = AnnotateTimeFilter(registrationName='time', Input=data)
stamp.Format = 'time {time:g} s'
for view in views:
    mark = Show(stamp, view)
    mark.WindowLocation = 'Upper Left Corner'
    mark.Color = [0.1, 0.1, 0.1]
    mark.FontSize = 12

first = views[0]
if DIMENSIONS == 2:
    for view in views:
        view.InteractionMode = '2D'
        view.CameraParallelProjection = 1
    bounds = data.GetDataInformation().GetBounds()
    middle = [(bounds[2*i] + bounds[2*i + 1])/2 for i in range(3)]
    size = [bounds[2*i + 1] - bounds[2*i] for i in range(3)]
    up = [abs(x) for x in UP].index(1)
    across = 3 - up - [abs(x) for x in NORMAL].index(1)
    first.CameraFocalPoint = middle
    first.CameraPosition = [middle[i] + 10*max(size)*NORMAL[i] for i in range(3)]
    first.CameraViewUp = UP
    # room for title and colour bar
    first.CameraParallelScale = max(0.72*size[up], 0.54*size[across]*first.ViewSize[1]/first.ViewSize[0])
else:
    first.CameraPosition, first.CameraFocalPoint, first.CameraViewUp = [1, 0.8, 1.4], [0, 0, 0], [0, 1, 0]
    ResetCamera(first)
    first.CameraViewAngle = 1.3*first.CameraViewAngle       # room for title and colour bar
for i, view in enumerate(views[1:]):
    for name in ('CameraPosition', 'CameraFocalPoint', 'CameraViewUp', 'CameraParallelScale', 'CameraParallelProjection',
                 'CameraViewAngle'):
        setattr(view, name, getattr(first, name))
    AddCameraLink(first, view, 'camera%d' % i)
SetActiveView(first)
RenderAllViews()
if picture:
    SaveScreenshot(picture, layout, ImageResolution=[1920, 560])
)";

std::string quoted(const std::string& text)
{
    std::string result = "'";
    for (const char c : text)
    {
        if (c == '\'' || c == '\\') result += '\\';
        result += c;
    }
    return result + "'";
}

//- See bulkRange; of a vector of its length
std::array<double, 2> rangeOf(const std::vector<double>& values, int components, const std::vector<double>& volumes)
{
    const std::size_t n = values.size()/std::size_t(components);
    if (components == 1) return bulkRange(values, volumes);
    std::vector<double> lengths(n);
    for (std::size_t cell = 0; cell < n; ++cell)
    {
        double square = 0;
        for (std::size_t at = cell; at < values.size(); at += n) square += values[at]*values[at];
        lengths[cell] = std::sqrt(square);
    }
    return bulkRange(lengths, volumes);
}

} // namespace

ParaviewSeries::ParaviewSeries(std::string folder, std::size_t most) : folder_(std::move(folder)), most_(most) {}

void ParaviewSeries::begin(const FlowRun& reference, const CaseComparison& comparison)
{
    comparison_ = &comparison;
    reference_ = &reference;
    stride_ = (comparison.times.size() + most_ - 1)/most_;
    series_.resize(comparison.runs.size());
    for (std::size_t run = 1; run < series_.size(); ++run) series_[run] = reference.writer(folder_ + "/" + comparison.runs[run].name);
    ranges_.resize(comparison.fields.size());
    largestErrors_.assign(comparison.runs.size(), std::vector<double>(comparison.fields.size(), 0.0));
}

void ParaviewSeries::see(const Snapshot& snapshot)
{
    if ((comparison_->times.size() - 1 - snapshot.index)%stride_ != 0) return;
    const std::vector<double>& volumes = reference_->cells().volumes;
    std::vector<Field> names;
    for (std::size_t i = 0; i < snapshot.fields.size(); ++i)
    {
        const Field& field = snapshot.fields[i];
        for (const char* suffix : {"", "_reference", "_error"}) names.push_back({field.name + suffix, field.components, field.dimensions});
        ranges_[i] = rangeOf(snapshot.values[0][i], field.components, volumes);   // the last one stays
    }
    for (std::size_t run = 1; run < series_.size(); ++run)
    {
        std::vector<std::vector<double>> errors;
        std::vector<const std::vector<double>*> values;
        errors.reserve(snapshot.fields.size());
        for (std::size_t i = 0; i < snapshot.fields.size(); ++i)
        {
            const std::vector<double>& truth = snapshot.values[0][i];
            const std::vector<double>& own = snapshot.values[run][i];
            errors.emplace_back(own.size());
            std::transform(own.begin(), own.end(), truth.begin(), errors.back().begin(), std::minus<double>());
            values.insert(values.end(), {&own, &truth, &errors.back()});
            const std::array<double, 2> range = rangeOf(errors.back(), snapshot.fields[i].components, volumes);
            largestErrors_[run][i] = std::max(std::abs(range[0]), std::abs(range[1]));
        }
        series_[run]->append(snapshot.time, FieldList(names), values);
    }
    if (snapshot.index + 1 == comparison_->times.size()) finish();
}

void ParaviewSeries::finish()
{
    for (std::size_t run = 1; run < series_.size(); ++run) writeScript(run, *reference_);
}

void ParaviewSeries::writeScript(std::size_t run, const FlowRun& reference)
{
    namespace fs = std::filesystem;
    const std::string& name = comparison_->runs[run].name;
    const int dimensions = reference.cells().dimensions;
    const std::string path = folder_ + "/" + name + "-paraview.py";
    std::ofstream file(path);
    file.precision(6);
    file << "# Opens " << name << " beside " << comparison_->runs[0].name << " in ParaView: reference, run, error.\n"
        << "#     paraview --script=" << name << "-paraview.py\n"
        << "#     pvpython " << name << "-paraview.py picture.png [field [time]]      saves a picture\n"
        << "NAME = " << quoted(name) << "\nREFERENCE = " << quoted(comparison_->runs[0].name) << "\n"
        << "SERIES = " << quoted(fs::path(series_[run]->index()).filename().string()) << "\n"
        << "FOLDER = " << quoted(fs::absolute(folder_).lexically_normal().string()) << "\nDIMENSIONS = " << dimensions << "\n";
    if (dimensions == 2)
    {
        const std::array<std::array<int, 3>, 2> view = reference.viewFrom();
        file << "NORMAL = [" << view[0][0] << ", " << view[0][1] << ", " << view[0][2] << "]\nUP = [" << view[1][0] << ", " << view[1][1]
            << ", " << view[1][2] << "]\n";
    }
    std::size_t first = 0;
    file << "# Of each field at the last time, but for a thousandth of the volume: components, range of the reference,\n"
        << "# largest error\nFIELDS = {\n";
    for (std::size_t i = 0; i < comparison_->fields.size(); ++i)
    {
        const Field& field = comparison_->fields[i];
        if (field.name == comparison_->statisticsOf) first = i;
        double low = ranges_[i][0], high = ranges_[i][1];
        if (!(high > low)) high = low + std::max(1e-12, 0.1*std::abs(low));
        file << "    " << quoted(field.name) << ": (" << field.components << ", " << low << ", " << high << ", "
            << std::max(largestErrors_[run][i], 1e-12) << "),\n";
    }
    file << "}\nFIELD = " << quoted(comparison_->fields[first].name) << "\n" << body;
    file.close();
    if (!file) throw Error({"Cannot write a script", path, "a folder that can be written", "", {}});
    scripts_.push_back(path);
}

} // namespace surrogate
