#include "model/torch/training/trajectories.h"

#include "core/error.h"
#include "dataset/datasetReader.h"
#include "model/torch/tensorState.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace surrogate
{

namespace
{

FieldList select(const FieldList& all, const std::vector<std::string>& names, const std::string& file)
{
    if (names.empty()) return all;
    std::vector<Field> chosen;
    for (const std::string& name : names)
    {
        if (!all.contains(name)) throw Error({"The data set lacks a field", file, name, join(all.names()), all.names()});
        chosen.push_back(all.get(name));
    }
    return chosen;
}

constexpr double sameGeometry = 1e-3;
constexpr double symmetricGeometry = 0.05;   // a symmetric body on a mesh that need not be

} // namespace

Trajectories::Trajectories(const std::vector<std::string>& files, const std::vector<std::string>& names, int stride,
    const std::vector<std::string>& symmetries)
:
    stride_(stride)
{
    for (const std::string& file : files)
    {
        const DatasetReader reader(file);
        const FieldList fields = select(reader.fields(), names, file);
        if (trajectories_.empty())
        {
            grid_ = reader.grid();
            geometry_ = reader.geometry();
            fields_ = fields;
            timeStep_ = stride*reader.interval();
        }
        if (!grid_.matches(reader.grid()))
        {
            throw Error({"Data sets have different grids", file, grid_.describe(), reader.grid().describe(), {}});
        }
        if (difference(geometry_.get(), reader.geometry().get(), grid_) > sameGeometry)
        {
            throw Error({"Data sets have different geometries of walls and bodies", file, "that of " + files.front(),
                reader.geometry() ? "another" : "none", {}});
        }
        if (std::abs(timeStep_ - stride*reader.interval()) > 1e-3*timeStep_)
        {
            throw Error({"Data sets have different intervals", file, std::to_string(timeStep_/stride),
                std::to_string(reader.interval()), {}});
        }
        for (std::size_t i = 0; i < fields.size(); ++i)
        {
            if (fields[i].dimensions != fields_[i].dimensions || fields[i].components != fields_[i].components)
            {
                throw Error({"Data sets have different units or components of a field", file + ", field " + fields[i].name,
                    describeDimensions(fields_[i].dimensions), describeDimensions(fields[i].dimensions), {}});
            }
        }
        if (reader.nTimes() < std::size_t(2*stride + 1))
        {
            throw Error({"A trajectory is too short", file, std::to_string(2*stride + 1) + " snapshots",
                std::to_string(reader.nTimes()), {}});
        }

        std::vector<std::int64_t> sizes{std::int64_t(reader.nTimes()), fields_.nChannels()};
        for (std::int64_t n : spatialSizes(grid_)) sizes.push_back(n);
        for (std::size_t b = 0; b < reader.nTrajectories(); ++b)
        {
            torch::Tensor values = torch::empty(sizes);
            reader.read(b, 0, reader.nTimes(), fields_.names(), values.data_ptr<float>());
            if (!torch::isfinite(values).all().item<bool>())
            {
                throw Error({"A value of the data set is not finite", file, "finite numbers", "NaN or infinity", {}});
            }
            trajectories_.push_back(values);
        }
    }
    for (const std::string& symmetry : symmetries)
    {
        symmetries_.emplace_back(symmetry, grid_, fields_);
        if (!geometry_) continue;
        const Geometry mapped = symmetries_.back().apply(*geometry_, grid_);
        const double asymmetry = difference(geometry_.get(), &mapped, grid_);
        if (asymmetry <= symmetricGeometry) continue;
        throw Error({"Not a symmetry of the walls and bodies", "entry symmetries, \"" + symmetry + "\"",
            "fractions of fluid and distances that it maps onto themselves, to " + std::to_string(symmetricGeometry) + " (cells)",
            "differences up to " + std::to_string(asymmetry), {}});
    }
}

void Trajectories::requireSameGrid(const Trajectories& others, const std::string& what) const
{
    if (!grid_.matches(others.grid_))
    {
        throw Error({"The training data and the " + what + " have different grids", what, grid_.describe(),
            others.grid_.describe(), {}});
    }
    if (difference(geometry_.get(), others.geometry_.get(), grid_) > sameGeometry)
    {
        throw Error({"The training data and the " + what + " have different geometries of walls and bodies", what,
            geometry_ ? "that of the training data" : "none", others.geometry_ ? "another" : "none", {}});
    }
}

std::size_t Trajectories::nSnapshots() const
{
    std::size_t n = 0;
    for (const auto& trajectory : trajectories_) n += trajectory.size(0);
    return n;
}

std::size_t Trajectories::nWindows(int steps) const
{
    std::size_t n = 0;
    for (const auto& trajectory : trajectories_) n += std::max<std::int64_t>(0, trajectory.size(0) - std::int64_t(steps)*stride_);
    if (n > 0) return n;
    throw Error({"No trajectory is long enough", "entries unroll, validationSteps, maxLag, history",
        "at least " + std::to_string(steps*stride_ + 1) + " snapshots in a row", "fewer", {}});
}

torch::Tensor Trajectories::window(std::size_t n, const std::vector<int>& offsets) const
{
    for (const auto& trajectory : trajectories_)
    {
        const std::size_t here = std::max<std::int64_t>(0, trajectory.size(0) - std::int64_t(offsets.back())*stride_);
        if (n < here)
        {
            std::vector<torch::Tensor> snapshots;
            for (int offset : offsets) snapshots.push_back(trajectory[std::int64_t(n) + std::int64_t(offset)*stride_]);
            return torch::stack(snapshots);
        }
        n -= here;
    }
    throw Error({"No such window in the data", "", "", "", {}});
}

torch::Tensor Trajectories::sample(int count, const std::vector<int>& offsets, const Noise& noise, int first) const
{
    const std::size_t available = nWindows(offsets.back());
    std::vector<torch::Tensor> windows;
    for (int i = first; i < first + count; ++i)
    {
        torch::Tensor chosen = window(noise.below(available, 0, i), offsets);
        for (std::size_t j = 0; j < symmetries_.size(); ++j)
        {
            if (noise.uniform(std::uint32_t(2 + j), i) < 0.5) chosen = symmetries_[j].apply(chosen);
        }
        windows.push_back(chosen);
    }
    return torch::stack(windows, 1);
}

torch::Tensor Trajectories::spread(int count, const std::vector<int>& offsets) const
{
    const std::size_t available = nWindows(offsets.back());
    std::vector<torch::Tensor> windows;
    for (int i = 0; i < count; ++i) windows.push_back(window((2*i + 1)*available/(2*count), offsets));
    return torch::stack(windows, 1);
}

std::string Trajectories::digest() const
{
    std::uint64_t hash = 0xCBF29CE484222325ull;
    for (const auto& trajectory : trajectories_)
    {
        const auto* bytes = static_cast<const unsigned char*>(trajectory.data_ptr());
        const std::size_t words = trajectory.numel()*trajectory.element_size()/8;
        for (std::size_t i = 0; i < words; ++i)
        {
            std::uint64_t word;
            std::memcpy(&word, bytes + 8*i, 8);
            hash = (hash ^ word)*0x100000001B3ull;
        }
    }
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

} // namespace surrogate
