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

#include "foam/gridMap/gridMap.H"
#include "core/error.h"
#include "foam/gridMap/cellsGridMap.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(gridMap, 0);
    defineRunTimeSelectionTable(gridMap, mesh);
}


// * * * * * * * * * * * * Protected Member Functions  * * * * * * * * * * * //

Foam::labelList Foam::gridMap::geometricAxes() const
{
    labelList axes;
    for (direction dir = 0; dir < vector::nComponents; ++dir)
    {
        if (mesh_.geometricD()[dir] == 1)
        {
            axes.append(dir);
        }
        else if (mesh_.solutionD()[dir] == 1)
        {
            throw surrogate::Error
            ({
                "The mesh has no grid", "mesh " + mesh_.name(),
                "a mesh without wedge patches", "some", {}
            });
        }
    }
    return axes;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::gridMap::gridMap(const fvMesh& mesh)
:
    mesh_(mesh)
{}


// * * * * * * * * * * * * * * * * Selectors * * * * * * * * * * * * * * * * //

Foam::autoPtr<Foam::gridMap> Foam::gridMap::New
(
    const word& type,
    const fvMesh& mesh,
    const surrogate::Grid& wanted
)
{
    const auto cstrIter = meshConstructorTablePtr_->cfind(type);

    if (!cstrIter.found())
    {
        const wordList names(meshConstructorTablePtr_->sortedToc());

        throw surrogate::Error
        ({
            "Unknown grid map", "entry gridMap", "one of the names below",
            type, {names.begin(), names.end()}
        });
    }

    if (wanted.points && type != cellsGridMap::typeName)
    {
        throw surrogate::Error
        ({
            "The cells of a mesh are wanted, not a grid", "entry gridMap",
            cellsGridMap::typeName, type, {}
        });
    }

    return cstrIter()(mesh, wanted);
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::gridMap::identical() const
{
    return false;
}


void Foam::gridMap::changeToMesh
(
    const scalar* grid,
    const UList<bool>& fixedAtWalls,
    UList<scalar>& cells
) const
{
    toMesh(grid, fixedAtWalls.size(), cells);
}


// ************************************************************************* //
