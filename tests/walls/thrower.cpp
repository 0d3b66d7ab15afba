#include "core/grid.h"
#include "core/error.h"

namespace surrogate
{

//- Throws an Error of its own making, or one that core makes
void throwError(bool own)
{
    if (own) throw Error({"thrown here", "wallsThrower", "", "", {}});
    Grid().check("wallsThrower");
}

} // namespace surrogate
