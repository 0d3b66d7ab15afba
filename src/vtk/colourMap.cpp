#include "vtk/colourMap.h"

#include <vtkMath.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace surrogate
{

namespace
{

constexpr int tableSize = 512;

} // namespace

ColourMap::ColourMap(const std::vector<Lab>& equallySpaced)
:
    table_(tableSize)
{
    for (int i = 0; i < tableSize; ++i)
    {
        const double position = double(i)/(tableSize - 1)*double(equallySpaced.size() - 1);
        const std::size_t below = std::min(std::size_t(position), equallySpaced.size() - 2);
        const double w = position - double(below);
        const Lab& p = equallySpaced[below];
        const Lab& q = equallySpaced[below + 1];
        double lab[3] = {(1 - w)*p.lightness + w*q.lightness, (1 - w)*p.a + w*q.a, (1 - w)*p.b + w*q.b};
        double rgb[3];
        vtkMath::LabToRGB(lab, rgb);
        table_[i] = {std::clamp(rgb[0], 0.0, 1.0), std::clamp(rgb[1], 0.0, 1.0), std::clamp(rgb[2], 0.0, 1.0)};
    }
}

ColourMap ColourMap::sequential()
{
    return ColourMap({{12, 25, -35}, {32, 10, -38}, {52, -28, -12}, {72, -42, 38}, {92, -8, 65}});
}

ColourMap ColourMap::diverging()
{
    return ColourMap({{20, 15, -45}, {58, -5, -38}, {96, 0, 0}, {58, 48, 38}, {20, 38, 20}});
}

Colour ColourMap::operator()(double fraction) const
{
    if (std::isnan(fraction)) return {0.5, 0.5, 0.5};
    return table_[std::size_t(std::lround(std::clamp(fraction, 0.0, 1.0)*(tableSize - 1)))];
}

Colour lineColour(std::size_t i)
{
    constexpr std::array<std::array<int, 3>, 7> colours
    {{
        {{0, 0, 0}}, {{0, 114, 178}}, {{213, 94, 0}}, {{0, 158, 115}}, {{204, 121, 167}}, {{230, 159, 0}}, {{86, 180, 233}}
    }};
    const auto& c = colours[i%colours.size()];
    return {c[0]/255.0, c[1]/255.0, c[2]/255.0};
}

} // namespace surrogate
