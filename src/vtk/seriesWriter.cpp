#include "vtk/seriesWriter.h"
#include "vtk/writable.h"

#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkXMLImageDataWriter.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
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

//- The value of NAME="..." in the line; empty where there is none
std::string attribute(const std::string& line, const std::string& name)
{
    const std::size_t start = line.find(" " + name + "=\"");
    if (start == std::string::npos) return "";
    const std::size_t begin = start + name.size() + 3;
    return line.substr(begin, line.find('"', begin) - begin);
}

} // namespace

void writeVti(const std::string& path, const State& state)
{
    const Grid& grid = state.grid;
    grid.check(path);
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

SeriesWriter::SeriesWriter(const std::string& path)
:
    path_(path)
{
    std::error_code error;
    fs::create_directories(path_, error);
    if (error)
    {
        throw Error({"Cannot make a folder for a VTK series", path_, "a folder that can be written", error.message(), {}});
    }
    readIndex();
}

void SeriesWriter::readIndex()
{
    std::ifstream index(path_ + ".pvd");
    std::string line;
    while (std::getline(index, line))
    {
        if (line.find("<DataSet ") == std::string::npos) continue;
        const std::string time = attribute(line, "timestep"), file = attribute(line, "file");
        char* end = nullptr;
        const double value = std::strtod(time.c_str(), &end);
        if (time.empty() || *end != '\0' || file.empty())
        {
            throw Error({"Cannot read the index of a VTK series", path_ + ".pvd", "timestep and file of each DataSet",
                line, {}});
        }
        entries_.emplace_back(value, file);
    }
}

void SeriesWriter::writeIndex() const
{
    const std::string path = path_ + ".pvd", temporary = path + ".writing";
    std::ofstream index(temporary);
    index << "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
        << "<Collection>\n";
    for (const auto& [time, file] : entries_)
    {
        index << "<DataSet timestep=\"" << timeText(time) << "\" part=\"0\" file=\"" << file << "\"/>\n";
    }
    index << "</Collection>\n</VTKFile>\n";
    index.close();
    if (!index || std::rename(temporary.c_str(), path.c_str()) != 0)
    {
        throw Error({"Cannot write the index of a VTK series", path, "a folder that can be written",
            std::strerror(errno), {}});
    }
}

void SeriesWriter::append(const State& state)
{
    const auto later = [&](const std::pair<double, std::string>& entry)
    {
        return entry.first >= state.time - 1e-9*std::max(1.0, std::abs(state.time));
    };
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), later), entries_.end());

    const std::string name = fs::path(path_).filename().string();
    std::ostringstream file;
    file << name << "/" << name << "_" << std::setw(6) << std::setfill('0') << entries_.size() << ".vti";
    writeVti((fs::path(path_).parent_path()/file.str()).string(), state);
    entries_.emplace_back(state.time, file.str());
    writeIndex();
}

} // namespace surrogate
