#include "plots.h"

namespace surrogate
{

void drawPlots(const std::string& path, std::vector<LinePlot> plots, bool ownLegends)
{
    const std::size_t rows = (plots.size() + 1)/2;
    const double inner = pictureWidth - 2*pictureMargin;
    Canvas canvas(int(pictureWidth), int(double(rows)*(plotHeight + pictureMargin) + pictureMargin));
    for (std::size_t i = 0; i < plots.size(); ++i)
    {
        const bool last = i + 1 == plots.size();
        if (!ownLegends && i%2 == 0 && !last) plots[i].legend = false;
        const double bottom = pictureMargin/2 + double(rows - 1 - i/2)*(plotHeight + pictureMargin);
        const Box left{pictureMargin, bottom, (last && i%2 == 0 ? 0.55 : 0.44)*inner, plotHeight};
        const Box right{pictureMargin + 0.45*inner, bottom, 0.55*inner, plotHeight};
        draw(canvas, i%2 == 0 ? left : right, plots[i]);
    }
    canvas.write(path);
}

} // namespace surrogate
