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

#include "foam/pressureRecovery.H"
#include "foam/momentumForce.H"
#include "foam/poissonEquation.H"

#include "findRefCell.H"
#include "fvcDiv.H"
#include "linear.H"
#include "surfaceFields.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Where p's patch sets a gradient, the force's flux is that which goes with it
static void balanceBoundary(surfaceScalarField& flux, const volScalarField& p)
{
    forAll(p.boundaryField(), patchi)
    {
        const fvPatchScalarField& pp = p.boundaryField()[patchi];

        if (!pp.coupled() && !pp.fixesValue())
        {
            flux.boundaryFieldRef()[patchi] = pp.snGrad()*pp.patch().magSf();
        }
    }
}


static void findReference
(
    const volScalarField& p,
    label& refCell,
    scalar& refValue
)
{
    refCell = Pstream::master() ? 0 : -1;
    refValue = 0;

    for (const word& name : wordList({"PISO", "PIMPLE", "SIMPLE"}))
    {
        const dictionary* controls = p.mesh().solutionDict().findDict(name);

        if
        (
            controls && p.needReference()
         && (
                controls->found(p.name() + "RefCell")
             || controls->found(p.name() + "RefPoint")
            )
        )
        {
            setRefCell(p, *controls, refCell, refValue);
            return;
        }
    }
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

void Foam::recoverPressure
(
    volScalarField& p,
    volVectorField& U,
    const surfaceScalarField& phi
)
{
    surfaceScalarField flux("momentumFlux", momentumForceFlux(U, phi));
    balanceBoundary(flux, p);

    label refCell;
    scalar refValue;
    findReference(p, refCell, refValue);

    const bool final = p.time().writeTime();
    const dictionary& solver = p.mesh().solverDict(p.select(final));

    solvePoisson(p, flux, solver, refCell, refValue);
}


// ************************************************************************* //
