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

#include "foam/momentumForce.H"
#include "foam/buoyancy.H"
#include "core/error.h"

#include "fvcDiv.H"
#include "fvcLaplacian.H"
#include "fvOptions.H"
#include "incompressibleTurbulenceModel.H"
#include "linear.H"
#include "surfaceFields.H"
#include "turbulenceModel.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static tmp<volVectorField> viscousForce(volVectorField& U)
{
    const fvMesh& mesh = U.mesh();

    if
    (
        const auto* turbulence = mesh.findObject<incompressibleTurbulenceModel>
        (
            turbulenceModel::propertiesName
        )
    )
    {
        return -(turbulence->divDevReff(U) & U);
    }

    const auto* transport = mesh.findObject<IOdictionary>("transportProperties");

    if (!transport)
    {
        throw surrogate::Error
        ({
            "The forces on the flow are not known",
            "mesh " + mesh.name(),
            "an incompressible turbulence model, or transportProperties",
            "neither is registered",
            {}
        });
    }

    return fvc::laplacian(dimensionedScalar("nu", dimViscosity, *transport), U);
}


//- All but the buoyancy
static tmp<volVectorField> flowForce
(
    volVectorField& U,
    const surfaceScalarField& phi
)
{
    tmp<volVectorField> F(viscousForce(U) - fvc::div(phi, U));

    if (auto* options = U.mesh().getObjectPtr<fv::options>(fv::options::typeName))
    {
        F.ref() += (*options)(U) & U;
    }

    return F;
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

Foam::tmp<Foam::volVectorField> Foam::momentumForce
(
    volVectorField& U,
    const surfaceScalarField& phi
)
{
    tmp<volVectorField> F(flowForce(U, phi));

    if (hasBuoyancy(U.mesh()))
    {
        F.ref() += buoyancyForce(U.mesh());
    }

    return F;
}


Foam::tmp<Foam::surfaceScalarField> Foam::momentumForceFlux
(
    volVectorField& U,
    const surfaceScalarField& phi
)
{
    tmp<surfaceScalarField> flux
    (
        linearInterpolate(flowForce(U, phi)) & U.mesh().Sf()
    );

    if (hasBuoyancy(U.mesh()))
    {
        flux.ref() += buoyancyFlux(U.mesh());
    }

    return flux;
}


// ************************************************************************* //
