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

#include "foam/conservation/conservation.H"
#include "core/error.h"

#include "emptyPolyPatch.H"
#include "surfaceFields.H"
#include "volFields.H"

// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

const Foam::vector& Foam::conservation::freeDirections() const
{
    if (knowsFree_)
    {
        return free_;
    }

    vector through(Zero);
    scalar area = 0;
    for (const fvPatch& patch : mesh_.boundary())
    {
        if (!patch.coupled() && !isA<emptyPolyPatch>(patch.patch()))
        {
            for (const vector& Sf : patch.Sf())
            {
                through += cmptMag(Sf);
            }
        }
    }
    area = sum(mesh_.magSf().primitiveField());
    reduce(through, sumOp<vector>());
    reduce(area, sumOp<scalar>());

    free_ = Zero;
    for (direction d = 0; d < vector::nComponents; ++d)
    {
        if (mesh_.solutionD()[d] > 0 && through[d] <= 1e-8*area)
        {
            free_[d] = 1;
        }
    }
    knowsFree_ = true;

    if (options_.momentum && magSqr(free_) == 0)
    {
        throw surrogate::Error
        ({
            "The mean velocity belongs to the boundary conditions",
            options_.where + ", entry conserve",
            "for momentum: a direction along which no flow passes a boundary",
            "patches that are not coupled across every direction",
            {}
        });
    }
    return free_;
}


Foam::volScalarField& Foam::conservation::fieldOf
(
    const std::string& name
) const
{
    return mesh_.lookupObjectRef<volScalarField>(name);
}


void Foam::conservation::add(const std::string& name, const scalar amount)
{
    for (auto& entry : report_)
    {
        if (entry.first == name)
        {
            entry.second += amount;
            return;
        }
    }
    report_.emplace_back(name, amount);
}


std::vector<std::string> Foam::conservation::scalars() const
{
    std::map<std::string, bool> names(options_.multiplicative);
    for (const auto& bound : options_.bounds)
    {
        names[bound.first];
    }
    std::vector<std::string> result;
    for (const auto& name : names)
    {
        result.push_back(name.first);
    }
    return result;
}


Foam::scalar Foam::conservation::integral(const scalarField& values) const
{
    return gSumProd(values, mesh_.V().field());
}


Foam::scalar Foam::conservation::energyFactor
(
    const volVectorField& U,
    const vector& base
)
{
    const scalar volume = gSum(mesh_.V().field());
    const scalar ofBase = 0.5*magSqr(base);
    const scalar ofRest =
        0.5*integral(magSqr(U.primitiveField() - base)())/volume;
    const scalar energy = 0.5*integral(magSqr(U.primitiveField())())/volume;
    const scalar target =
        min
        (
            max(energy, (1 - options_.energyLoss)*energy_),
            (1 + options_.energyGain)*energy_
        );

    if (target == energy)
    {
        return 1;
    }
    if (target < ofBase || ofRest <= SMALL*energy)
    {
        throw surrogate::Error
        ({
            "The kinetic energy cannot be restored",
            options_.where + ", entry conserve",
            "energy " + Foam::name(target) + ", as before the step",
            "energy " + Foam::name(energy) + ", of which the mean velocity has "
          + Foam::name(ofBase),
            {}
        });
    }
    add("energyRepair", (target - energy)/max(energy, VSMALL));
    return Foam::sqrt((target - ofBase)/ofRest);
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::conservation::conservation
(
    const fvMesh& mesh,
    const Options& options,
    const word& U
)
:
    mesh_(mesh),
    options_(options),
    UName_(U),
    free_(Zero),
    meanVelocity_(Zero)
{}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::conservation::measure()
{
    report_.clear();

    if (options_.velocity())
    {
        const scalarField& V = mesh_.V().field();
        const vectorField& U =
            mesh_.lookupObject<volVectorField>(UName_).primitiveField();

        freeDirections();
        meanVelocity_ =
            options_.momentumGiven
          ? options_.meanVelocity
          : gSum((V*U)())/gSum(V);
        energy_ = 0.5*integral(magSqr(U)())/gSum(V);

        // All columns, in the same order at every step
        if (options_.momentum) add("meanVelocityAdded", 0);
        if (options_.energy) add("energyRepair", 0);
    }

    for (const auto& scalar : options_.multiplicative)
    {
        integrals_[scalar.first] =
            integral(fieldOf(scalar.first).primitiveField());
    }
    measured_ = true;
}


void Foam::conservation::restoreScalars()
{
    for (const std::string& name : scalars())
    {
        restoreScalar(name);
    }
}


void Foam::conservation::restoreVelocity
(
    volVectorField& U,
    surfaceScalarField* phi
)
{
    if (!options_.velocity() || !measured_)
    {
        return;
    }

    const scalarField& V = mesh_.V().field();
    const vector& free = freeDirections();
    const vector mean(gSum((V*U.primitiveField())())/gSum(V));
    vector base(cmptMultiply(free, mean));
    vector shift(Zero);

    if (options_.momentum)
    {
        shift = cmptMultiply(free, meanVelocity_ - mean);
        U.primitiveFieldRef() += shift;
        base += shift;
        add("meanVelocityAdded", mag(shift));
    }

    const scalar factor = options_.energy ? energyFactor(U, base) : 1;
    if (factor == 1 && magSqr(shift) == 0)
    {
        return;
    }
    vectorField& values = U.primitiveFieldRef();
    values = base + factor*(values - base);
    U.correctBoundaryConditions();

    if (!phi)
    {
        return;
    }
    const dimensionedVector shiftOf("shift", U.dimensions(), shift);
    const dimensionedVector baseOf("base", U.dimensions(), base);
    const surfaceScalarField ofBase(baseOf & mesh_.Sf());
    *phi += shiftOf & mesh_.Sf();
    *phi = ofBase + factor*(*phi - ofBase);

    // What passes a boundary of given velocity is the boundary's
    forAll(phi->boundaryField(), patchi)
    {
        const fvPatch& patch = mesh_.boundary()[patchi];
        if (!patch.coupled() && U.boundaryField()[patchi].fixesValue())
        {
            phi->boundaryFieldRef()[patchi] ==
                (U.boundaryField()[patchi] & patch.Sf());
        }
    }
}


// ************************************************************************* //
