#include "core/noise.h"
#include "core/refusal.h"
#include "core/scratch.h"
#include "vtk/seriesWriter.h"

#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkXMLImageDataReader.h>

#include <filesystem>
#include <fstream>

using namespace surrogate;

namespace
{

State randomState(int dimensions, double time = 0)
{
    Grid grid;
    grid.dimensions = dimensions;
    const int n[3] = {5, 4, 3};
    for (int axis = 0; axis < dimensions; ++axis)
    {
        grid.cells[axis] = n[axis];
        grid.lower[axis] = -1;
        grid.upper[axis] = 2;
    }
    State state(grid, FieldList({{"U", dimensions, {}}, {"p", 1, {}}, {"R", dimensions*dimensions, {}}}), time);
    Noise(1).normal(0, state.values.data(), state.values.size());
    return state;
}

vtkSmartPointer<vtkImageData> readBack(const std::string& path)
{
    vtkNew<vtkXMLImageDataReader> reader;
    reader->SetFileName(path.c_str());
    reader->Update();
    return reader->GetOutput();
}

std::string contentOf(const std::string& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class SeriesWriterTest : public testing::Test
{
protected:

    Scratch scratch_;
};

} // namespace

TEST_F(SeriesWriterTest, vtiHoldsTheStateInEveryDimension)
{
    for (const int d : {1, 2, 3})
    {
        const State state = randomState(d);
        writeVti(scratch_/"state.vti", state);
        const auto image = readBack(scratch_/"state.vti");
        const std::size_t n = state.grid.nCells();
        ASSERT_EQ(std::size_t(image->GetNumberOfCells()), n);
        EXPECT_EQ(image->GetDimensions()[0], 6);
        EXPECT_EQ(image->GetDimensions()[1], d > 1 ? 5 : 1);
        EXPECT_DOUBLE_EQ(image->GetOrigin()[0], -1);
        EXPECT_DOUBLE_EQ(image->GetSpacing()[0], 0.6);

        vtkDataArray* U = image->GetCellData()->GetArray("U");
        vtkDataArray* R = image->GetCellData()->GetArray("R");
        vtkDataArray* p = image->GetCellData()->GetArray("p");
        ASSERT_TRUE(U && R && p);
        EXPECT_EQ(U->GetNumberOfComponents(), d > 1 ? 3 : 1);
        EXPECT_EQ(R->GetNumberOfComponents(), d > 1 ? 9 : 1);
        for (std::size_t cell = 0; cell < n; ++cell)
        {
            EXPECT_EQ(p->GetComponent(vtkIdType(cell), 0), state.field("p")[cell]);
            for (int i = 0; i < (d > 1 ? 3 : 1); ++i)
            {
                EXPECT_EQ(U->GetComponent(vtkIdType(cell), i), i < d ? state.field("U")[i*n + cell] : 0);
                for (int j = 0; j < (d > 1 ? 3 : 1); ++j)
                {
                    EXPECT_EQ(R->GetComponent(vtkIdType(cell), 3*i + j),
                        i < d && j < d ? state.field("R")[(d*i + j)*n + cell] : 0);
                }
            }
        }
    }
}

TEST_F(SeriesWriterTest, cellsLieWhereTheGridHasThem)
{
    State state = randomState(2);
    double* p = state.field("p");
    for (int y = 0; y < 4; ++y)
    {
        for (int x = 0; x < 5; ++x) p[state.grid.index(x, y)] = -1 + (x + 0.5)*0.6 + 100*(-1 + (y + 0.5)*0.75);
    }
    writeVti(scratch_/"state.vti", state);
    const auto image = readBack(scratch_/"state.vti");
    for (vtkIdType cell = 0; cell < image->GetNumberOfCells(); ++cell)
    {
        double bounds[6];
        image->GetCellBounds(cell, bounds);
        EXPECT_NEAR(image->GetCellData()->GetArray("p")->GetComponent(cell, 0),
            0.5*(bounds[0] + bounds[1]) + 50*(bounds[2] + bounds[3]), 1e-12);
    }
}

TEST_F(SeriesWriterTest, besideReferenceHoldsBothAndTheirDifference)
{
    const State prediction = randomState(2, 1.5);
    State reference = prediction;
    for (double& value : reference.values) value = 2*value + 1;
    const State both = besideReference(prediction, reference);
    EXPECT_EQ(both.time, 1.5);
    EXPECT_EQ(both.fields.size(), 9u);
    for (std::size_t i = 0; i < 2*prediction.grid.nCells(); ++i)
    {
        EXPECT_EQ(both.field("U")[i], prediction.field("U")[i]);
        EXPECT_EQ(both.field("U_reference")[i], reference.field("U")[i]);
        EXPECT_DOUBLE_EQ(both.field("U_error")[i], prediction.field("U")[i] - reference.field("U")[i]);
    }
    expectRefusal([&] { besideReference(prediction, randomState(3)); }, {"different grids", "5 x 4 x 3 cells"});
}

TEST_F(SeriesWriterTest, seriesIsIndexedAndGoneOnWith)
{
    const std::string path = scratch_/"run";
    SeriesWriter first(path);
    for (const double time : {0.1, 0.2, 0.3}) first.append(randomState(2, time));

    SeriesWriter second(path);
    ASSERT_EQ(second.entries().size(), 3u);
    EXPECT_EQ(second.entries()[2], (std::pair<double, std::string>{0.3, "run/run_000002.vti"}));
    second.append(randomState(2, 0.2));   // restarted from 0.1
    second.append(randomState(2, 0.4));
    ASSERT_EQ(second.entries().size(), 3u);
    EXPECT_EQ(second.entries()[1].first, 0.2);
    EXPECT_EQ(second.entries()[2].first, 0.4);

    const std::string index = contentOf(path + ".pvd");
    EXPECT_EQ(index.rfind("<?xml", 0), 0u);
    EXPECT_NE(index.find("<VTKFile type=\"Collection\""), std::string::npos);
    const std::string last = "<DataSet timestep=\"0.4\" part=\"0\" file=\"run/run_000002.vti\"/>\n</Collection>";
    EXPECT_NE(index.find(last), std::string::npos);
    EXPECT_EQ(index.find("0.3"), std::string::npos);
    for (const auto& entry : second.entries()) EXPECT_EQ(readBack(scratch_/entry.second)->GetNumberOfCells(), 20);
}

TEST_F(SeriesWriterTest, saysWhatItCannotReadOrWrite)
{
    std::ofstream(scratch_/"bad.pvd") << "<DataSet timestep=\"abc\" file=\"x.vti\"/>\n";
    expectRefusal([&] { SeriesWriter(scratch_/"bad"); }, {"Cannot read the index", "bad.pvd", "abc"});
    std::ofstream(scratch_/"file") << "a file where a folder should be\n";
    expectRefusal([&] { SeriesWriter(scratch_/"file"); }, {"Cannot make a folder"});
    expectRefusal([&] { writeVti(scratch_/"no/such/folder.vti", randomState(2)); }, {"Cannot write a VTK image"});
}

TEST_F(SeriesWriterTest, onlyASeriesIsRemoved)
{
    const std::string path = scratch_/"hybrid";
    SeriesWriter(path).append(randomState(2, 1));
    removeSeries(path);
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_FALSE(std::filesystem::exists(path + ".pvd"));
    removeSeries(path);

    SeriesWriter(path).append(randomState(2, 1));
    std::filesystem::create_directories(path + "/system");
    expectRefusal([&] { removeSeries(path); }, {"in the way of a VTK series", "hybrid", "system"});
    EXPECT_TRUE(std::filesystem::exists(path + "/hybrid_000000.vti"));
    EXPECT_TRUE(std::filesystem::exists(path + ".pvd"));
}
