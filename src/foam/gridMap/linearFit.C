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

#include "foam/gridMap/linearFit.H"

#include "scalarMatrices.H"
#include "SVD.H"

// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

bool Foam::linearFit
(
    const UList<vector>& points,
    const UList<scalar>& importance,
    const label nDims,
    const vector* zero,
    List<scalar>& weights
)
{
    // f(x) = c + g.x, or g.(x - zero)
    const label nUnknowns = zero ? nDims : nDims + 1;

    if (points.size() < nUnknowns)
    {
        return false;
    }

    scalarRectangularMatrix A(points.size(), nUnknowns);
    forAll(points, i)
    {
        const scalar root = Foam::sqrt(importance[i]);
        for (label dim = 0; dim < nDims; ++dim)
        {
            A(i, dim) = root*(points[i][dim] - (zero ? (*zero)[dim] : 0));
        }
        if (!zero)
        {
            A(i, nDims) = root;
        }
    }

    const SVD svd(A, 1e-3);
    if (!svd.converged() || svd.nZeros() > 0)
    {
        return false;
    }

    const scalarRectangularMatrix inverse(svd.VSinvUt());
    weights.setSize(points.size());
    scalar sumMag = 0;
    forAll(points, i)
    {
        weights[i] = zero ? 0 : inverse(nDims, i);
        for (label dim = 0; zero && dim < nDims; ++dim)
        {
            weights[i] -= (*zero)[dim]*inverse(dim, i);
        }
        weights[i] *= Foam::sqrt(importance[i]);
        sumMag += mag(weights[i]);
    }

    return sumMag < 4;
}


// ************************************************************************* //
