#pragma once

#include "vtk/colourMap.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Pixels, y upwards
struct Box
{
    double x = 0, y = 0, width = 0, height = 0;

    double right() const { return x + width; }
    double top() const { return y + height; }
};

using Point = std::array<double, 2>;

enum class Align { left, centre, right };
enum class VerticalAlign { bottom, centre, top };

struct TextStyle
{
    double size = 14;                                   //!< pixels
    Align align = Align::left;
    VerticalAlign verticalAlign = VerticalAlign::centre;
    bool upwards = false;                               //!< turned by 90 degrees
    bool bold = false;
    Colour colour = {0.1, 0.1, 0.1};
};

//- A white picture to paint on, smooth-edged, for which no display is needed
class Canvas
{
public:

    Canvas(int width, int height);
    ~Canvas();

    double width() const;
    double height() const;

    void fill(const Box& box, Colour colour);

    void frame(const Box& box, Colour colour, double lineWidth = 1);

    //- Through the points, round joints; `dash` is the length of dashes and of gaps, 0 for none. Nothing outside `clip`.
    void line(const std::vector<Point>& points, Colour colour, double lineWidth, double dash, const Box& clip);

    //- One straight line
    void line(Point from, Point to, Colour colour, double lineWidth = 1);

    //- ASCII text beside the anchor as the style says
    void text(Point anchor, const std::string& text, const TextStyle& style = {});

    //- Width and height of the upright text
    Point textSize(const std::string& text, const TextStyle& style = {}) const;

    //- nx times ny coloured rectangles that fill the box, colours[x + nx*y], y upwards
    void cells(const Box& box, int nx, int ny, const std::vector<Colour>& colours);

    //- PNG. Throws Error where it cannot be written.
    void write(const std::string& path) const;

private:

    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace surrogate
