#include "vtk/seriesWriter.h"
#include "vtk/writable.h"

#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkXMLImageDataWriter.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <sstream>

namespace surrogate
{

namespace
{

namespace fs = std::filesystem;

//- One field as cell data: a vector of d components as 3, a tensor of d*d as 9, the rest zero
void addField(vtkImageData& image, const State& state, const Field& field)
{
    const int d = state.grid.dimensions, n = field.components;
    const bool vector = d > 1 && n == d, tensor = d > 1 && n == d*d;
    const std::size_t nCells = state.grid.nCells();
    const double* values = state.field(field.name);

    vtkNew<vtkDoubleArray> array;
    array->SetName(field.name.c_str());
    array->SetNumberOfComponents(vector ? 3 : tensor ? 9 : n);
    array->SetNumberOfTuples(vtkIdType(nCells));
    array->Fill(0);
    for (int component = 0; component < n; ++component)
    {
        const int position = tensor ? component/d*3 + component%d : component;
        for (std::size_t cell = 0; cell < nCells; ++cell)
        {
            array->SetComponent(vtkIdType(cell), position, values[component*nCells + cell]);
        }
    }
    image.GetCellData()->AddArray(array);
}

std::string timeText(double time)
{
    std::ostringstream text;
    text << std::setprecision(12) << time;
    return text.str();
}

} // namespace

void writeVti(const std::string& path, const State& state)
{
    const Grid& grid = state.grid;
    grid.check(path);
    grid.requireLattice("A VTK image", path);
    vtkNew<vtkImageData> image;
    const auto points = [&](int axis) { return axis < grid.dimensions ? grid.cells[axis] + 1 : 1; };
    image->SetDimensions(points(0), points(1), points(2));
    image->SetOrigin(grid.lower.data());
    image->SetSpacing(grid.spacing(0), grid.spacing(1), grid.spacing(2));
    for (const Field& field : state.fields) addField(*image, state, field);

    requireWritable(path, "Cannot write a VTK image");
    vtkNew<vtkXMLImageDataWriter> writer;
    writer->SetFileName(path.c_str());
    writer->SetInputData(image);
    if (writer->Write() != 1 || writer->GetErrorCode() != 0)
    {
        throw Error({"Cannot write a VTK image", path, "room on the disk", "", {}});
    }
}

State besideReference(const State& prediction, const State& reference)
{
    if (!prediction.grid.matches(reference.grid))
    {
        throw Error({"Prediction and reference have different grids", "time " + timeText(prediction.time),
            reference.grid.describe(), prediction.grid.describe(), {}});
    }
    std::vector<Field> fields;
    for (const Field& field : prediction.fields)
    {
        if (reference.fields.get(field.name).components != field.components)
        {
            throw Error({"Prediction and reference have different components", "field " + field.name,
                std::to_string(reference.fields.get(field.name).components), std::to_string(field.components), {}});
        }
        for (const char* suffix : {"", "_reference", "_error"})
        {
            fields.push_back({field.name + suffix, field.components, field.dimensions});
        }
    }

    State both(prediction.grid, FieldList(fields), prediction.time);
    for (const Field& field : prediction.fields)
    {
        const std::size_t n = field.components*prediction.grid.nCells();
        const double* a = prediction.field(field.name);
        const double* b = reference.field(field.name);
        std::copy(a, a + n, both.field(field.name));
        std::copy(b, b + n, both.field(field.name + "_reference"));
        std::transform(a, a + n, b, both.field(field.name + "_error"), std::minus<double>());
    }
    return both;
}

namespace
{

std::string folderFor(const std::string& path)
{
    std::error_code error;
    fs::create_directories(path, error);
    if (!error) return path;
    throw Error({"Cannot make a folder for a VTK series", path, "a folder that can be written", error.message(), {}});
}

} // namespace

SeriesWriter::SeriesWriter(const std::string& path) : path_(folderFor(path)), index_(path + ".pvd") {}

void SeriesWriter::append(const State& state)
{
    index_.removeFrom(state.time);
    const std::string name = fs::path(path_).filename().string();
    std::ostringstream file;
    file << name << "/" << name << "_" << std::setw(6) << std::setfill('0') << entries().size() << ".vti";
    writeVti((fs::path(path_).parent_path()/file.str()).string(), state);
    index_.append(state.time, file.str());
}

} // namespace surrogate
