#pragma once

#include "comparison.h"

#include <iosfwd>
#include <string>

namespace surrogate
{

//- The machine that this runs on
struct Machine
{
    std::string processor;   //!< its model name
    bool amx = false;        //!< matrix instructions for bfloat16

    static Machine here();
};

//- Writes summary.json as usage.h describes it; what is absent or not finite is null. Throws Error.
void writeSummary(const std::string& path, const ComparisonInput& input, const ComparisonResult& result,
    const Machine& machine);

//- The same figures as an aligned table, and the notes below it
void printTable(std::ostream& out, const ComparisonInput& input, const ComparisonResult& result, const Machine& machine);

//- FOLDER/report.html: the same tables, the pictures that are in the folder where `pictures`, the notes, and the command.
//  Throws Error.
void writeReport(const std::string& folder, const ComparisonInput& input, const ComparisonResult& result, const Machine& machine,
    const std::string& command, bool pictures);

} // namespace surrogate
