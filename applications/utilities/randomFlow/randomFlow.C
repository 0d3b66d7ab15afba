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
    Writes a random divergence-free velocity as the initial state of turbulence
    in a periodic box, in x and y where the mesh is two-dimensional, else in
    x, y and z.

    A sum over all waves that fit the box with up to \c maxWaveNumber periods a
    side, each with a random phase (and, in three dimensions, a random
    direction perpendicular to its wave vector) and, for a wave with k periods,
    an amplitude that gives the same kinetic energy to every k.
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

      - \par -vorticity \<name\>
        Writes the vorticity of that velocity instead of U, into this
        volScalarField [1/s]; two-dimensional meshes

      - \par -add
        Adds to the field that is there, instead of replacing it

\*---------------------------------------------------------------------------*/

#include "argList.H"
#include "Time.H"
#include "fvMesh.H"
#include "volFields.H"
#include "labelVector.H"
#include "mathematicalConstants.H"

#include <random>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- Uniform in 0 to 1. The generator's bits are the same everywhere, the
//  standard library's distributions are not.
static scalar uniform(std::mt19937_64& generator)
{
    return scalar(generator() >> 11)/(1ull << 53);
}


//- Half of all waves that fit, as the others are their mirror images: numbers
//  of periods along each side
static List<labelVector> waves(const bool threeD, const label maxWaveNumber)
{
    List<labelVector> result;
    const label maxZ = threeD ? maxWaveNumber : 0;

    for (label kx = -maxWaveNumber; kx <= maxWaveNumber; ++kx)
    {
        for (label ky = -maxWaveNumber; ky <= maxWaveNumber; ++ky)
        {
            for (label kz = 0; kz <= maxZ; ++kz)
            {
                const bool mirrored =
                    kz == 0 && (ky < 0 || (ky == 0 && kx <= 0));
                if
                (
                    !mirrored
                 && kx*kx + ky*ky + kz*kz <= maxWaveNumber*maxWaveNumber
                )
                {
                    result.append(labelVector(kx, ky, kz));
                }
            }
        }
    }
    return result;
}


//- The velocity at the points, of root mean square one; vorticity: where not
//  null, its curl, of a two-dimensional flow
static vectorField randomVelocity
(
    const vectorField& points,
    const boundBox& box,
    const bool threeD,
    const label maxWaveNumber,
    const label seed,
    scalarField* vorticity = nullptr
)
{
    using constant::mathematical::twoPi;
    std::mt19937_64 generator(seed);
    vectorField U(points.size(), Zero);
    scalar meanSqr = 0;
    if (vorticity)
    {
        vorticity->setSize(points.size(), Zero);
    }

    for (const labelVector& periods : waves(threeD, maxWaveNumber))
    {
        const scalar phase = twoPi*uniform(generator);
        const vector n(periods.x(), periods.y(), periods.z());
        const vector wave
        (
            twoPi*n.x()/box.span().x(),
            twoPi*n.y()/box.span().y(),
            twoPi*n.z()/box.span().z()
        );
        const scalar k = mag(n);
        const vector along(wave/mag(wave));

        vector amplitude;
        if (threeD)
        {
            // Two directions across the wave, from the axis it is least along
            vector axis(Zero);
            direction least = 0;
            for (direction dir = 1; dir < 3; ++dir)
            {
                if (mag(along[dir]) < mag(along[least]))
                {
                    least = dir;
                }
            }
            axis[least] = 1;
            const vector first(normalised(along ^ axis));
            const scalar angle = twoPi*uniform(generator);
            amplitude =
                (Foam::cos(angle)*first + Foam::sin(angle)*(along ^ first))/k;
        }
        else
        {
            amplitude =
                (vector(0, 0, 1) ^ wave)/(mag(wave)*Foam::sqrt(k));
        }

        forAll(points, i)
        {
            const scalar angle = (wave & (points[i] - box.min())) + phase;
            U[i] += amplitude*Foam::sin(angle);
            if (vorticity)
            {
                (*vorticity)[i] += mag(wave)*Foam::cos(angle)/Foam::sqrt(k);
            }
        }
        meanSqr += 0.5*magSqr(amplitude);
    }

    U /= Foam::sqrt(meanSqr);
    if (vorticity)
    {
        *vorticity /= Foam::sqrt(meanSqr);
    }
    return U;
}


int main(int argc, char *argv[])
{
    argList::addNote
    (
        "Write a random divergence-free velocity in a periodic box"
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
    argList::addOption
    (
        "vorticity",
        "name",
        "Write the velocity's vorticity into this field instead of U"
    );
    argList::addBoolOption
    (
        "add", "Add to the field that is there, instead of replacing it"
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
    const scalar before = args.found("add") ? 1 : 0;

    if (maxWaveNumber < 1)
    {
        FatalErrorInFunction
            << "maxWaveNumber must be at least 1, found " << maxWaveNumber
            << exit(FatalError);
    }

    if (args.found("vorticity"))
    {
        if (mesh.nGeometricD() != 2)
        {
            FatalErrorInFunction
                << "A vorticity of one component needs a mesh of two dimensions"
                << ", found " << mesh.nGeometricD() << exit(FatalError);
        }
        volScalarField q
        (
            IOobject
            (
                args.get<word>("vorticity"), runTime.timeName(), mesh,
                IOobject::MUST_READ
            ),
            mesh
        );
        scalarField values;
        randomVelocity
        (
            mesh.C(), mesh.bounds(), false, maxWaveNumber, seed, &values
        );
        q.primitiveFieldRef() = before*q.primitiveField() + speed*values;
        q.correctBoundaryConditions();
        Info<< "Writing " << q.name() << " of seed " << seed << nl << endl;
        q.write();
        return 0;
    }

    volVectorField U
    (
        IOobject("U", runTime.timeName(), mesh, IOobject::MUST_READ),
        mesh
    );
    U.primitiveFieldRef() =
        before*U.primitiveField()
      + speed
       *randomVelocity
        (
            mesh.C(), mesh.bounds(), mesh.nGeometricD() == 3, maxWaveNumber, seed
        );
    U.correctBoundaryConditions();

    Info<< "Writing U of seed " << seed << ", root mean square "
        << Foam::sqrt(gSum(magSqr(U.primitiveField())*mesh.V().field())
           /gSum(mesh.V().field()))
        << " m/s" << nl << endl;
    U.write();

    return 0;
}


// ************************************************************************* //
