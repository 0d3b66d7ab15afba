#include "core/settings.h"
#include "core/error.h"

#include <algorithm>
#include <sstream>

namespace surrogate
{

namespace
{

template<class List>
std::string listText(const List& list)
{
    std::ostringstream text;
    text << "(";
    for (std::size_t i = 0; i < list.size(); ++i) text << (i ? " " : "") << list[i];
    text << ")";
    return text.str();
}

bool isIn(const std::string& keyword, const std::vector<std::string>& valid)
{
    return std::any_of
    (
        valid.begin(), valid.end(),
        [&](const std::string& name)
        {
            const bool section = name.size() > 2 && name.compare(name.size() - 2, 2, ".*") == 0;
            return section ? keyword.rfind(name.substr(0, name.size() - 1), 0) == 0 : keyword == name;
        }
    );
}

} // namespace

std::string describe(const Settings::Value& value)
{
    return std::visit
    (
        [](const auto& v) -> std::string
        {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, bool>) return v ? "yes" : "no";
            else if constexpr (std::is_same_v<T, std::string>) return v;
            else if constexpr (std::is_arithmetic_v<T>)
            {
                std::ostringstream text;
                text << v;
                return text.str();
            }
            else return listText(v);
        },
        value
    );
}

void Settings::refuse(const std::string& keyword, const std::string& expected) const
{
    throw Error({"Wrong type of entry", where_ + ", entry " + keyword, expected, describe(values_.at(keyword)), {}});
}

bool Settings::get(const std::string& keyword, bool preset) const
{
    const auto it = values_.find(keyword);
    if (it == values_.end()) return preset;
    if (const bool* value = std::get_if<bool>(&it->second)) return *value;
    if (const std::string* word = std::get_if<std::string>(&it->second))
    {
        if (*word == "yes" || *word == "on" || *word == "true") return true;
        if (*word == "no" || *word == "off" || *word == "false") return false;
    }
    refuse(keyword, "yes or no");
}

int Settings::get(const std::string& keyword, int preset) const
{
    const auto it = values_.find(keyword);
    if (it == values_.end()) return preset;
    if (const long* value = std::get_if<long>(&it->second)) return int(*value);
    refuse(keyword, "a whole number");
}

double Settings::get(const std::string& keyword, double preset) const
{
    const auto it = values_.find(keyword);
    if (it == values_.end()) return preset;
    if (const double* value = std::get_if<double>(&it->second)) return *value;
    if (const long* value = std::get_if<long>(&it->second)) return double(*value);
    refuse(keyword, "a number");
}

std::string Settings::get(const std::string& keyword, const std::string& preset) const
{
    const auto it = values_.find(keyword);
    if (it == values_.end()) return preset;
    if (const std::string* value = std::get_if<std::string>(&it->second)) return *value;
    refuse(keyword, "a word");
}

std::string Settings::get(const std::string& keyword, const char* preset) const
{
    return get(keyword, std::string(preset));
}

std::vector<long> Settings::get(const std::string& keyword, const std::vector<long>& preset) const
{
    const auto it = values_.find(keyword);
    if (it == values_.end()) return preset;
    if (const auto* list = std::get_if<std::vector<long>>(&it->second)) return *list;
    if (const auto* words = std::get_if<std::vector<std::string>>(&it->second); words && words->empty()) return {};
    refuse(keyword, "a list of whole numbers");
}

std::vector<double> Settings::get(const std::string& keyword, const std::vector<double>& preset) const
{
    const auto it = values_.find(keyword);
    if (it == values_.end()) return preset;
    if (const auto* list = std::get_if<std::vector<double>>(&it->second)) return *list;
    if (const auto* list = std::get_if<std::vector<long>>(&it->second)) return {list->begin(), list->end()};
    if (const auto* words = std::get_if<std::vector<std::string>>(&it->second); words && words->empty()) return {};
    refuse(keyword, "a list of numbers");
}

std::vector<std::string> Settings::get(const std::string& keyword, const std::vector<std::string>& preset) const
{
    const auto it = values_.find(keyword);
    if (it == values_.end()) return preset;
    if (const auto* list = std::get_if<std::vector<std::string>>(&it->second)) return *list;
    refuse(keyword, "a list of words");
}

void Settings::requireOnly(const std::vector<std::string>& valid) const
{
    for (const auto& [keyword, value] : values_)
    {
        if (isIn(keyword, valid)) continue;
        throw Error({"Unknown keyword", where_, "one of the keywords below", keyword, valid});
    }
}

Settings Settings::section(const std::string& prefix) const
{
    Settings part(where_ + ", sub-dictionary " + prefix);
    for (const auto& [keyword, value] : values_)
    {
        if (keyword.rfind(prefix + ".", 0) == 0) part.set(keyword.substr(prefix.size() + 1), value);
    }
    return part;
}

} // namespace surrogate
