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

#include "foam/buoyancy.H"
#include "core/error.h"

#include "fixedFluxPressureFvPatchScalarField.H"
#include "fvcSnGrad.H"
#include "IOdictionary.H"
#include "surfaceFields.H"
#include "Time.H"
#include "uniformDimensionedFields.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

[[noreturn]] static void refuseBuoyancy
(
    const fvMesh& mesh,
    const std::string& expected
)
{
    throw surrogate::Error
    ({
        "The buoyancy of the flow is not known",
        "mesh " + mesh.name() + ", which has rhok and ghf",
        expected,
        "none",
        {}
    });
}


static dimensionedScalar property
(
    const fvMesh& mesh,
    const word& name,
    const dimensionSet& dimensions
)
{
    const auto* properties =
        mesh.findObject<IOdictionary>("transportProperties");
    if (!properties || !properties->found(name))
    {
        refuseBuoyancy(mesh, "entry " + name + " in transportProperties");
    }
    return dimensionedScalar(name, dimensions, *properties);
}


//- [-]
static tmp<volScalarField> density(const fvMesh& mesh)
{
    const auto* T = mesh.findObject<volScalarField>("T");
    if (!T)
    {
        refuseBuoyancy(mesh, "a volScalarField T");
    }
    return
        1.0
      - property(mesh, "beta", dimless/dimTemperature)
       *(*T - property(mesh, "TRef", dimTemperature));
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

bool Foam::hasBuoyancy(const fvMesh& mesh)
{
    const auto* rhok = mesh.findObject<volScalarField>("rhok");

    return
        rhok
     && rhok->dimensions() == dimless
     && mesh.foundObject<surfaceScalarField>("ghf");
}


Foam::tmp<Foam::volVectorField> Foam::buoyancyForce(const fvMesh& mesh)
{
    const auto* g = mesh.time().findObject<uniformDimensionedVectorField>("g");
    if (!g)
    {
        refuseBuoyancy(mesh, "g in the registry of time");
    }
    return (density(mesh) - 1.0)*(*g);
}


Foam::tmp<Foam::surfaceScalarField> Foam::buoyancyFlux(const fvMesh& mesh)
{
    return
       -mesh.lookupObject<surfaceScalarField>("ghf")
       *fvc::snGrad(density(mesh)())*mesh.magSf();
}


void Foam::updateBuoyancy(volScalarField& p)
{
    const fvMesh& mesh = p.mesh();
    tmp<surfaceScalarField> flux;
    if (hasBuoyancy(mesh))
    {
        *mesh.getObjectPtr<volScalarField>("rhok") == density(mesh);
        flux = buoyancyFlux(mesh);
    }

    for (fvPatchScalarField& patch : p.boundaryFieldRef(false))
    {
        auto* fixed = dynamic_cast<fixedFluxPressureFvPatchScalarField*>(&patch);
        if (fixed && flux.valid())
        {
            fixed->updateSnGrad
            (
                flux().boundaryField()[patch.patch().index()]
               /patch.patch().magSf()
            );
        }
        else if (fixed)
        {
            fixed->updateSnGrad(scalarField(fixed->gradient()));
        }
    }
}


void Foam::updateTotalPressure(const volScalarField& p_rgh)
{
    const fvMesh& mesh = p_rgh.mesh();
    auto* p = mesh.getObjectPtr<volScalarField>("p");
    const auto* gh = mesh.findObject<volScalarField>("gh");

    if (p && gh && p != &p_rgh && hasBuoyancy(mesh))
    {
        *p == p_rgh + mesh.lookupObject<volScalarField>("rhok")*(*gh);
    }
}


// ************************************************************************* //
