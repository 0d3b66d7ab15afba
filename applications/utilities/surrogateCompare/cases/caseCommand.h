#pragma once

#include "caseComparison.h"
#include "casePictures.h"

#include <string>

namespace surrogate
{

//- surrogateCompare of cases and data sets, as its command line says; see usage.h
struct CaseCommand
{
    CaseOptions compare;
    PictureOptions picture;
    std::string output;        //!< folder; empty: comparison
    bool pictures = true, vtk = true;
    std::size_t vtkTimes = 20;
    std::string command;       //!< as it was typed
};

//- Compares, writes all results and prints the tables. Throws Error.
void run(const CaseCommand& command);

//- "(U p)", "'U p'" or "U,p" as words. Throws Error, naming `option`, where there is none.
std::vector<std::string> wordList(const std::string& text, const std::string& option);

//- The same as numbers; throws Error on what is none
std::vector<double> numberList(const std::string& text, const std::string& option);

} // namespace surrogate
