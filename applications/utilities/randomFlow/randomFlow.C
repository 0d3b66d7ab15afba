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

Application
    randomFlow

Group
    grpPreProcessingUtilities

Description
    Writes a random divergence-free velocity as the initial state of
    two-dimensional turbulence in a box that is periodic in x and y.

    The stream function is a sum over all waves that fit the box with up to
    \c maxWaveNumber periods a side, each with a random phase and, for a wave
    with k periods, an amplitude that gives the same kinetic energy to every k.
    The same seed gives the same field on every mesh of the box and on any
    number of processors.

Usage
    \b randomFlow [OPTION]

      - \par -seed \<label\>
        Chooses the field (default: 1)

      - \par -maxWaveNumber \<label\>
        Most periods a side (default: 6)

      - \par -speed \<scalar\>
        Root mean square of the velocity [m/s] (default: 1)

Note
    OpenFOAM's own createBoxTurb makes a three-dimensional field and its mesh.

\*---------------------------------------------------------------------------*/

#include "argList.H"
#include "Time.H"
#include "fvMesh.H"
#include "volFields.H"
#include "mathematicalConstants.H"

#include <random>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- The velocity at the points, of root mean square one
static vectorField randomVelocity
(
    const vectorField& points,
    const boundBox& box,
    const label maxWaveNumber,
    const label seed
)
{
    using constant::mathematical::twoPi;
    std::mt19937_64 generator(seed);
    vectorField U(points.size(), Zero);
    scalar meanSqr = 0;

    for (label kx = -maxWaveNumber; kx <= maxWaveNumber; ++kx)
    {
        for (label ky = 0; ky <= maxWaveNumber; ++ky)
        {
            const scalar k = Foam::sqrt(scalar(kx*kx + ky*ky));
            if (k > maxWaveNumber || (ky == 0 && kx <= 0))
            {
                continue;
            }

            // The generator's bits are the same everywhere, its
            // distributions are not
            const scalar phase = twoPi*scalar(generator() >> 11)/(1ull << 53);
            const vector wave
            (
                twoPi*kx/box.span().x(),
                twoPi*ky/box.span().y(),
                0
            );
            const vector amplitude = (vector(0, 0, 1) ^ wave)/(mag(wave)*Foam::sqrt(k));

            forAll(points, i)
            {
                U[i] += amplitude*Foam::sin((wave & (points[i] - box.min())) + phase);
            }
            meanSqr += 0.5*magSqr(amplitude);
        }
    }

    U /= Foam::sqrt(meanSqr);
    return U;
}


int main(int argc, char *argv[])
{
    argList::addNote
    (
        "Write a random divergence-free velocity, periodic in x and y"
    );
    argList::addOption("seed", "label", "Chooses the field (default: 1)");
    argList::addOption
    (
        "maxWaveNumber",
        "label",
        "Most periods a side (default: 6)"
    );
    argList::addOption
    (
        "speed",
        "scalar",
        "Root mean square of the velocity [m/s] (default: 1)"
    );

    #include "setRootCase.H"
    #include "createTime.H"
    fvMesh mesh
    (
        IOobject
        (
            fvMesh::defaultRegion,
            runTime.timeName(),
            runTime,
            IOobject::MUST_READ
        )
    );

    const label seed = args.opt<label>("seed", 1);
    const label maxWaveNumber = args.opt<label>("maxWaveNumber", 6);
    const scalar speed = args.opt<scalar>("speed", 1);

    if (maxWaveNumber < 1)
    {
        FatalErrorInFunction
            << "maxWaveNumber must be at least 1, found " << maxWaveNumber
            << exit(FatalError);
    }

    volVectorField U
    (
        IOobject("U", runTime.timeName(), mesh, IOobject::MUST_READ),
        mesh
    );
    U.primitiveFieldRef() =
        speed*randomVelocity(mesh.C(), mesh.bounds(), maxWaveNumber, seed);
    U.correctBoundaryConditions();

    Info<< "Writing U of seed " << seed << ", root mean square "
        << Foam::sqrt(gSum(magSqr(U.primitiveField())*mesh.V().field())
           /gSum(mesh.V().field()))
        << " m/s" << nl << endl;
    U.write();

    return 0;
}


// ************************************************************************* //
