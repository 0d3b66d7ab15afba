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
#include "foam/gridMap/gridMap.H"

#include "OSspecific.H"
#include "Pstream.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- The grid that the test's script says this case has
TEST(gridMap, findsGrid)
{
    const auto map = gridMap::New("identity", testMesh());
    EXPECT_EQ(map->grid().describe(), getEnv("EXPECTED_GRID"));
}


TEST(gridMap, eachCellLandsAtItsPlaceAndReturns)
{
    const auto map = gridMap::New("identity", testMesh());
    const surrogate::Grid& grid = map->grid();
    const label nDims = grid.dimensions;
    const label nCells = testMesh().nCells();

    scalarField cells(nDims*nCells);
    for (label axis = 0; axis < nDims; ++axis)
    {
        forAll(testMesh().C(), celli)
        {
            cells[axis*nCells + celli] =
                testMesh().C()[celli][map->axes()[axis]];
        }
    }

    scalarField values(Pstream::master() ? nDims*grid.nCells() : 0);
    map->toGrid(cells, nDims, values.data());

    if (Pstream::master())
    {
        for (label z = 0; z < grid.cells[2]; ++z)
        for (label y = 0; y < grid.cells[1]; ++y)
        for (label x = 0; x < grid.cells[0]; ++x)
        {
            const label site[] = {x, y, z};
            for (label axis = 0; axis < nDims; ++axis)
            {
                ASSERT_NEAR
                (
                    values[axis*grid.nCells() + grid.index(x, y, z)],
                    grid.lower[axis] + (site[axis] + 0.5)*grid.spacing(axis),
                    1e-4*grid.spacing(axis)
                );
            }
        }
    }

    scalarField back(cells.size(), Zero);
    map->toMesh(values.cdata(), nDims, back);
    EXPECT_EQ(back, cells);
}


TEST(gridMap, unknownTypeListsTheKnown)
{
    const std::string error =
        errorOf([] { gridMap::New("triangulated", testMesh()); });
    EXPECT_TRUE(contains(error, "found:    triangulated"));
    EXPECT_TRUE(contains(error, "valid:    identity"));
    EXPECT_TRUE(contains(error, "meshToMesh"));
    EXPECT_TRUE(contains(error, "scatteredInterpolation"));
}


//- Run on meshes that are no uniform block
TEST(gridMapRefusal, saysWhichCell)
{
    const std::string error =
        errorOf([] { gridMap::New("identity", testMesh()); });
    EXPECT_TRUE(contains(error, getEnv("EXPECTED_ERROR")));
    EXPECT_TRUE(contains(error, "where:    cell "));
    EXPECT_TRUE(contains(error, ", centre ("));
    EXPECT_TRUE(contains(error, "expected: a uniform structured block"));
}


// ************************************************************************* //
