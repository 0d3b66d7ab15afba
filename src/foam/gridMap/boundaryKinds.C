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

#include "foam/gridMap/boundaryKinds.H"
#include "core/geometry.h"

#include "basicSymmetryFvPatchFields.H"
#include "emptyPolyPatch.H"
#include "fixedValueFvPatchFields.H"
#include "symmetryPlanePolyPatch.H"
#include "symmetryPolyPatch.H"
#include "volFields.H"
#include "wallPolyPatch.H"

#include <algorithm>
#include <memory>

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Where neither the patch's type nor its groups tell
static const char* kindByVelocity(const volVectorField* U, const label patchi)
{
    if (!U)
    {
        return "other";
    }
    const fvPatchVectorField& values = U->boundaryField()[patchi];
    if (isA<basicSymmetryFvPatchVectorField>(values))
    {
        return "symmetry";
    }
    return isA<fixedValueFvPatchVectorField>(values) ? "inlet" : "outlet";
}


static word kindOf(const volVectorField* U, const polyPatch& pp)
{
    if (isA<wallPolyPatch>(pp))
    {
        return "wall";
    }
    if (isA<symmetryPolyPatch>(pp) || isA<symmetryPlanePolyPatch>(pp))
    {
        return "symmetry";
    }
    for (const word kind : {"inlet", "outlet"})
    {
        if (pp.inGroup(kind) || pp.physicalType() == kind)
        {
            return kind;
        }
    }
    return kindByVelocity(U, pp.index());
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

Foam::labelList Foam::boundaryKinds(const fvMesh& mesh)
{
    const std::vector<std::string>& kinds = surrogate::CellPoints::kinds();
    labelList bits(mesh.nCells(), Zero);

    // A solver may not have read its fields yet
    const volVectorField* U = mesh.findObject<volVectorField>("U");
    std::unique_ptr<volVectorField> onDisk;
    IOobject io
    (
        "U", mesh.time().timeName(), mesh,
        IOobject::MUST_READ, IOobject::NO_WRITE, false
    );
    if (!U && io.typeHeaderOk<volVectorField>(true))
    {
        onDisk.reset(new volVectorField(io, mesh));
        U = onDisk.get();
    }

    for (const polyPatch& pp : mesh.boundaryMesh())
    {
        if (pp.coupled() || isA<emptyPolyPatch>(pp))
        {
            continue;
        }
        const auto kind =
            std::find(kinds.begin(), kinds.end(), kindOf(U, pp));
        for (const label celli : pp.faceCells())
        {
            bits[celli] |= 1 << label(kind - kinds.begin());
        }
    }
    return bits;
}


// ************************************************************************* //
