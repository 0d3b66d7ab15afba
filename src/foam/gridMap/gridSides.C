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

#include "foam/gridMap/gridSides.H"

#include "coupledPolyPatch.H"
#include "emptyPolyPatch.H"
#include "processorCyclicPolyPatch.H"
#include "processorPolyPatch.H"
#include "wallPolyPatch.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Area of the mesh's bounds across the grid's axis, as far as the grid reaches
static scalar crossSection
(
    const boundBox& bounds,
    const surrogate::Grid& grid,
    const labelList& axes,
    const label axis
)
{
    vector span(bounds.span());
    forAll(axes, i)
    {
        span[axes[i]] = i == axis ? 1 : grid.upper[i] - grid.lower[i];
    }
    return cmptProduct(span);
}


static bool withinCrossSection
(
    const point& centre,
    const surrogate::Grid& grid,
    const labelList& axes,
    const label axis
)
{
    forAll(axes, i)
    {
        const scalar x = centre[axes[i]];
        if (i != axis && (x < grid.lower[i] || x > grid.upper[i]))
        {
            return false;
        }
    }
    return true;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::scalar Foam::gridSides::bounded
(
    const label axis,
    const label side
) const
{
    const auto& share = share_[axis][side];
    return share[WALL] + share[CYCLIC] + share[OTHER];
}


void Foam::gridSides::addPatch
(
    const polyPatch& pp,
    const surrogate::Grid& grid,
    const labelList& axes
)
{
    const bool split =
        isA<processorPolyPatch>(pp) && !isA<processorCyclicPolyPatch>(pp);

    if (split || isA<emptyPolyPatch>(pp))
    {
        return;
    }

    const kind k =
        pp.coupled() ? CYCLIC : isA<wallPolyPatch>(pp) ? WALL : OTHER;

    const vectorField::subField areas(pp.faceAreas());
    const vectorField::subField centres(pp.faceCentres());

    forAll(pp, facei)
    {
        const vector area(cmptMag(areas[facei]));

        forAll(axes, axis)
        {
            const scalar h = grid.spacing(axis);
            const scalar x = centres[facei][axes[axis]];
            const label side = areas[facei][axes[axis]] > 0;
            const scalar end = side ? grid.upper[axis] : grid.lower[axis];

            if
            (
                area[axes[axis]] >= cmptMax(area)
             && mag(x - end) < 0.5*h
             && withinCrossSection(centres[facei], grid, axes, axis)
            )
            {
                share_[axis][side][k] += area[axes[axis]];
            }
        }
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::gridSides::gridSides
(
    const fvMesh& mesh,
    const surrogate::Grid& grid,
    const labelList& axes
)
{
    for (const polyPatch& pp : mesh.boundaryMesh())
    {
        addPatch(pp, grid, axes);
    }

    const boundBox bounds(mesh.points(), true);

    forAll(axes, axis)
    {
        const scalar area = crossSection(bounds, grid, axes, axis);
        const scalar h = grid.spacing(axis);

        for (label side = 0; side < 2; ++side)
        {
            for (scalar& share : share_[axis][side])
            {
                reduce(share, sumOp<scalar>());
                share /= area;
            }
        }
        beyond_[axis][0] =
            bounds.min()[axes[axis]] < grid.lower[axis] - 0.5*h;
        beyond_[axis][1] =
            bounds.max()[axes[axis]] > grid.upper[axis] + 0.5*h;
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::gridSides::wall(const label axis, const label side) const
{
    const scalar walls = share_[axis][side][WALL];
    const bool result = walls > 0.5;

    if (walls > 0.01 && walls < 0.99)
    {
        Info<< "The " << (side ? "upper " : "lower ") << char('x' + axis)
            << " side of the grid is " << label(100*walls + 0.5)
            << " % wall, and taken for " << (result ? "a wall" : "open")
            << endl;
    }

    return result;
}


bool Foam::gridSides::periodic(const label axis) const
{
    bool result = true;
    for (label side = 0; side < 2; ++side)
    {
        const scalar cyclic = share_[axis][side][CYCLIC];
        result =
            result && cyclic > 0.5 && cyclic > 0.999*bounded(axis, side);
    }
    return result;
}


bool Foam::gridSides::inside(const label axis, const label side) const
{
    return beyond_[axis][side] && bounded(axis, side) < 0.5;
}


// ************************************************************************* //
