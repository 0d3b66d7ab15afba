#pragma once

#include <array>
#include <string>
#include <vector>

namespace surrogate
{

//- One named field on a grid. A vector has as many components as the grid has dimensions.
struct Field
{
    std::string name;
    int components = 1;

    //- Exponents of kg, m, s, K, mol, A, cd, in OpenFOAM's order
    std::array<double, 7> dimensions{{0, 0, 0, 0, 0, 0, 0}};
};

//- "[0 1 -1 0 0 0 0]"
std::string describeDimensions(const std::array<double, 7>& dimensions);

//- "p" of a scalar, "U_x" of a vector's first component, "tau_1" to "tau_6" of a tensor's
std::string componentName(const Field& field, int component);

//- The fields of a State in the order of its channels: a vector's components follow one another.
class FieldList
{
public:

    FieldList() = default;
    FieldList(std::vector<Field> fields) : fields_(std::move(fields)) {}

    const std::vector<Field>& all() const { return fields_; }
    std::size_t size() const { return fields_.size(); }
    const Field& operator[](std::size_t i) const { return fields_[i]; }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

    int nChannels() const;

    bool contains(const std::string& name) const;

    //- First channel of the named field; throws Error that lists the names when there is none
    int channelOf(const std::string& name) const;

    //- The named field; throws Error that lists the names when there is none
    const Field& get(const std::string& name) const;

    std::vector<std::string> names() const;

private:

    std::vector<Field> fields_;
};

} // namespace surrogate
