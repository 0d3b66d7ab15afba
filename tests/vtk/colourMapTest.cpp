#include "vtk/colourMap.h"

#include <gtest/gtest.h>
#include <vtkMath.h>

#include <cmath>
#include <limits>

using namespace surrogate;

namespace
{

double lightness(Colour colour)
{
    double rgb[3] = {colour.red, colour.green, colour.blue}, lab[3];
    vtkMath::RGBToLab(rgb, lab);
    return lab[0];
}

} // namespace

// Also shows that no colour had to be cut off at the edge of what a screen can show
TEST(ColourMap, lightnessIsLinear)
{
    const ColourMap sequential = ColourMap::sequential(), diverging = ColourMap::diverging();
    for (double f = 0; f <= 1; f += 0.01)
    {
        EXPECT_NEAR(lightness(sequential(f)), 12 + 80*f, 1.5) << f;
        EXPECT_NEAR(lightness(diverging(f)), 96 - 152*std::abs(f - 0.5), 1.5) << f;
    }
}

TEST(ColourMap, endsAndNoNumber)
{
    const ColourMap map = ColourMap::diverging();
    EXPECT_EQ(map(-3).blue, map(0).blue);
    EXPECT_EQ(map(7).red, map(1).red);
    EXPECT_GT(map(0).blue, 2*map(0).red);
    EXPECT_GT(map(1).red, 2*map(1).blue);
    const Colour none = map(std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(none.red, 0.5);
    EXPECT_EQ(none.green, 0.5);
}
