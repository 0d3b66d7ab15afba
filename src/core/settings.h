#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace surrogate
{

//- Keyword and value pairs of one dictionary or one JSON object, without either.
//  A network's or an objective's options travel as Settings from the user's dictionary to the struct that reads them, and
//  on into the model file, so that a new option is added in one place: the struct that has it.
//  Nesting is by dotted keywords: "unet.width".
class Settings
{
public:

    using Value = std::variant<bool, long, double, std::string,
        std::vector<long>, std::vector<double>, std::vector<std::string>>;

    Settings() = default;

    //- `where` names the dictionary or file in error messages
    explicit Settings(std::string where) : where_(std::move(where)) {}

    const std::string& where() const { return where_; }
    void set(const std::string& keyword, Value value) { values_[keyword] = std::move(value); }
    bool found(const std::string& keyword) const { return values_.count(keyword) > 0; }
    const std::map<std::string, Value>& all() const { return values_; }

    //- The value, or `preset` where the keyword is absent. Throws Error on a value of another type (a whole number
    //  serves as a double, and "yes/no/on/off/true/false" as a bool).
    bool get(const std::string& keyword, bool preset) const;
    int get(const std::string& keyword, int preset) const;
    double get(const std::string& keyword, double preset) const;
    std::string get(const std::string& keyword, const char* preset) const;
    std::string get(const std::string& keyword, const std::string& preset) const;
    std::vector<long> get(const std::string& keyword, const std::vector<long>& preset) const;
    std::vector<double> get(const std::string& keyword, const std::vector<double>& preset) const;
    std::vector<std::string> get(const std::string& keyword, const std::vector<std::string>& preset) const;

    //- Throws Error when there is a keyword that is not in `valid`
    void requireOnly(const std::vector<std::string>& valid) const;

    //- Those whose keyword starts with "prefix.", without it
    Settings section(const std::string& prefix) const;

private:

    [[noreturn]] void refuse(const std::string& keyword, const std::string& expected) const;

    std::string where_;
    std::map<std::string, Value> values_;
};

//- The value as a dictionary or a message shows it: "0.5", "yes", "(1 2 2)"
std::string describe(const Settings::Value& value);

} // namespace surrogate
