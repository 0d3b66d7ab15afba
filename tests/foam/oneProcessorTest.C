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

#include "foamTest.H"
#include "core/error.h"
#include "foam/modelCall.H"

#include "Pstream.H"
#include "PstreamReduceOps.H"

#include <csignal>
#include <iostream>
#include <unistd.h>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

// Run by oneProcessorGoes: the last processor goes in its own way, the others
// wait for it

//- True on the processor that is to go
static bool last()
{
    return Pstream::myProcNo() == Pstream::nProcs() - 1;
}


static void waitForAll()
{
    returnReduce(label(1), sumOp<label>());
    std::cout << "went on" << std::endl;
}


TEST(oneProcessor, DISABLED_raises)
{
    reportErrors
    (
        dictionary("system/controlDict"),
        []
        {
            if (last())
            {
                throw surrogate::Error
                ({
                    "a fault of processor " + std::to_string(2),
                    "here", "", "", {}
                });
            }
        }
    );
    tryOnMaster([] {});
    waitForAll();
}


TEST(oneProcessor, DISABLED_throws)
{
    if (last())
    {
        throw std::runtime_error("an exception of processor 2");
    }
    waitForAll();
}


TEST(oneProcessor, DISABLED_killed)
{
    if (last())
    {
        ::kill(::getpid(), SIGKILL);
    }
    waitForAll();
}


// ************************************************************************* //
