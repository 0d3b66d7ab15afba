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
    Main program of the OpenFOAM side's tests

Description
    Runs the tests in the case of the current folder; all processors run the
    same tests.

\*---------------------------------------------------------------------------*/

#include "foamTest.H"

#include "argList.H"
#include "PstreamReduceOps.H"
#include "Time.H"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

static Foam::fvMesh* meshPtr = nullptr;

Foam::fvMesh& Foam::testMesh()
{
    return *meshPtr;
}


int main(int argc, char* argv[])
{
    ::testing::InitGoogleTest(&argc, argv);

    Foam::argList args(argc, argv);
    Foam::Time runTime(Foam::Time::controlDictName, args);
    Foam::fvMesh mesh
    (
        Foam::IOobject
        (
            Foam::fvMesh::defaultRegion,
            runTime.timeName(),
            runTime,
            Foam::IOobject::MUST_READ
        )
    );
    meshPtr = &mesh;

    // OpenFOAM's argList ends a program with 0 whatever main returns
    const int failed = RUN_ALL_TESTS();
    if (Foam::returnReduce(failed, Foam::maxOp<int>()))
    {
        Foam::Pstream::exit(1);
    }

    return 0;
}


// ************************************************************************* //
