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

Application
    randomWaves

Group
    grpPreProcessingUtilities

Description
    Writes a random sum of waves along x as the initial state of a scalar that
    is periodic there:

        mean + sum over k of A_k sin(2 pi k (x - x0)/L + phase_k)

    with k from minWaveNumber to maxWaveNumber, phases uniform and amplitudes
    normally distributed, with a standard deviation that goes as k to the power
    of slope and makes the expected variance the square of the given root mean
    square. Each line of cells along x, one for each place in y and z, has waves
    of its own. The same seed gives the n-th line, counted from low to high y
    and then z, the same waves on every mesh and on any number of processors.

Usage
    \b randomWaves [OPTION]

      - \par -field \<name\>
        The volScalarField, read for its dimensions and boundary conditions
        (default: u)

      - \par -seed \<label\>
        Chooses the waves (default: 1)

      - \par -minWaveNumber \<label\>
        Fewest periods (default: 1)

      - \par -maxWaveNumber \<label\>
        Most periods (default: 4)

      - \par -rms \<scalar\>
        Expected root mean square of the waves, in the field's unit
        (default: 1)

      - \par -slope \<scalar\>
        Amplitudes go as the wave number to this power (default: 0)

      - \par -mean \<scalar\>
        Mean along each line (default: 0)

\*---------------------------------------------------------------------------*/

#include "core/noise.h"
#include "foam/openfoamVersion.H"

#include "argList.H"
#include "ListListOps.H"
#include "ListOps.H"
#include "Time.H"
#include "fvMesh.H"
#include "volFields.H"
#include "mathematicalConstants.H"

#include <vector>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- One of a line: amplitude and phase of k = min, min + 1, ...
struct wave
{
    label periods;
    scalar amplitude;
    scalar phase;
};


struct law
{
    label seed, minWaveNumber, maxWaveNumber;
    scalar rms, slope, mean;

    std::vector<wave> waves(const label line) const
    {
        using constant::mathematical::twoPi;
        const surrogate::Noise noise(seed, 0, line);
        std::vector<wave> all;
        scalar variance = 0;

        for (label k = minWaveNumber; k <= maxWaveNumber; ++k)
        {
            const scalar deviation = Foam::pow(scalar(k), slope);
            variance += 0.5*sqr(deviation);
            all.push_back
            ({
                k, deviation*noise.normal(0, k), twoPi*noise.uniform(1, k)
            });
        }
        for (wave& one : all)
        {
            one.amplitude *= rms/Foam::sqrt(variance);
        }
        return all;
    }
};


//- The different values among all processors' ones, to the tolerance, from low
//  to high. Collective.
static scalarList levels(const scalarField& values, const scalar tolerance)
{
    List<scalarList> all(Pstream::nProcs());
    all[Pstream::myProcNo()] = values;
    allGather(all);

    scalarList sorted
    (
        ListListOps::combine<scalarList>(all, accessOp<scalarList>())
    );
    Foam::sort(sorted);
    DynamicList<scalar> result;
    for (const scalar value : sorted)
    {
        if (result.empty() || value > result.last() + tolerance)
        {
            result.append(value);
        }
    }
    return scalarList(result);
}


//- Place among the lines, of each cell. Collective.
static labelList lineOfCells(const fvMesh& mesh)
{
    const scalar tolerance = 1e-6*mag(mesh.bounds().span());
    const scalarField y(mesh.C().primitiveField().component(vector::Y));
    const scalarField z(mesh.C().primitiveField().component(vector::Z));
    const scalarList yLevels(levels(y, tolerance));
    const scalarList zLevels(levels(z, tolerance));

    labelList result(mesh.nCells());
    forAll(result, celli)
    {
        result[celli] =
            findLower(yLevels, y[celli] + tolerance)
          + yLevels.size()*findLower(zLevels, z[celli] + tolerance);
    }
    return result;
}


int main(int argc, char *argv[])
{
    argList::addNote("Write random waves along x into a scalar field");
    argList::addOption("field", "name", "The field (default: u)");
    argList::addOption("seed", "label", "Chooses the waves (default: 1)");
    argList::addOption
    (
        "minWaveNumber", "label", "Fewest periods (default: 1)"
    );
    argList::addOption("maxWaveNumber", "label", "Most periods (default: 4)");
    argList::addOption
    (
        "rms", "scalar", "Expected root mean square (default: 1)"
    );
    argList::addOption
    (
        "slope", "scalar",
        "Amplitudes go as the wave number to this power (default: 0)"
    );
    argList::addOption("mean", "scalar", "Mean along each line (default: 0)");

    #include "setRootCase.H"
    #include "createTime.H"
    fvMesh mesh
    (
        IOobject
        (
            fvMesh::defaultRegion, runTime.timeName(), runTime,
            IOobject::MUST_READ
        )
    );

    const law drawn
    {
        args.opt<label>("seed", 1),
        args.opt<label>("minWaveNumber", 1),
        args.opt<label>("maxWaveNumber", 4),
        args.opt<scalar>("rms", 1),
        args.opt<scalar>("slope", 0),
        args.opt<scalar>("mean", 0)
    };
    if (drawn.minWaveNumber < 1 || drawn.maxWaveNumber < drawn.minWaveNumber)
    {
        FatalErrorInFunction
            << "Not a range of wave numbers" << nl
            << "    expected: minWaveNumber from 1 to maxWaveNumber" << nl
            << "    found:    " << drawn.minWaveNumber << " to "
            << drawn.maxWaveNumber
            << exit(FatalError);
    }

    volScalarField u
    (
        IOobject
        (
            args.opt<word>("field", "u"), runTime.timeName(), mesh,
            IOobject::MUST_READ
        ),
        mesh
    );

    using constant::mathematical::twoPi;
    const labelList lines(lineOfCells(mesh));
    std::vector<std::vector<wave>> waves;
    for (label line = 0; line <= gMax(lines); ++line)
    {
        waves.push_back(drawn.waves(line));
    }
    forAll(lines, celli)
    {
        const scalar x =
            (mesh.C()[celli].x() - mesh.bounds().min().x())
           /mesh.bounds().span().x();
        scalar value = drawn.mean;
        for (const wave& one : waves[lines[celli]])
        {
            value +=
                one.amplitude*Foam::sin(twoPi*one.periods*x + one.phase);
        }
        u[celli] = value;
    }
    u.correctBoundaryConditions();

    Info<< "Writing " << u.name() << " of seed " << drawn.seed << " along "
        << label(waves.size()) << " lines, root mean square "
        << Foam::sqrt(gSum(sqr(u.primitiveField())*mesh.V().field())
           /gSum(mesh.V().field()))
        << nl << endl;
    u.write();

    return 0;
}


// ************************************************************************* //
