#pragma once

#include <string>
#include <vector>

namespace surrogate
{

//- Red, green, blue from 0 to 1 (sRGB)
struct Colour
{
    double red = 0, green = 0, blue = 0;
};

//- From a number in 0..1 to a colour. Made in CIE L*a*b*, with lightness linear in the number, so that equal differences of
//  the value look equally large.
class ColourMap
{
public:

    //- Dark blue, teal, yellow: for a quantity from none to much
    static ColourMap sequential();

    //- Blue, near white, red: for a quantity with a sign; lightness falls by the same amount to both sides
    static ColourMap diverging();

    //- Below 0 and above 1 the ends' colours; what is not a number is grey
    Colour operator()(double fraction) const;

private:

    struct Lab { double lightness, a, b; };

    explicit ColourMap(const std::vector<Lab>& equallySpaced);

    std::vector<Colour> table_;
};

//- Colours for lines, told apart by people with any kind of colour vision too (Okabe and Ito 2008); the first is black
Colour lineColour(std::size_t i);

} // namespace surrogate
