#include "core/error.h"

#include <utility>

namespace surrogate
{

std::string join(const std::vector<std::string>& words, const std::string& separator)
{
    std::string text;
    for (const std::string& word : words)
    {
        if (!text.empty()) text += separator;
        text += word;
    }
    return text;
}

namespace
{

std::string compose(const Error::Report& report)
{
    std::string text = report.what;
    const auto line = [&text](const char* label, const std::string& value)
    {
        if (!value.empty()) text += std::string("\n    ") + label + value;
    };
    line("where:    ", report.where);
    line("expected: ", report.expected);
    line("found:    ", report.found);
    line("valid:    ", join(report.choices));
    return text;
}

} // namespace

Error::Error(Report report)
:
    std::runtime_error(compose(report)),
    report_(std::move(report))
{}

} // namespace surrogate
