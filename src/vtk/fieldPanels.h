#pragma once

#include "core/grid.h"
#include "vtk/canvas.h"

#include <string>
#include <vector>

namespace surrogate
{

//- One 2-D field with its title
struct FieldPanel
{
    std::string title;
    Grid grid;
    std::vector<double> values;   //!< grid.nCells() long
    std::vector<bool> outside{};  //!< cells that stay white; empty: none
};

//- Fields side by side with one common range and one colour bar
struct FieldPanels
{
    std::vector<FieldPanel> panels;
    double low = 0, high = 1;     //!< the range of the colours
    std::string label;            //!< of the colour bar
    ColourMap colours = ColourMap::diverging();
};

//- Height that the panels need in a box of that width
double heightOf(const FieldPanels& fields, double width);

//- Width of a box in which each panel is that wide
double widthOf(const FieldPanels& fields, double widthOfPanel);

//- Paints them from the box's top downwards. Throws Error where a grid is not 2-D or the range is empty.
void draw(Canvas& canvas, const Box& box, const FieldPanels& fields);

//- A range -r..r that holds all but the outermost thousandth of the values, r rounded up to two digits
double symmetricRange(const std::vector<FieldPanel>& panels);

} // namespace surrogate
