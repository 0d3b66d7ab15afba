#include "model/torch/training/symmetry.h"

#include "core/error.h"
#include "model/torch/tensorState.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace surrogate
{

namespace
{

//- Product of the signs of a component's directions: none for a scalar, one for a vector's, two for a tensor's
double sign(int component, const Field& field, int dimensions, const std::vector<std::int64_t>& reflected)
{
    double sign = 1;
    const auto along = [&](int axis)
    {
        if (std::find(reflected.begin(), reflected.end(), -1 - axis) != reflected.end()) sign = -sign;
    };
    if (field.components == 1) return sign;
    along(component%dimensions);
    if (field.components > dimensions) along(component/dimensions);
    return sign;
}

} // namespace

Symmetry::Symmetry(const std::string& text, const Grid& grid, const FieldList& fields)
{
    const auto refuse = [&](const std::string& expected, const std::string& found)
    {
        throw Error({"Not a symmetry of the grid", "entry symmetries, \"" + text + "\"", expected, found, {}});
    };
    grid.requireLattice("A symmetry", "entry symmetries, \"" + text + "\"");
    const auto axisOf = [&](const std::string& word)
    {
        const std::size_t axis = std::string("xyz").find(word);
        if (word.size() != 1 || axis == std::string::npos || int(axis) >= grid.dimensions) refuse("axes of the grid", word);
        return int(axis);
    };

    std::istringstream words(text);
    std::string word, action;
    while (words >> word)
    {
        if (word == "reflect" || word == "shift") { action = word; continue; }
        if (action.empty()) refuse("reflect AXES or shift AXIS FRACTION", word);
        const int axis = axisOf(word);
        if (action == "reflect")
        {
            const auto& [low, high] = grid.walls[axis];
            if (low != high) refuse("a wall at both sides of the axis or at none", grid.describe());
            reflected_.push_back(-1 - axis);
        }
        else
        {
            double fraction = 0;
            if (!(words >> fraction)) refuse("shift AXIS FRACTION", text);
            const double cells = fraction*grid.cells[axis];
            if (!grid.periodic[axis] || std::abs(cells - std::round(cells)) > 1e-6)
            {
                refuse("a whole number of cells along a periodic axis", word + " by " + std::to_string(cells) + " cells");
            }
            shifted_.push_back(-1 - axis);
            shifts_.push_back(std::lround(cells));
        }
    }
    if (reflected_.empty() && shifted_.empty()) refuse("reflect AXES or shift AXIS FRACTION", "nothing");

    std::vector<double> signs;
    for (const Field& field : fields)
    {
        for (int c = 0; c < field.components; ++c) signs.push_back(sign(c, field, grid.dimensions, reflected_));
    }
    std::vector<std::int64_t> sizes(grid.dimensions == 3 ? 4 : 3, 1);
    sizes[0] = std::int64_t(signs.size());
    signs_ = torch::tensor(signs, torch::kFloat).reshape(sizes);
}

torch::Tensor Symmetry::move(const torch::Tensor& x) const
{
    const torch::Tensor flipped = reflected_.empty() ? x : torch::flip(x, reflected_);
    return shifted_.empty() ? flipped : torch::roll(flipped, shifts_, shifted_);
}

torch::Tensor Symmetry::apply(const torch::Tensor& fields) const
{
    return reflected_.empty() ? move(fields) : move(fields)*signs_.to(fields.scalar_type());
}

Geometry Symmetry::apply(const Geometry& geometry, const Grid& grid) const
{
    const auto map = [&](const std::vector<double>& values)
    {
        const torch::Tensor x = torch::from_blob(const_cast<double*>(values.data()), spatialSizes(grid), torch::kDouble);
        const torch::Tensor moved = move(x).contiguous();
        return std::vector<double>(moved.data_ptr<double>(), moved.data_ptr<double>() + moved.numel());
    };
    return {map(geometry.fluid), map(geometry.distance)};
}

} // namespace surrogate
