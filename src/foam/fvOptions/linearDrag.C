/*---------------------------------------------------------------------------*\
  =========                 |
  \\      /  F ield         | OpenFOAM: The Open Source CFD Toolbox
   \\    /   O peration     |
    \\  /    A nd           | www.openfoam.com
     \\/     M anipulation  |
-------------------------------------------------------------------------------
    Copyright (C) 2026 the surrogateFoam authors
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

#include "linearDrag.H"
#include "addToRunTimeSelectionTable.H"
#include "fvMatrices.H"
#include "geometricOneField.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
namespace fv
{
    defineTypeNameAndDebug(linearDrag, 0);
    addToRunTimeSelectionTable(option, linearDrag, dictionary);
}
}


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

template<class Weight>
void Foam::fv::linearDrag::add
(
    const Weight& weight,
    fvMatrix<vector>& eqn
) const
{
    const scalarField& volumes = mesh_.V().field();
    scalarField& diagonal = eqn.diag();

    for (const label celli : cells_)
    {
        diagonal[celli] -=
            volumes[celli]*scalar(weight[celli])*coefficient_;
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::fv::linearDrag::linearDrag
(
    const word& name,
    const word& modelType,
    const dictionary& dict,
    const fvMesh& mesh
)
:
    cellSetOption(name, modelType, dict, mesh),
    coefficient_(0)
{
    read(dict);
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::fv::linearDrag::addSup
(
    fvMatrix<vector>& eqn,
    const label
)
{
    add(geometricOneField(), eqn);
}


void Foam::fv::linearDrag::addSup
(
    const volScalarField& rho,
    fvMatrix<vector>& eqn,
    const label
)
{
    add(rho, eqn);
}


void Foam::fv::linearDrag::addSup
(
    const volScalarField& alpha,
    const volScalarField& rho,
    fvMatrix<vector>& eqn,
    const label
)
{
    add((alpha*rho)(), eqn);
}


bool Foam::fv::linearDrag::read(const dictionary& dict)
{
    if (!cellSetOption::read(dict))
    {
        return false;
    }

    if (!coeffs_.readIfPresent("fields", fieldNames_))
    {
        fieldNames_ = wordList(1, coeffs_.getOrDefault<word>("U", "U"));
    }
    applied_.setSize(fieldNames_.size(), false);

    coeffs_.readEntry("coefficient", coefficient_);

    return true;
}


// ************************************************************************* //
