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

#include "foam/gridMap/gridCentres.H"

#include "boundBox.H"
#include "DynamicList.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- On the inner side of all of the cell's faces
static bool inCell
(
    const primitiveMesh& mesh,
    const label celli,
    const point& x,
    const scalar tolerance
)
{
    for (const label facei : mesh.cells()[celli])
    {
        const vector& area = mesh.faceAreas()[facei];
        const scalar sign = mesh.faceOwner()[facei] == celli ? 1 : -1;
        const scalar outside = sign*(area & (x - mesh.faceCentres()[facei]));
        if (outside > tolerance*mag(area))
        {
            return false;
        }
    }
    return true;
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

Foam::labelVector Foam::gridIndices
(
    const surrogate::Grid& grid,
    const label site
)
{
    return labelVector
    (
        site % grid.cells[0],
        (site/grid.cells[0]) % grid.cells[1],
        site/(grid.cells[0]*grid.cells[1])
    );
}


Foam::point Foam::gridCentre
(
    const surrogate::Grid& grid,
    const labelList& axes,
    const point& middle,
    const label site
)
{
    const labelVector ijk(gridIndices(grid, site));
    point centre(middle);
    forAll(axes, axis)
    {
        centre[axes[axis]] =
            grid.lower[axis] + (ijk[axis] + 0.5)*grid.spacing(axis);
    }
    return centre;
}


Foam::labelList Foam::centresInMesh
(
    const primitiveMesh& mesh,
    const surrogate::Grid& grid,
    const labelList& axes
)
{
    DynamicList<label> sites;

    for (label celli = 0; celli < mesh.nCells(); ++celli)
    {
        boundBox bounds;
        for (const label facei : mesh.cells()[celli])
        {
            bounds.add(mesh.points(), mesh.faces()[facei]);
        }

        // Grid cells whose centres lie in the bounds
        labelVector first(Zero), last(Zero);
        scalar h = GREAT;
        forAll(axes, axis)
        {
            const scalar d = grid.spacing(axis);
            const scalar from =
                (bounds.min()[axes[axis]] - grid.lower[axis])/d - 0.5;
            const scalar to =
                (bounds.max()[axes[axis]] - grid.lower[axis])/d - 0.5;
            first[axis] = label(max(scalar(0), ceil(from - 1e-9)));
            last[axis] =
                label(min(scalar(grid.cells[axis] - 1), floor(to + 1e-9)));
            h = min(h, d);
        }

        for (label k = first.z(); k <= last.z(); ++k)
        for (label j = first.y(); j <= last.y(); ++j)
        for (label i = first.x(); i <= last.x(); ++i)
        {
            const label site = grid.index(i, j, k);
            const point x(gridCentre(grid, axes, bounds.centre(), site));
            if (inCell(mesh, celli, x, 1e-9*h))
            {
                sites.append(site);
            }
        }
    }

    return labelList(std::move(sites));
}


// ************************************************************************* //
