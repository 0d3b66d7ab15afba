#pragma once

#include <string>
#include <vector>

namespace surrogate
{

//- A page of its own: styles and pictures are in the file, nothing is fetched
class Html
{
public:

    using Row = std::vector<std::string>;

    explicit Html(std::string title);

    void heading(const std::string& text);
    void subheading(const std::string& text);
    void paragraph(const std::string& text);
    void list(const std::vector<std::string>& items);

    //- As it is typed
    void code(const std::string& text);

    //- The first row is the header; the first column names the rows, the others are aligned to the right
    void table(const std::vector<Row>& rows, const std::string& caption = "");

    //- A PNG file; throws Error where it cannot be read
    void picture(const std::string& path, const std::string& caption);

    //- Throws Error where the file cannot be written
    void write(const std::string& path) const;

private:

    void element(const std::string& name, const std::string& text);

    std::string title_, body_;
};

//- RFC 4648, section 4
std::string base64(const std::string& bytes);

} // namespace surrogate
