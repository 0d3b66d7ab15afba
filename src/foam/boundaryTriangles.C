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

#include "foam/boundaryTriangles.H"
#include "foam/openfoamVersion.H"

#include "ListListOps.H"
#include "Pstream.H"
#include "SubField.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static triSurface surfaceOf(const pointField& corners)
{
    List<labelledTri> triangles(corners.size()/3);
    forAll(triangles, i)
    {
        triangles[i] = labelledTri(3*i, 3*i + 1, 3*i + 2, 0);
    }
    return triSurface(triangles, corners);
}


static pointField gathered(const UList<point>& mine, const bool toAll)
{
    List<pointField> all(Pstream::nProcs());
    all[Pstream::myProcNo()] = mine;
    if (toAll)
    {
        allGather(all);
    }
    else
    {
        Pstream::gatherList(all);
    }
    return ListListOps::combine<pointField>(all, accessOp<pointField>());
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::boundaryTriangles::faces::append
(
    const face& f,
    const pointField& points,
    const point& centre
)
{
    forAll(f, i)
    {
        corners_.append(centre);
        corners_.append(points[f[i]]);
        corners_.append(points[f.nextLabel(i)]);
    }
}


void Foam::boundaryTriangles::faces::append(const polyPatch& pp)
{
    forAll(pp, facei)
    {
        append(pp[facei], pp.points(), pp.faceCentres()[facei]);
    }
}


Foam::autoPtr<Foam::boundaryTriangles>
Foam::boundaryTriangles::faces::onMaster() const
{
    const pointField corners(gathered(corners_, false));

    autoPtr<boundaryTriangles> result;
    if (Pstream::master())
    {
        result.reset(new boundaryTriangles(corners));
    }
    return result;
}


Foam::autoPtr<Foam::boundaryTriangles>
Foam::boundaryTriangles::faces::onAll() const
{
    return autoPtr<boundaryTriangles>
    (
        new boundaryTriangles(gathered(corners_, true))
    );
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::boundaryTriangles::boundaryTriangles(const pointField& corners)
:
    surface_(surfaceOf(corners)),
    search_(surface_)
{}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::scalar Foam::boundaryTriangles::distance(const point& x) const
{
    return empty() ? GREAT : mag(x - nearest(x));
}


Foam::point Foam::boundaryTriangles::nearest(const point& x) const
{
    return search_.tree().findNearest(x, sqr(GREAT)).hitPoint();
}


// ************************************************************************* //
