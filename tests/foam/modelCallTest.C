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
#include "foam/collectiveError.H"
#include "foam/modelCall.H"

#include "error.H"
#include "Pstream.H"

#include <cmath>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- Message of the FatalIOError that the call raises; empty: none
static std::string fatalIOErrorOf(const std::function<void()>& call)
{
    const bool throwing = FatalIOError.throwExceptions();
    std::string message;
    try
    {
        call();
    }
    catch (const IOerror& error)
    {
        message = error.message();
    }
    FatalIOError.throwExceptions(throwing);
    return message;
}


TEST(modelCall, runsOnTheMasterAlone)
{
    label nCalls = 0;
    EXPECT_EQ(tryOnMaster([&] { ++nCalls; }), "");
    EXPECT_EQ(nCalls, label(Pstream::master()));
}


TEST(modelCall, allProcessorsHearOfAnException)
{
    const std::string error = tryOnMaster
    (
        [] { throw surrogate::Error({"A fault", "file m", "x", "y", {}}); }
    );
    EXPECT_TRUE(contains(error, "A fault"));
    EXPECT_TRUE(contains(error, "file m"));
}


TEST(modelCall, exceptionsBecomeFatalIOError)
{
    const dictionary dict("system/controlDict");
    const auto fail = [] { throw std::runtime_error("no such device"); };

    EXPECT_EQ(fatalIOErrorOf([&] { callOnMaster(dict, []{}); }), "");
    EXPECT_TRUE
    (
        contains
        (
            fatalIOErrorOf([&] { callOnMaster(dict, fail); }),
            "no such device"
        )
    );
    EXPECT_TRUE
    (
        contains
        (
            fatalIOErrorOf([&] { reportErrors(dict, fail); }),
            "no such device"
        )
    );
}


TEST(modelCall, floatingPointExceptionsDoNotTrap)
{
    EXPECT_EQ
    (
        tryOnMaster
        (
            []
            {
                volatile double zero = 0;
                volatile double logarithm = std::log(zero);
                EXPECT_TRUE(std::isinf(logarithm));
                EXPECT_TRUE(std::isinf(1/zero));
            }
        ),
        ""
    );
}


TEST(collectiveError, allThrowTheReportOfTheLowest)
{
    std::optional<surrogate::Error::Report> mine;
    raiseTogether(mine);

    // The last processor alone has one
    if (Pstream::myProcNo() == Pstream::nProcs() - 1)
    {
        mine = surrogate::Error::Report{"Broken", "here", "a", "b", {"c", "d"}};
    }
    const std::string error = errorOf([&] { raiseTogether(mine); });
    EXPECT_TRUE(contains(error, "Broken"));
    EXPECT_TRUE(contains(error, "valid:    c, d"));
}


// ************************************************************************* //
