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
#include "foam/gridMap/wantedGrid.H"

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
    EXPECT_TRUE(contains(error, "valid:    cells, identity"));
    EXPECT_TRUE(contains(error, "meshToMesh"));
    EXPECT_TRUE(contains(error, "scatteredInterpolation"));
}


TEST(gridMap, wantedGridIsReadAndChecked)
{
    const auto settings = [](const std::vector<double>& upper)
    {
        surrogate::Settings settings("controlDict");
        settings.set("gridMapCoeffs.cells", std::vector<long>{8, 4});
        settings.set("gridMapCoeffs.lower", std::vector<long>{0, -2});
        settings.set("gridMapCoeffs.upper", upper);
        return settings;
    };
    const surrogate::Grid grid(wantedGrid("meshToMesh", settings({8, 2.5})));
    EXPECT_EQ
    (
        grid.describe(), "8 x 4 cells on [0, 8] x [-2, 2.5], not periodic"
    );
    EXPECT_EQ
    (
        wantedGrid("meshToMesh", surrogate::Settings("controlDict")).dimensions,
        0
    );

    const auto error = [&](const word& type, const std::vector<double>& upper)
    {
        return errorOf([&] { wantedGrid(type, settings(upper)); });
    };
    EXPECT_TRUE(contains(error("identity", {8, 2}), "takes the grid from"));
    EXPECT_TRUE(contains(error("meshToMesh", {8}), "entry gridMapCoeffs.upper"));
    EXPECT_TRUE(contains(error("meshToMesh", {8}), "expected: 2 values"));
    EXPECT_TRUE(contains(error("meshToMesh", {}), "found:    nothing"));
    EXPECT_TRUE(contains(error("meshToMesh", {8, -3}), "Not a valid grid"));
}


TEST(gridMap, identityKnowsItsGeometry)
{
    const auto map = gridMap::New("identity", testMesh());
    if (!Pstream::master())
    {
        EXPECT_EQ(map->geometry(), nullptr);
        return;
    }
    const surrogate::Grid& grid = map->grid();
    for (std::size_t site = 0; site < grid.nCells(); ++site)
    {
        EXPECT_EQ(map->geometry()->fluid[site], 1);
        const double distance = map->geometry()->distance[site];
        if (!grid.walls[1][0])
        {
            EXPECT_EQ(distance, surrogate::Geometry::noWall);
            continue;
        }
        const int y = (site/grid.cells[0]) % grid.cells[1];
        const int cells = std::min(y, grid.cells[1] - 1 - y);
        EXPECT_NEAR(distance, (cells + 0.5)*grid.spacing(1), 1e-6);
    }
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
