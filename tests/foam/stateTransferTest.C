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
#include "foam/stateTransfer.H"

#include "OFstream.H"
#include "Pstream.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

namespace
{

const std::array<double, 7> velocity{{0, 1, -1, 0, 0, 0, 0}};
const std::array<double, 7> kinematicPressure{{0, 2, -2, 0, 0, 0, 0}};

//- Cell centres without the rounding that depends on the decomposition
vectorField roundedCentres()
{
    vectorField centres(testMesh().C().primitiveField());
    for (vector& c : centres)
    {
        for (direction dir = 0; dir < vector::nComponents; ++dir)
        {
            c[dir] = std::round(1e6*c[dir])/1e6;
        }
    }
    return centres;
}

//- Fields whose values depend on place alone
struct stateTransferTest
:
    public ::testing::Test
{
    autoPtr<gridMap> map = gridMap::New("identity", testMesh());

    volScalarField p
    {
        IOobject("p", testMesh().time().timeName(), testMesh()),
        testMesh(),
        dimensionedScalar(sqr(dimVelocity))
    };

    volVectorField U
    {
        IOobject("U", testMesh().time().timeName(), testMesh()),
        testMesh(),
        dimensionedVector(dimVelocity)
    };

    const surrogate::FieldList fields
    {{
        {"U", map->grid().dimensions, velocity}, {"p", 1, kinematicPressure}
    }};

    stateTransferTest()
    {
        const vectorField centres(roundedCentres());
        p.primitiveFieldRef() = 3.0*Foam::sin(centres.component(0));
        U.primitiveFieldRef() = centres/7.0;
    }
};

} // End anonymous namespace


TEST_F(stateTransferTest, channelsFollowTheModelsOrder)
{
    surrogate::State state;
    stateTransfer(map(), fields).gather(state);

    EXPECT_EQ(state.time, testMesh().time().value());
    EXPECT_TRUE(state.grid.matches(map->grid()));
    if (!Pstream::master())
    {
        EXPECT_TRUE(state.values.empty());
        return;
    }

    const surrogate::Grid& grid = state.grid;
    for (std::size_t cell = 0; cell < grid.nCells(); ++cell)
    {
        const scalar x = grid.lower[0]
          + (cell % grid.cells[0] + 0.5)*grid.spacing(0);
        ASSERT_NEAR(state.field("U")[cell], x/7, 1e-5);
        if (map->axes()[0] == 0)
        {
            ASSERT_NEAR(state.field("p")[cell], 3*Foam::sin(x), 1e-4);
        }
    }
}


//- For a comparison of all decompositions, bit by bit
TEST_F(stateTransferTest, writesStateForComparison)
{
    surrogate::State state;
    stateTransfer(map(), fields).gather(state);

    if (Pstream::master())
    {
        std::ofstream file(testMesh().time().globalPath()/"gathered.bin");
        file.write
        (
            reinterpret_cast<const char*>(state.values.data()),
            state.values.size()*sizeof(double)
        );
        EXPECT_TRUE(file.good());
    }
}


TEST_F(stateTransferTest, scatterRestoresWhatGatherTook)
{
    const stateTransfer transfer(map(), fields);
    surrogate::State state;
    transfer.gather(state);

    const volVectorField U0("U0", U);
    const volScalarField p0("p0", p);
    U.primitiveFieldRef() *= -2;
    p.primitiveFieldRef() = 5;
    transfer.scatter(state);

    EXPECT_EQ(p.primitiveField(), p0.primitiveField());
    for (direction dir = 0; dir < 3; ++dir)
    {
        // A direction that is no axis is left alone
        const scalar factor = map->axes().found(dir) ? 1 : -2;
        EXPECT_EQ
        (
            scalarField(U.primitiveField().component(dir)),
            scalarField(factor*U0.primitiveField().component(dir))
        );
    }
}


TEST_F(stateTransferTest, otherDimensionsAreRefused)
{
    const stateTransfer transfer(map(), {{{"p", 1, velocity}}});
    surrogate::State state;
    const std::string error = errorOf([&] { transfer.gather(state); });

    EXPECT_TRUE(contains(error, "where:    field p"));
    EXPECT_TRUE(contains(error, "expected: [0 1 -1 0 0 0 0]"));
    EXPECT_TRUE(contains(error, "found:    [0 2 -2 0 0 0 0]"));
}


TEST_F(stateTransferTest, missingFieldListsTheRegisteredOnes)
{
    const stateTransfer transfer(map(), {{{"T", 1, {}}}});
    surrogate::State state;
    const std::string error = errorOf([&] { transfer.gather(state); });

    EXPECT_TRUE(contains(error, "expected: volScalarField T"));
    EXPECT_TRUE(contains(error, "valid:    p"));
}


// ************************************************************************* //
