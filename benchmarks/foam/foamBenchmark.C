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
    foamBenchmark

Description
    Median wall time of the transfer between mesh and grid, of the write-back
    and its parts, and of one step of a solver, in the case of the current
    folder. See benchmarks/foam/run.

\*---------------------------------------------------------------------------*/

#include "boxFlow.H"
#include "core/noise.h"
#include "foam/stateWriteBack.H"

#include "argList.H"

#include <algorithm>
#include <chrono>
#include <functional>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- Prints the median of n calls, each after a call of prepare, which is not
//  counted
void measure
(
    const char* what,
    const label n,
    const std::function<void()>& call,
    const std::function<void()>& prepare = [] {}
)
{
    std::vector<double> milliseconds;
    for (label i = 0; i < n; ++i)
    {
        prepare();
        const auto begin = std::chrono::steady_clock::now();
        call();
        const std::chrono::duration<double, std::milli> taken =
            std::chrono::steady_clock::now() - begin;
        milliseconds.push_back(taken.count());
    }
    std::nth_element
    (
        milliseconds.begin(), milliseconds.begin() + n/2, milliseconds.end()
    );

    Info<< what << ": " << milliseconds[n/2] << " ms" << endl;
}


int main(int argc, char* argv[])
{
    argList args(argc, argv);
    Time runTime(Time::controlDictName, args);
    fvMesh mesh
    (
        IOobject
        (
            fvMesh::defaultRegion, runTime.timeName(), runTime,
            IOobject::MUST_READ
        )
    );
    SolverPerformance<scalar>::debug = 0;
    SolverPerformance<vector>::debug = 0;

    boxFlow flow(mesh, 0.015);
    const auto map = gridMap::New("identity", mesh);
    const stateTransfer transfer(map(), {{{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}}});
    stateWriteBack writeBack(transfer, {});

    surrogate::State clean, noisy;
    transfer.gather(clean);
    transfer.gather(noisy);
    for (std::size_t i = 0; i < noisy.values.size(); ++i)
    {
        noisy.values[i] += 0.01*surrogate::Noise(1).normal(0, i);
    }

    measure("gather U", 200, [&] { transfer.gather(clean); });
    measure("scatter U", 200, [&] { transfer.scatter(clean); });
    measure
    (
        "write-back of a conservative U", 100, [&] { writeBack.write(clean); }
    );
    measure("write-back with projection", 20, [&] { writeBack.write(noisy); });
    measure
    (
        "hand-over: pressure from cold",
        20,
        [&] { writeBack.complete(); },
        [&] { writeBack.write(clean); flow.p = dimensionedScalar(flow.p.dimensions()); }
    );
    writeBack.write(clean);
    measure("solver step (PISO, 2 correctors)", 20, [&] { flow.step(); });

    return 0;
}


// ************************************************************************* //
