#include "core/fieldList.h"
#include "core/error.h"

#include <sstream>

namespace surrogate
{

std::string describeDimensions(const std::array<double, 7>& dimensions)
{
    std::ostringstream text;
    text << "[";
    for (int i = 0; i < 7; ++i) text << (i ? " " : "") << dimensions[i];
    text << "]";
    return text.str();
}

std::string componentName(const Field& field, int component)
{
    if (field.components == 1) return field.name;
    return field.name + "_" + (field.components > 3 ? std::to_string(component + 1) : std::string(1, "xyz"[component]));
}

int FieldList::nChannels() const
{
    int n = 0;
    for (const Field& field : fields_) n += field.components;
    return n;
}

bool FieldList::contains(const std::string& name) const
{
    for (const Field& field : fields_)
    {
        if (field.name == name) return true;
    }
    return false;
}

int FieldList::channelOf(const std::string& name) const
{
    int channel = 0;
    for (const Field& field : fields_)
    {
        if (field.name == name) return channel;
        channel += field.components;
    }
    throw Error({"No such field", "", "one of the fields below", name, names()});
}

const Field& FieldList::get(const std::string& name) const
{
    for (const Field& field : fields_)
    {
        if (field.name == name) return field;
    }
    throw Error({"No such field", "", "one of the fields below", name, names()});
}

std::vector<std::string> FieldList::names() const
{
    std::vector<std::string> list;
    for (const Field& field : fields_) list.push_back(field.name);
    return list;
}

} // namespace surrogate
