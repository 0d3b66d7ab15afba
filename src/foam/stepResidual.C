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

#include "foam/stepResidual.H"
#include "foam/momentumForce.H"
#include "core/error.h"

#include "surfaceFields.H"
#include "zeroGradientFvPatchFields.H"

// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::scalar Foam::stepResidual::curl() const
{
    const vectorField& R = residual_.primitiveField();
    const surfaceVectorField& Sf = mesh_.Sf();
    const surfaceScalarField& weights = mesh_.weights();

    curl_.setSize(mesh_.nCells());
    curl_ = Zero;

    forAll(mesh_.neighbour(), facei)
    {
        const label own = mesh_.owner()[facei];
        const label nei = mesh_.neighbour()[facei];
        const scalar w = weights[facei];
        const vector part(Sf[facei] ^ (w*R[own] + (1 - w)*R[nei]));
        curl_[own] += part;
        curl_[nei] -= part;
    }
    for (const fvPatchVectorField& patch : residual_.boundaryField())
    {
        const labelUList& cells = patch.patch().faceCells();
        const vectorField& S = Sf.boundaryField()[patch.patch().index()];
        if (patch.coupled())
        {
            const scalarField& w =
                weights.boundaryField()[patch.patch().index()];
            const vectorField across(patch.patchNeighbourField());
            forAll(cells, facei)
            {
                const label own = cells[facei];
                curl_[own] +=
                    S[facei]
                  ^ (w[facei]*R[own] + (1 - w[facei])*across[facei]);
            }
        }
        else
        {
            forAll(patch, facei)
            {
                curl_[cells[facei]] += S[facei] ^ patch[facei];
            }
        }
    }

    // Sums over faces: the mean square over the volume
    const scalarField& V = mesh_.V();
    scalar sum = 0;
    forAll(curl_, celli)
    {
        sum += magSqr(curl_[celli])/V[celli];
    }
    return Foam::sqrt(returnReduce(sum, sumOp<scalar>())/gSum(V));
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::stepResidual::stepResidual
(
    const fvMesh& mesh,
    const word& U,
    const word& phi
)
:
    mesh_(mesh),
    UName_(U),
    phiName_(phi),
    residual_
    (
        IOobject
        (
            "momentumResidual", mesh.time().timeName(), mesh,
            IOobject::NO_READ, IOobject::NO_WRITE, false
        ),
        mesh,
        dimensionedVector(dimAcceleration, Zero),
        zeroGradientFvPatchVectorField::typeName
    )
{
    if (mesh.moving() || mesh.changing())
    {
        throw surrogate::Error
        ({
            "The residual of a step cannot be measured", "mesh " + mesh.name(),
            "a mesh that stays as it is", "one that moves or changes", {}
        });
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::stepResidual::take(Sample& sample) const
{
    auto* U = mesh_.getObjectPtr<volVectorField>(UName_);
    const auto* phi = mesh_.findObject<surfaceScalarField>(phiName_);

    if (!U || !phi)
    {
        const wordList names
        (
            U
          ? mesh_.sortedNames<surfaceScalarField>()
          : mesh_.sortedNames<volVectorField>()
        );
        throw surrogate::Error
        ({
            "The residual of a step cannot be measured", "mesh " + mesh_.name(),
            U ? "surfaceScalarField " + phiName_ : "volVectorField " + UName_,
            "none of that name and type",
            {names.begin(), names.end()}
        });
    }

    const tmp<volVectorField> force(momentumForce(*U, *phi));

    sample.time = mesh_.time().value();
    sample.U = U->primitiveField();
    sample.force = force().primitiveField();

    const scalarField& V = mesh_.V();
    scalar energy = 0, power = 0;
    forAll(V, celli)
    {
        energy += 0.5*V[celli]*magSqr(sample.U[celli]);
        power += V[celli]*(sample.U[celli] & sample.force[celli]);
    }
    reduce(energy, sumOp<scalar>());
    reduce(power, sumOp<scalar>());
    const scalar volume = gSum(V);
    sample.energy = energy/volume;
    sample.power = power/volume;
}


Foam::stepResidual::Residual Foam::stepResidual::between
(
    const Sample& a,
    const Sample& b
)
{
    const scalar interval = b.time - a.time;
    vectorField& R = residual_.primitiveFieldRef();
    forAll(R, celli)
    {
        R[celli] =
            (b.U[celli] - a.U[celli])/interval
          - 0.5*(a.force[celli] + b.force[celli]);
    }
    residual_.correctBoundaryConditions();

    Residual result;
    result.momentum = curl();
    result.energy =
        mag((b.energy - a.energy)/interval - 0.5*(a.power + b.power));
    return result;
}


// ************************************************************************* //
