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

#include "periodicInversion.H"
#include "core/fft.h"

#include "mathematicalConstants.H"

#include <complex>
#include <vector>

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

const Foam::word Foam::periodicInversion::solverName("FFT");


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::periodicInversion::periodicInversion(const fvMesh& mesh)
:
    map_(gridMap::New("identity", mesh))
{
    using constant::mathematical::pi;
    const surrogate::Grid& grid = map_->grid();
    const label nx = grid.cells[0], ny = grid.cells[1];
    laplacian_.setSize(nx*ny);
    forAll(laplacian_, i)
    {
        const scalar x = 2*Foam::sin(pi*(i % nx)/nx)/grid.spacing(0);
        const scalar y = 2*Foam::sin(pi*(i/nx)/ny)/grid.spacing(1);
        laplacian_[i] = -sqr(x) - sqr(y);
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::scalarField Foam::periodicInversion::solve
(
    const scalar eigenvalue,
    const scalarField& source
) const
{
    const surrogate::Grid& grid = map_->grid();
    scalarField values(Pstream::master() ? laplacian_.size() : 0);
    map_->toGrid(source, 1, values.data());

    if (Pstream::master())
    {
        const std::vector<std::size_t> shape
        {
            std::size_t(grid.cells[1]), std::size_t(grid.cells[0])
        };
        std::vector<std::complex<double>> waves(values.begin(), values.end());
        surrogate::fft(waves, shape);
        forAll(values, i)
        {
            const scalar factor = laplacian_[i] + eigenvalue;
            waves[i] = factor < 0 ? waves[i]/factor : 0;
        }
        surrogate::fft(waves, shape, true);
        forAll(values, i)
        {
            values[i] = waves[i].real();
        }
    }

    scalarField result(source.size());
    map_->toMesh(values.cdata(), 1, result);
    return result;
}


// ************************************************************************* //
