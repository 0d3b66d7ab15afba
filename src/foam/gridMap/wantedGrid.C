/*---------------------------------------------------------------------------*\
  =========                 |
  \\      /  F ield         | surrogateFoam: neural surrogates for OpenFOAM
   \\    /   O peration     |
    \\  /    A nd           |
     \\/     M anipulation  |
-------------------------------------------------------------------------------
License
    This file is part of surrogateFoam.

    surrogateFoam is free software: you can redistribute it and/or modify it
    under the terms of the GNU General Public License as published by
    the Free Software Foundation, either version 3 of the License, or
    (at your option) any later version.

    surrogateFoam is distributed in the hope that it will be useful, but
    WITHOUT ANY WARRANTY; without even the implied warranty of MERCHANTABILITY
    or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU General Public License
    for more details.

    You should have received a copy of the GNU General Public License
    along with surrogateFoam.  If not, see <http://www.gnu.org/licenses/>.

\*---------------------------------------------------------------------------*/

#include "foam/gridMap/wantedGrid.H"
#include "core/error.h"
#include "foam/gridMap/cellsGridMap.H"
#include "foam/gridMap/identityGridMap.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static const std::string section = "gridMapCoeffs";


[[noreturn]] static void refuse
(
    const surrogate::Settings& settings,
    const std::string& entry,
    const std::string& expected,
    const std::string& found
)
{
    throw surrogate::Error
    ({
        "Not a grid", settings.where() + ", entry " + entry,
        expected, found, {}
    });
}


template<class Type>
static std::vector<Type> required
(
    const surrogate::Settings& settings,
    const std::string& name,
    const std::size_t n
)
{
    const std::string entry(section + "." + name);
    const auto values = settings.get(entry, std::vector<Type>());
    if (values.empty())
    {
        refuse(settings, entry, "a list, one value an axis", "nothing");
    }
    if (values.size() > 3 || (n > 0 && values.size() != n))
    {
        refuse
        (
            settings, entry,
            n > 0 ? std::to_string(n) + " values" : "1 to 3 values",
            std::to_string(values.size())
        );
    }
    return values;
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::wantedGridKeywords()
{
    return {section + ".cells", section + ".lower", section + ".upper"};
}


surrogate::Grid Foam::wantedGrid
(
    const word& type,
    const surrogate::Settings& settings
)
{
    surrogate::Grid grid;
    if (settings.section(section).all().empty())
    {
        return grid;
    }
    if (type == identityGridMap::typeName || type == cellsGridMap::typeName)
    {
        refuse
        (
            settings, section, "none: grid map " + type
          + " takes the grid from the mesh", "some"
        );
    }

    const auto cells = required<long>(settings, "cells", 0);
    const auto lower = required<double>(settings, "lower", cells.size());
    const auto upper = required<double>(settings, "upper", cells.size());

    grid.dimensions = cells.size();
    std::copy(cells.begin(), cells.end(), grid.cells.begin());
    std::copy(lower.begin(), lower.end(), grid.lower.begin());
    std::copy(upper.begin(), upper.end(), grid.upper.begin());
    grid.check(settings.where() + ", entry " + section);
    return grid;
}


// ************************************************************************* //
