#include "html.h"

#include "core/error.h"

#include <fstream>
#include <sstream>

namespace surrogate
{

namespace
{

const char* const style = R"(
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: #1c1c1c; background: #fff;
       max-width: 1180px; margin: 2em auto; padding: 0 1.5em; }
h1 { font-size: 1.7em; margin-bottom: 0.2em; }
h2 { font-size: 1.25em; margin: 2em 0 0.6em; padding-bottom: 0.2em; border-bottom: 1px solid #d0d0d0; }
h3 { font-size: 1.05em; margin: 1.5em 0 0.4em; }
table { border-collapse: collapse; margin: 0.8em 0; font-size: 0.92em; font-variant-numeric: tabular-nums; }
caption { caption-side: bottom; text-align: left; color: #555; padding-top: 0.4em; }
th, td { padding: 0.25em 0.9em 0.25em 0.2em; text-align: right; border-bottom: 1px solid #e4e4e4; white-space: nowrap; }
th { font-weight: 600; border-bottom: 2px solid #777; vertical-align: bottom; white-space: normal; max-width: 9.5em; }
th:first-child, td:first-child { text-align: left; }
tr:hover td { background: #f4f7fa; }
div.wide { overflow-x: auto; }
figure { margin: 1.2em 0; }
img { max-width: 100%; height: auto; }
figcaption { color: #555; font-size: 0.92em; }
pre { background: #f5f5f5; border: 1px solid #e0e0e0; padding: 0.7em 1em; overflow-x: auto; font-size: 0.88em; }
)";

std::string escaped(const std::string& text)
{
    std::string result;
    for (const char c : text)
    {
        if (c == '&') result += "&amp;";
        else if (c == '<') result += "&lt;";
        else if (c == '>') result += "&gt;";
        else if (c == '"') result += "&quot;";
        else result += c;
    }
    return result;
}

//- "1 +- 0.1" with the sign that it stands for
std::string withSign(std::string text)
{
    for (auto at = text.find("+-"); at != std::string::npos; at = text.find("+-")) text.replace(at, 2, "&plusmn;");
    return text;
}

} // namespace

std::string base64(const std::string& bytes)
{
    static const char* const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2)/3*4);
    for (std::size_t i = 0; i < bytes.size(); i += 3)
    {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < n ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j) text += j <= n ? letters[group >> (18 - 6*j) & 63u] : '=';
    }
    return text;
}

Html::Html(std::string title) : title_(std::move(title)) {}

void Html::element(const std::string& name, const std::string& text)
{
    body_ += "<" + name + ">" + escaped(text) + "</" + name + ">\n";
}

void Html::heading(const std::string& text) { element("h2", text); }
void Html::subheading(const std::string& text) { element("h3", text); }
void Html::paragraph(const std::string& text) { element("p", text); }
void Html::code(const std::string& text) { element("pre", text); }

void Html::list(const std::vector<std::string>& items)
{
    body_ += "<ul>\n";
    for (const std::string& item : items) element("li", item);
    body_ += "</ul>\n";
}

void Html::table(const std::vector<Row>& rows, const std::string& caption)
{
    body_ += "<div class=\"wide\"><table>\n";
    if (!caption.empty()) element("caption", caption);
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        body_ += "<tr>";
        for (const std::string& cell : rows[i])
        {
            body_ += (i == 0 ? "<th>" : "<td>") + withSign(escaped(cell)) + (i == 0 ? "</th>" : "</td>");
        }
        body_ += "</tr>\n";
    }
    body_ += "</table></div>\n";
}

void Html::picture(const std::string& path, const std::string& caption)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    if (!file) throw Error({"Cannot read a picture for the report", path, "a PNG file", "none", {}});
    body_ += "<figure><img alt=\"" + escaped(caption) + "\" src=\"data:image/png;base64," + base64(bytes.str()) + "\">\n";
    if (!caption.empty()) element("figcaption", caption);
    body_ += "</figure>\n";
}

void Html::write(const std::string& path) const
{
    std::ofstream file(path);
    file << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" << escaped(title_)
        << "</title>\n<style>" << style << "</style>\n</head>\n<body>\n<h1>" << escaped(title_) << "</h1>\n" << body_
        << "</body>\n</html>\n";
    file.close();
    if (!file) throw Error({"Cannot write the report", path, "a folder that can be written", "", {}});
}

} // namespace surrogate
