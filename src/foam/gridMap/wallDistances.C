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

#include "foam/gridMap/wallDistances.H"
#include "core/geometry.h"
#include "foam/gridMap/gridCentres.H"

#include "emptyPolyPatch.H"
#include "wallPolyPatch.H"

// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::scalar Foam::wallDistances::distance
(
    const boundaryTriangles& to,
    const point& x
) const
{
    scalar nearest = to.distance(x);

    forAll(axes_, axis)
    {
        if (grid_.periodic[axis])
        {
            point image(x);
            for (const scalar sign : {-1.0, 1.0})
            {
                image[axes_[axis]] =
                    x[axes_[axis]]
                  + sign*(grid_.upper[axis] - grid_.lower[axis]);
                nearest = min(nearest, to.distance(image));
            }
        }
    }

    return nearest;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::wallDistances::wallDistances
(
    const fvMesh& mesh,
    const surrogate::Grid& grid,
    const labelList& axes
)
:
    grid_(grid),
    axes_(axes),
    middle_(boundBox(mesh.points(), true).centre())
{
    boundaryTriangles::faces walls, others;

    for (const polyPatch& pp : mesh.boundaryMesh())
    {
        if (isA<wallPolyPatch>(pp))
        {
            walls.append(pp);
        }
        else if (!pp.coupled() && !isA<emptyPolyPatch>(pp))
        {
            others.append(pp);
        }
    }

    walls_ = walls.onMaster();
    others_ = others.onMaster();
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<double> Foam::wallDistances::ofCentres
(
    const std::vector<double>& inMesh
) const
{
    std::vector<double> result(grid_.nCells(), surrogate::Geometry::noWall);

    if (walls_->empty())
    {
        return result;
    }

    for (std::size_t i = 0; i < result.size(); ++i)
    {
        const point x(gridCentre(grid_, axes_, middle_, i));
        result[i] = distance(walls_(), x);

        if (inMesh[i] <= 0 && result[i] <= distance(others_(), x))
        {
            result[i] *= -1;
        }
    }

    return result;
}


std::vector<double> Foam::wallDistances::ofCells
(
    const UList<point>& centres
) const
{
    std::vector<double> result(centres.size(), surrogate::Geometry::noWall);

    if (!walls_->empty())
    {
        forAll(centres, i)
        {
            result[i] = distance(walls_(), centres[i]);
        }
    }

    return result;
}


// ************************************************************************* //
