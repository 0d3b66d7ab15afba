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

#include "foam/poissonEquation.H"

#include "correctedSnGrad.H"
#include "fvcDiv.H"
#include "fvcSurfaceIntegrate.H"
#include "fvmLaplacian.H"
#include "gaussLaplacianScheme.H"
#include "linear.H"
#include "surfaceFields.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

Foam::tmp<Foam::surfaceScalarField> Foam::solvePoisson
(
    volScalarField& psi,
    const surfaceScalarField& flux,
    const dictionary& solver,
    const label refCell,
    const scalar refValue
)
{
    const fvMesh& mesh = psi.mesh();

    fv::gaussLaplacianScheme<scalar, scalar> laplacian
    (
        mesh,
        tmp<surfaceInterpolationScheme<scalar>>(new linear<scalar>(mesh)),
        tmp<fv::snGradScheme<scalar>>(new fv::correctedSnGrad<scalar>(mesh))
    );
    const surfaceScalarField one
    (
        IOobject("1", mesh.time().timeName(), mesh),
        mesh,
        dimensionedScalar("1", dimless, 1)
    );

    mesh.setFluxRequired(psi.name());
    fvScalarMatrix equation
    (
        laplacian.fvmLaplacian(one, psi)
     == fvc::surfaceIntegrate(flux)
    );

    if (psi.needReference())
    {
        equation.setReference(refCell, refValue);
    }

    equation.solve(solver);

    return equation.flux();
}


// ************************************************************************* //
