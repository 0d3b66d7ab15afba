#include "model/torch/variables/variables.h"

#include "core/error.h"
#include "model/torch/variables/vorticityVariables.h"

#include <functional>
#include <map>

namespace surrogate
{

namespace
{

//- The fields as they are
class FieldVariables : public Variables
{
public:

    FieldVariables(const Grid&, const FieldList& fields)
    {
        for (const Field& field : fields)
        {
            for (int c = 0; c < field.components; ++c)
            {
                names_.push_back(componentName(field, c));
            }
        }
    }

    std::vector<std::string> names() const override { return names_; }
    int nPredicted() const override { return int(names_.size()); }
    bool pointwise() const override { return true; }
    torch::Tensor inputs(const torch::Tensor& fields) const override { return fields; }
    torch::Tensor fields(const torch::Tensor& predicted, const torch::Tensor&) const override { return predicted; }

private:

    std::vector<std::string> names_;
};

using Maker = std::function<std::unique_ptr<Variables>(const Grid&, const FieldList&)>;

const std::map<std::string, Maker>& table()
{
    static const std::map<std::string, Maker> makers
    {
        {"fields", [](const Grid& g, const FieldList& f) { return std::make_unique<FieldVariables>(g, f); }},
        {"vorticity", [](const Grid& g, const FieldList& f) { return std::make_unique<VorticityVariables>(g, f); }},
    };
    return makers;
}

} // namespace

std::unique_ptr<Variables> makeVariables(const std::string& name, const Grid& grid, const FieldList& fields)
{
    const auto maker = table().find(name);
    if (maker != table().end()) return maker->second(grid, fields);

    std::vector<std::string> names;
    for (const auto& entry : table()) names.push_back(entry.first);
    throw Error({"Unknown variables", "entry variables", "one of the names below", name, names});
}

} // namespace surrogate
