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

#include "streamFunctionFlux.H"

#include "syncTools.H"

// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::streamFunctionFlux::streamFunctionFlux(const fvMesh& mesh)
:
    mesh_(mesh),
    weights_(mesh.nPoints())
{
    const vectorField& centres = mesh.cellCentres();
    scalarField sums(mesh.nPoints(), Zero);
    forAll(weights_, pointi)
    {
        const labelList& cells = mesh.pointCells()[pointi];
        scalarList& weights = weights_[pointi];
        weights.setSize(cells.size());
        forAll(cells, i)
        {
            weights[i] = 1/mag(mesh.points()[pointi] - centres[cells[i]]);
            sums[pointi] += weights[i];
        }
    }
    syncTools::syncPointList(mesh, sums, plusEqOp<scalar>(), scalar(0));
    forAll(weights_, pointi)
    {
        for (scalar& weight : weights_[pointi])
        {
            weight /= sums[pointi];
        }
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::tmp<Foam::surfaceScalarField>
Foam::streamFunctionFlux::operator()(const volScalarField& psi) const
{
    scalarField values(mesh_.nPoints(), Zero);
    forAll(values, pointi)
    {
        const labelList& cells = mesh_.pointCells()[pointi];
        forAll(cells, i)
        {
            values[pointi] += weights_[pointi][i]*psi[cells[i]];
        }
    }
    syncTools::syncPointList(mesh_, values, plusEqOp<scalar>(), scalar(0));

    auto tflux = tmp<surfaceScalarField>::New
    (
        IOobject("flux(" + psi.name() + ")", psi.instance(), mesh_),
        mesh_,
        dimensionedScalar(psi.dimensions()*dimLength, Zero)
    );
    surfaceScalarField& flux = tflux.ref();

    // z x grad(psi) is the curl of -psi z
    const pointField& points = mesh_.points();
    const auto through = [&](const label facei)
    {
        const face& f = mesh_.faces()[facei];
        scalar sum = 0;
        forAll(f, i)
        {
            const label a = f[i], b = f.nextLabel(i);
            sum -= 0.5*(values[a] + values[b])*(points[b].z() - points[a].z());
        }
        return sum;
    };
    forAll(flux, facei)
    {
        flux[facei] = through(facei);
    }
    forAll(flux.boundaryField(), patchi)
    {
        fvsPatchScalarField& patch = flux.boundaryFieldRef()[patchi];
        forAll(patch, i)
        {
            patch[i] = through(patch.patch().start() + i);
        }
    }
    return tflux;
}


// ************************************************************************* //
