#pragma once

#include "vtk/axis.h"
#include "vtk/canvas.h"

#include <string>
#include <vector>

namespace surrogate
{

struct Curve
{
    std::string name;             //!< in the legend; empty: not there
    std::vector<double> x, y;     //!< what is not finite, or not positive on a logarithmic axis, breaks the line
    Colour colour;
    double lineWidth = 2;
    double dash = 0;              //!< length of dashes [pixels]; 0: none
    bool markers = false;         //!< a dot at each point
    std::string label;            //!< beside the first point, clear of other labels and points where it can be; empty: none
};

//- Curves over two axes, linear or logarithmic
struct LinePlot
{
    std::string title, xLabel, yLabel;
    Axis xAxis, yAxis;            //!< ranges: see fitAxes
    std::vector<Curve> curves;
    bool legend = true;           //!< to the right of the plot

    //- Sets both ranges to hold all points: x tightly, y with some room (whole decades where logarithmic)
    void fitAxes();
};

//- Throws Error where an axis has no range, or x and y of a curve differ in length
void draw(Canvas& canvas, const Box& box, const LinePlot& plot);

} // namespace surrogate
