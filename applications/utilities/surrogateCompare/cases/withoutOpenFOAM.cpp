// What stands for the cases where this was built without OpenFOAM

#include "gridRun.h"

#include "core/error.h"

namespace surrogate
{

std::unique_ptr<FlowRun> openCase(const std::string& path, const std::vector<int>&)
{
    throw Error({"surrogateCompare was built without OpenFOAM", path, "a data set NAME.h5", "a case", {}});
}

CellMap mapBetween(const FlowRun& from, const FlowRun& to, std::string& note)
{
    return mapBetweenGrids(dynamic_cast<const GridRun&>(from), dynamic_cast<const GridRun&>(to), note);
}

} // namespace surrogate
