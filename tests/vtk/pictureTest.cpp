#include "core/refusal.h"
#include "core/scratch.h"
#include "vtk/fieldPanels.h"
#include "vtk/linePlot.h"

#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGReader.h>

#include <cmath>
#include <cstdlib>

using namespace surrogate;

namespace
{

//- A PNG as read back
class Picture
{
public:

    explicit Picture(const std::string& path)
    {
        reader_->SetFileName(path.c_str());
        reader_->Update();
    }

    std::array<int, 2> size() const
    {
        const int* n = reader_->GetOutput()->GetDimensions();
        return {{n[0], n[1]}};
    }

    Colour at(double x, double y) const
    {
        const auto* p = static_cast<unsigned char*>(reader_->GetOutput()->GetScalarPointer(int(x), int(y), 0));
        return {p[0]/255.0, p[1]/255.0, p[2]/255.0};
    }

    //- Part of the box's pixels that are darker than half
    double ink(const Box& box) const
    {
        double dark = 0, all = 0;
        for (double y = box.y; y < box.top(); ++y)
        {
            for (double x = box.x; x < box.right(); ++x, ++all) dark += at(x, y).green < 0.5;
        }
        return dark/all;
    }

private:

    vtkNew<vtkPNGReader> reader_;
};

void expectColour(Colour found, Colour expected)
{
    EXPECT_NEAR(found.red, expected.red, 0.01);
    EXPECT_NEAR(found.green, expected.green, 0.01);
    EXPECT_NEAR(found.blue, expected.blue, 0.01);
}

Grid unitGrid(int nx, int ny, double height = 1)
{
    Grid grid;
    grid.dimensions = 2;
    grid.cells = {{nx, ny, 1}};
    grid.upper = {{1, height, 1}};
    return grid;
}

class PictureTest : public testing::Test
{
protected:

    Scratch scratch_;
    std::string path_ = scratch_/"picture.png";
};

} // namespace

TEST_F(PictureTest, needsNoDisplay)
{
    unsetenv("DISPLAY");
    Canvas canvas(60, 40);
    canvas.fill({10, 5, 20, 10}, {0, 0, 1});
    canvas.line({{40, 20}}, {{50, 20}}, {1, 0, 0}, 3);
    canvas.write(path_);
    const Picture picture(path_);
    EXPECT_EQ(picture.size(), (std::array<int, 2>{{60, 40}}));
    expectColour(picture.at(15, 10), {0, 0, 1});
    expectColour(picture.at(10, 5), {0, 0, 1});
    expectColour(picture.at(29, 14), {0, 0, 1});
    expectColour(picture.at(9, 10), {1, 1, 1});
    expectColour(picture.at(30, 10), {1, 1, 1});
    expectColour(picture.at(45, 20), {1, 0, 0});
    expectColour(picture.at(45, 23), {1, 1, 1});
}

TEST_F(PictureTest, textStandsWhereItsAnchorSays)
{
    Canvas canvas(200, 120);
    TextStyle style;
    const Point size = canvas.textSize("Hello", style);
    EXPECT_GT(size[0], 25);
    EXPECT_LT(size[0], 60);
    canvas.text({{100, 20}}, "Hello", style);
    style.align = Align::right;
    canvas.text({{100, 60}}, "Hello", style);
    style.align = Align::centre;
    style.upwards = true;
    canvas.text({{20, 60}}, "Hello", style);
    canvas.write(path_);
    const Picture picture(path_);
    EXPECT_GT(picture.ink({100, 10, size[0], 20}), 0.05);
    EXPECT_EQ(picture.ink({0, 10, 95, 20}), 0);
    EXPECT_GT(picture.ink({100 - size[0], 50, size[0], 20}), 0.05);
    EXPECT_EQ(picture.ink({105, 50, 90, 20}), 0);
    EXPECT_GT(picture.ink({5, 60 - size[0]/2, 30, size[0]}), 0.05);
    EXPECT_EQ(picture.ink({0, 60 + size[0]/2 + 3, 90, 20}), 0);
}

TEST_F(PictureTest, dashesLeaveGaps)
{
    Canvas canvas(100, 20);
    canvas.line({{{0, 10}}, {{45, 10}}, {{100, 10}}}, {0, 0, 0}, 2, 10, {0, 0, 100, 20});
    canvas.write(path_);
    const Picture picture(path_);
    for (const double x : {5.0, 25.0, 45.0, 65.0, 85.0}) EXPECT_LT(picture.at(x, 9.5).red, 0.1) << x;
    for (const double x : {15.0, 35.0, 55.0, 75.0, 95.0}) EXPECT_GT(picture.at(x, 9.5).red, 0.9) << x;
}

TEST_F(PictureTest, panelsShowTheFieldsRightWayUp)
{
    FieldPanels fields;
    fields.low = -1;
    fields.panels = {{"left", unitGrid(2, 2), {-1, -0.5, 0.5, 1}}, {"right", unitGrid(1, 1), {0}}};
    Canvas canvas(700, int(heightOf(fields, 680)) + 20);
    draw(canvas, {10, 10, 680, heightOf(fields, 680)}, fields);
    canvas.write(path_);

    const Picture picture(path_);
    const double side = (680 - 92 - 2*18)/2.0;
    const auto at = [&](double x, double y) { return picture.at(10 + x*side, 10 + y*side); };
    expectColour(at(0.25, 0.25), fields.colours(0));
    expectColour(at(0.75, 0.25), fields.colours(0.25));
    expectColour(at(0.25, 0.75), fields.colours(0.75));
    expectColour(at(0.75, 0.75), fields.colours(1));
    expectColour(at(1.5, 0.5), fields.colours(0.5));
    const double bar = 10 + 2*side + 2*18 + 8;
    expectColour(picture.at(bar, 13), fields.colours(0.01));
    expectColour(picture.at(bar, 7 + side), fields.colours(0.99));
    EXPECT_GT(picture.ink({10, 10 + side + 3, side, 25}), 0.01);   // title
}

TEST_F(PictureTest, whatIsOutsideStaysWhite)
{
    FieldPanels fields;
    fields.panels = {{"body", unitGrid(2, 1), {1, 1}, {true, false}}};
    EXPECT_NEAR(widthOf(fields, 600), 600 + 18 + 92, 1e-9);
    Canvas canvas(730, int(heightOf(fields, 710)) + 20);
    draw(canvas, {10, 10, 710, heightOf(fields, 710)}, fields);
    canvas.write(path_);
    expectColour(Picture(path_).at(10 + 150, 100), {1, 1, 1});
    expectColour(Picture(path_).at(10 + 450, 100), fields.colours(1));
}

TEST_F(PictureTest, panelsRefuseWhatTheyCannotShow)
{
    Canvas canvas(300, 200);
    FieldPanels fields;
    fields.panels = {{"vorticity", unitGrid(2, 2), {1, 2, 3}}};
    expectRefusal([&] { draw(canvas, {0, 0, 300, 200}, fields); }, {"picture of vorticity", "3 values"});
    fields.panels[0].values.push_back(4);
    fields.panels[0].outside = {true};
    expectRefusal([&] { draw(canvas, {0, 0, 300, 200}, fields); }, {"picture of vorticity"});
    fields.panels[0].outside.clear();
    fields.high = fields.low;
    expectRefusal([&] { draw(canvas, {0, 0, 300, 200}, fields); }, {"no range"});
    canvas.write(path_);
    expectRefusal([&] { canvas.write(scratch_/"no/such/folder.png"); }, {"Cannot write a picture", "folder.png"});
}

TEST(SymmetricRange, leavesOutliersAndNoNumbersOut)
{
    std::vector<double> values(10000, 3.21);
    values[5] = -1000;
    values[6] = std::nan("");
    EXPECT_DOUBLE_EQ(symmetricRange({{"a", unitGrid(100, 100), values}}), 3.3);
    EXPECT_EQ(symmetricRange({{"zero", unitGrid(1, 1), {0}}}), 1);
}

TEST_F(PictureTest, curvesGoThroughTheirPoints)
{
    LinePlot plot;
    plot.title = "Energy";
    plot.xLabel = "k";
    plot.yLabel = "E";
    plot.legend = false;
    plot.xAxis.logarithmic = plot.yAxis.logarithmic = true;
    plot.curves = {{"falls", {1, 10, 100}, {1, 0.1, 0.01}, {1, 0, 0}, 4}};
    plot.fitAxes();
    EXPECT_DOUBLE_EQ(plot.yAxis.low, 0.01);
    EXPECT_DOUBLE_EQ(plot.xAxis.high, 100);
    Canvas canvas(400, 300);
    draw(canvas, {0, 0, 400, 300}, plot);
    canvas.write(path_);

    const Picture picture(path_);
    const Box area{78, 54, 400 - 78 - 14, 300 - 54 - 32};
    const auto at = [&](double x, double y) { return picture.at(area.x + x*area.width, area.y + y*area.height); };
    for (const double f : {0.1, 0.4, 0.5, 0.9}) expectColour(at(f, 1 - f), {1, 0, 0});
    expectColour(at(0.3, 0.3), {1, 1, 1});
    EXPECT_GT(picture.ink({0, 100, 20, 120}), 0.002);   // label of the y axis
    EXPECT_GT(picture.ink({100, 0, 300, 25}), 0.002);   // of the x axis
    EXPECT_GT(picture.ink({40, 54, 38, 220}), 0.01);    // tick labels
}

TEST_F(PictureTest, curvesBreakWhereThereIsNothingToShow)
{
    LinePlot plot;
    plot.legend = false;
    plot.curves = {{"gap", {0, 1, 2, 3, 4}, {1, 1, std::nan(""), 1, 1}, {1, 0, 0}, 4}};
    plot.fitAxes();
    Canvas canvas(400, 300);
    draw(canvas, {0, 0, 400, 300}, plot);
    canvas.write(path_);
    const Picture picture(path_);
    const auto at = [&](double x) { return picture.at(78 + x*(400 - 78 - 14), 54 + 0.5*(300 - 54 - 32)); };
    expectColour(at(0.15), {1, 0, 0});
    EXPECT_LT(std::abs(at(0.4).red - at(0.4).green), 0.05);
    expectColour(at(0.9), {1, 0, 0});
}

TEST_F(PictureTest, plotsRefuseWhatTheyCannotShow)
{
    Canvas canvas(300, 200);
    LinePlot plot;
    plot.title = "Energy";
    plot.curves = {{"a", {1, 2}, {1}, {0, 0, 0}}};
    expectRefusal([&] { draw(canvas, {0, 0, 300, 200}, plot); }, {"plot Energy, curve a", "2 values of y"});
    plot.xAxis.logarithmic = true;
    expectRefusal([&] { draw(canvas, {0, 0, 300, 200}, plot); }, {"no range", "Energy"});
}
