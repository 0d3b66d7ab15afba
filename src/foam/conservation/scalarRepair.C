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

#include "fvMesh.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static const Pair<scalar> noBounds(-GREAT, GREAT);

static scalar within(const scalar value, const Pair<scalar>& bounds)
{
    return min(max(value, bounds.first()), bounds.second());
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

Foam::Pair<Foam::scalar> Foam::clipToBounds
(
    scalarField& values,
    const scalarField& volumes,
    const Pair<scalar>& bounds
)
{
    scalar nCells = 0, clipped = 0;
    forAll(values, celli)
    {
        const scalar value = within(values[celli], bounds);
        if (value != values[celli])
        {
            clipped += mag(value - values[celli])*volumes[celli];
            nCells += 1;
            values[celli] = value;
        }
    }
    reduce(nCells, sumOp<scalar>());
    reduce(clipped, sumOp<scalar>());
    return Pair<scalar>(nCells, clipped);
}


Foam::scalar Foam::fillToIntegral
(
    scalarField& values,
    const scalarField& volumes,
    const Pair<scalar>& bounds,
    const scalar target,
    const bool multiplicative
)
{
    // Each pass fills cells up to their bounds, or ends
    for (label pass = 0; pass < 100; ++pass)
    {
        const scalar lacking = target - gSumProd(values, volumes);
        const scalar size = gSumProd(mag(values)(), volumes) + mag(target);
        if (mag(lacking) <= 10*SMALL*size)
        {
            return 0;
        }

        const scalar limit = lacking > 0 ? bounds.second() : bounds.first();
        scalarField weights(values.size());
        forAll(values, celli)
        {
            weights[celli] =
                values[celli] == limit ? 0
              : multiplicative ? mag(values[celli]) : 1;
        }
        const scalar total = gSumProd(weights, volumes);
        if (total <= VSMALL)
        {
            return lacking;
        }
        forAll(values, celli)
        {
            values[celli] = within
            (
                values[celli] + lacking/total*weights[celli], bounds
            );
        }
    }
    return target - gSumProd(values, volumes);
}


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::conservation::restoreScalar(const std::string& name)
{
    Foam::scalarField& values = fieldOf(name).primitiveFieldRef();
    const Foam::scalarField& volumes = mesh_.V();
    const auto bound = options_.bounds.find(name);
    const Pair<scalar> bounds
    (
        bound == options_.bounds.end() ? noBounds : bound->second
    );

    if (bound != options_.bounds.end())
    {
        const Pair<scalar> clipped(clipToBounds(values, volumes, bounds));
        add(name + ".clippedCells", clipped.first());
        add(name + ".clipped", clipped.second());
    }

    const auto conserved = options_.multiplicative.find(name);
    if (conserved == options_.multiplicative.end())
    {
        return;
    }

    const scalar before = integral(values);
    const scalar target = integrals_.at(name);
    const scalar lacking =
        fillToIntegral(values, volumes, bounds, target, conserved->second);
    const scalar size = gSumProd(mag(values)(), volumes) + mag(target);
    if (mag(lacking) > 1e-9*size)
    {
        throw surrogate::Error
        ({
            "The integral of a field cannot be restored",
            options_.where + ", entry conserve, field " + name,
            "room for it: " + std::to_string(target)
          + " over the volume, as before the step",
            std::to_string(lacking) + " found no room within the bounds",
            {}
        });
    }
    add(name + ".added", target - before);
}


// ************************************************************************* //
