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
#include "foam/optionsFromDict.H"

#include "IStringStream.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

TEST(optionsFromDict, readsWordsNumbersAndLists)
{
    const dictionary dict
    (
        IStringStream
        (
            "steps 10; rate 1e-3; name unet; file \"a b\"; norm yes;"
            "multipliers (1 2 2); sized 2(0.5 1); names (U p); none ();"
            "unet { width 32; attention { heads 4; } }"
        )()
    );
    const surrogate::Settings settings = optionsFromDict(dict);

    EXPECT_EQ(settings.get("steps", 0), 10);
    EXPECT_EQ(settings.get("rate", 0.0), 1e-3);
    EXPECT_EQ(settings.get("name", ""), "unet");
    EXPECT_EQ(settings.get("file", ""), "a b");
    EXPECT_TRUE(settings.get("norm", false));
    EXPECT_EQ
    (
        settings.get("multipliers", std::vector<long>{}),
        (std::vector<long>{1, 2, 2})
    );
    EXPECT_EQ
    (
        settings.get("sized", std::vector<double>{}),
        (std::vector<double>{0.5, 1})
    );
    EXPECT_EQ
    (
        settings.get("names", std::vector<std::string>{}),
        (std::vector<std::string>{"U", "p"})
    );
    EXPECT_TRUE(settings.get("none", std::vector<long>{1}).empty());
    EXPECT_EQ(settings.section("unet").get("width", 0), 32);
    EXPECT_EQ(settings.get("unet.attention.heads", 0), 4);
}


TEST(optionsFromDict, otherEntriesAreRefused)
{
    const dictionary dict(IStringStream("tensors ((1 2) (3 4));")());
    const std::string error = errorOf([&] { optionsFromDict(dict); });
    EXPECT_TRUE(contains(error, "entry tensors"));
}


TEST(optionsFromDict, functionObjectsOwnKeywordsArePassedOver)
{
    const dictionary dict
    (
        IStringStream("type t; libs (l); writeControl none; solverSteps 3;")()
    );
    const surrogate::Settings settings =
        optionsFromFunctionObjectDict(dict, {"model", "solverSteps"});

    EXPECT_EQ(settings.all().size(), 1u);
    EXPECT_EQ(settings.get("solverSteps", 0), 3);
}


TEST(optionsFromDict, unknownKeywordListsTheValidOnes)
{
    const dictionary dict(IStringStream("solverStep 3;")());
    const std::string error = errorOf
    (
        [&] { optionsFromFunctionObjectDict(dict, {"model", "solverSteps"}); }
    );
    EXPECT_TRUE(contains(error, "found:    solverStep"));
    EXPECT_TRUE(contains(error, "valid:    model, solverSteps"));
}


// ************************************************************************* //
