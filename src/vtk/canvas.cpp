#include "vtk/canvas.h"
#include "vtk/writable.h"

#include <vtkFreeTypeTools.h>
#include <vtkImageData.h>
#include <vtkImageShrink3D.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkStdString.h>
#include <vtkTextProperty.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace surrogate
{

namespace
{

constexpr int oversampling = 3;   // painted larger, then averaged: smooth edges
constexpr int dotsPerInch = 72;   // one point of a font is one pixel

using Byte = unsigned char;

Byte toByte(double x) { return Byte(std::lround(255*std::clamp(x, 0.0, 1.0))); }

void applyStyle(vtkTextProperty& property, const TextStyle& style, bool upwards)
{
    const std::string font = std::string("/usr/share/fonts/truetype/dejavu/DejaVuSans") + (style.bold ? "-Bold.ttf" : ".ttf");
    if (std::filesystem::exists(font))
    {
        property.SetFontFamily(VTK_FONT_FILE);
        property.SetFontFile(font.c_str());
    }
    else
    {
        property.SetFontFamilyToArial();
        property.SetBold(style.bold);
    }
    property.SetFontSize(int(std::lround(style.size*oversampling)));
    property.SetColor(style.colour.red, style.colour.green, style.colour.blue);
    property.SetJustification(style.align == Align::left ? VTK_TEXT_LEFT
        : style.align == Align::centre ? VTK_TEXT_CENTERED : VTK_TEXT_RIGHT);
    property.SetVerticalJustification(style.verticalAlign == VerticalAlign::bottom ? VTK_TEXT_BOTTOM
        : style.verticalAlign == VerticalAlign::centre ? VTK_TEXT_CENTERED : VTK_TEXT_TOP);
    property.SetOrientation(upwards ? 90 : 0);
}

double distanceToSegment(Point p, Point a, Point b)
{
    const double dx = b[0] - a[0], dy = b[1] - a[1], square = dx*dx + dy*dy;
    const double t = square > 0 ? std::clamp(((p[0] - a[0])*dx + (p[1] - a[1])*dy)/square, 0.0, 1.0) : 0;
    return std::hypot(p[0] - a[0] - t*dx, p[1] - a[1] - t*dy);
}

//- The parts of a polyline that a dashed pen draws
std::vector<std::array<Point, 2>> penStrokes(const std::vector<Point>& points, double dash)
{
    std::vector<std::array<Point, 2>> strokes;
    double travelled = 0;
    for (std::size_t i = 1; i < points.size(); ++i)
    {
        const Point& a = points[i - 1];
        const Point& b = points[i];
        const double length = std::hypot(b[0] - a[0], b[1] - a[1]);
        const auto along = [&](double s) { return Point{{a[0] + s/length*(b[0] - a[0]), a[1] + s/length*(b[1] - a[1])}}; };
        if (dash <= 0)
        {
            strokes.push_back({{a, b}});
            continue;
        }
        for (double s = 0; s < length;)
        {
            const double period = std::floor((travelled + s)/dash + 1e-9);
            const double end = std::min(length, (period + 1)*dash - travelled);
            if (std::fmod(period, 2) == 0) strokes.push_back({{along(s), along(end)}});
            s = std::max(end, s + 1e-6);
        }
        travelled += length;
    }
    return strokes;
}

} // namespace

struct Canvas::Implementation
{
    int nx, ny;   // oversampled
    vtkNew<vtkImageData> image;

    Implementation(int width, int height)
    :
        nx(width*oversampling), ny(height*oversampling)
    {
        image->SetDimensions(nx, ny, 1);
        image->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
        std::fill(pixel(0, 0), pixel(0, 0) + std::size_t(3)*nx*ny, Byte(255));
    }

    Byte* pixel(int x, int y) { return static_cast<Byte*>(image->GetScalarPointer(x, y, 0)); }

    //- Calls paint(pixel, x, y) for the pixels whose centres lie in the box, given in oversampled pixels
    template<class Paint>
    void forPixels(double x0, double y0, double x1, double y1, Paint paint)
    {
        const int left = std::max(0, int(std::ceil(x0 - 0.5))), right = std::min(nx - 1, int(std::ceil(x1 - 0.5)) - 1);
        const int bottom = std::max(0, int(std::ceil(y0 - 0.5))), top = std::min(ny - 1, int(std::ceil(y1 - 0.5)) - 1);
        for (int y = bottom; y <= top; ++y)
        {
            for (int x = left; x <= right; ++x) paint(pixel(x, y), x, y);
        }
    }

    //- `cover` from 0 (nothing) to 1 (all)
    static void blend(Byte* pixel, Colour colour, double cover)
    {
        const double parts[3] = {colour.red, colour.green, colour.blue};
        for (int i = 0; i < 3; ++i) pixel[i] = toByte((1 - cover)*pixel[i]/255 + cover*parts[i]);
    }
};

Canvas::Canvas(int width, int height)
:
    implementation_(std::make_unique<Implementation>(width, height))
{}

Canvas::~Canvas() = default;

double Canvas::width() const { return double(implementation_->nx)/oversampling; }
double Canvas::height() const { return double(implementation_->ny)/oversampling; }

void Canvas::fill(const Box& box, Colour colour)
{
    const double s = oversampling;
    implementation_->forPixels(s*box.x, s*box.y, s*box.right(), s*box.top(), [&](Byte* pixel, int, int)
    {
        Implementation::blend(pixel, colour, 1);
    });
}

void Canvas::frame(const Box& box, Colour colour, double lineWidth)
{
    const Point a{{box.x, box.y}}, b{{box.right(), box.y}}, c{{box.right(), box.top()}}, d{{box.x, box.top()}};
    line({a, b, c, d, a}, colour, lineWidth, 0, {0, 0, width(), height()});
}

void Canvas::line(const std::vector<Point>& points, Colour colour, double lineWidth, double dash, const Box& clip)
{
    const double s = oversampling, radius = 0.5*s*lineWidth;
    for (const auto& [from, to] : penStrokes(points, dash))
    {
        const Point a{{s*from[0], s*from[1]}}, b{{s*to[0], s*to[1]}};
        implementation_->forPixels
        (
            std::max(s*clip.x, std::min(a[0], b[0]) - radius), std::max(s*clip.y, std::min(a[1], b[1]) - radius),
            std::min(s*clip.right(), std::max(a[0], b[0]) + radius), std::min(s*clip.top(), std::max(a[1], b[1]) + radius),
            [&](Byte* pixel, int x, int y)
            {
                if (distanceToSegment({{x + 0.5, y + 0.5}}, a, b) <= radius) Implementation::blend(pixel, colour, 1);
            }
        );
    }
}

void Canvas::line(Point from, Point to, Colour colour, double lineWidth)
{
    line({from, to}, colour, lineWidth, 0, {0, 0, width(), height()});
}

void Canvas::text(Point anchor, const std::string& text, const TextStyle& style)
{
    vtkNew<vtkTextProperty> property;
    applyStyle(*property, style, style.upwards);
    vtkNew<vtkImageData> glyphs;
    int size[2];
    if (text.empty() || !vtkFreeTypeTools::GetInstance()->RenderString(property, vtkStdString(text), dotsPerInch, glyphs, size))
    {
        return;
    }
    const int* extent = glyphs->GetExtent();   // about the anchor
    const int x0 = int(std::lround(anchor[0]*oversampling)), y0 = int(std::lround(anchor[1]*oversampling));
    implementation_->forPixels(x0 + extent[0], y0 + extent[2], x0 + extent[1] + 1, y0 + extent[3] + 1,
        [&](Byte* pixel, int x, int y)
        {
            const Byte* glyph = static_cast<Byte*>(glyphs->GetScalarPointer(x - x0, y - y0, 0));
            Implementation::blend(pixel, style.colour, glyph[3]/255.0);
        });
}

Point Canvas::textSize(const std::string& text, const TextStyle& style) const
{
    vtkNew<vtkTextProperty> property;
    applyStyle(*property, style, false);
    int box[4] = {0, 0, 0, 0};
    vtkFreeTypeTools::GetInstance()->GetBoundingBox(property, vtkStdString(text), dotsPerInch, box);
    return {{double(box[1] - box[0] + 1)/oversampling, double(box[3] - box[2] + 1)/oversampling}};
}

void Canvas::cells(const Box& box, int nx, int ny, const std::vector<Colour>& colours)
{
    const double s = oversampling;
    implementation_->forPixels(s*box.x, s*box.y, s*box.right(), s*box.top(), [&](Byte* pixel, int x, int y)
    {
        const int i = std::clamp(int(((x + 0.5)/s - box.x)/box.width*nx), 0, nx - 1);
        const int j = std::clamp(int(((y + 0.5)/s - box.y)/box.height*ny), 0, ny - 1);
        Implementation::blend(pixel, colours[i + std::size_t(nx)*j], 1);
    });
}

void Canvas::write(const std::string& path) const
{
    requireWritable(path, "Cannot write a picture");
    vtkNew<vtkImageShrink3D> average;
    average->SetInputData(implementation_->image);
    average->SetShrinkFactors(oversampling, oversampling, 1);
    average->AveragingOn();
    vtkNew<vtkPNGWriter> writer;
    writer->SetInputConnection(average->GetOutputPort());
    writer->SetFileName(path.c_str());
    writer->Write();
    if (writer->GetErrorCode() != 0) throw Error({"Cannot write a picture", path, "room on the disk", "", {}});
}

} // namespace surrogate
