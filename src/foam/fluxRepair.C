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

#include "foam/fluxRepair.H"
#include "foam/poissonEquation.H"

#include "adjustPhi.H"
#include "fvcReconstruct.H"
#include "linear.H"
#include "surfaceFields.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Zero: gradient where p is free, value where p is fixed
static tmp<volScalarField> newPotential
(
    const volScalarField& p,
    const dimensionSet& dimensions
)
{
    wordList types
    (
        p.boundaryField().size(),
        "zeroGradient"
    );
    forAll(p.boundaryField(), patchi)
    {
        if (p.boundaryField()[patchi].fixesValue())
        {
            types[patchi] = "fixedValue";
        }
    }

    return tmp<volScalarField>::New
    (
        IOobject("fluxPotential", p.instance(), p.db()),
        p.mesh(),
        dimensionedScalar(dimensions),
        types
    );
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

Foam::scalar Foam::continuityError(const surfaceScalarField& phi)
{
    const fvMesh& mesh = phi.mesh();
    scalarField net(mesh.nCells(), Zero);
    scalarField through(mesh.nCells(), Zero);

    forAll(mesh.neighbour(), facei)
    {
        const label own = mesh.owner()[facei];
        const label nei = mesh.neighbour()[facei];
        net[own] += phi[facei];
        net[nei] -= phi[facei];
        through[own] += mag(phi[facei]);
        through[nei] += mag(phi[facei]);
    }
    for (const fvsPatchScalarField& pphi : phi.boundaryField())
    {
        const labelUList& cells = pphi.patch().faceCells();
        forAll(pphi, facei)
        {
            net[cells[facei]] += pphi[facei];
            through[cells[facei]] += mag(pphi[facei]);
        }
    }

    const scalar total = gSum(through);

    return total > VSMALL ? 2*gSumMag(net)/total : 0;
}


Foam::scalar Foam::continuityError(const volVectorField& U)
{
    return continuityError(linearInterpolate(U) & U.mesh().Sf());
}


Foam::FluxReport Foam::repairFlux
(
    volVectorField& U,
    surfaceScalarField& phi,
    const volScalarField& p,
    const scalar tolerance,
    const scalar allowed
)
{
    FluxReport report;

    phi = linearInterpolate(U) & U.mesh().Sf();
    report.before = report.after = continuityError(phi);

    if (report.before <= tolerance)
    {
        return report;
    }

    tmp<volScalarField> tpsi(newPotential(p, phi.dimensions()/dimLength));
    volScalarField& psi = tpsi.ref();
    adjustPhi(phi, U, psi);

    // psi begins with zero, where the normalised residual is 1
    dictionary solver(U.mesh().solverDict(p.name()));
    solver.set("tolerance", tolerance/report.before);
    solver.set("relTol", 0);

    const tmp<surfaceScalarField> correction
    (
        -solvePoisson(psi, phi, solver, Pstream::master() ? 0 : -1, 0)
    );
    phi += correction();
    report.after = continuityError(phi);

    if (report.before > allowed)
    {
        U += fvc::reconstruct(correction);
        U.correctBoundaryConditions();
    }

    return report;
}


// ************************************************************************* //
