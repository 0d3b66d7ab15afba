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

Description
    Map cells on the meshes that the test's script makes. Of a case in parallel
    the environment's SERIAL_CELLS is what the same case wrote in serial.

\*---------------------------------------------------------------------------*/

#include "meshGrid.H"
#include "foam/stateTransfer.H"

#include <fstream>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

namespace
{

autoPtr<gridMap> cellsMap()
{
    return gridMap::New("cells", testMesh());
}


//- In the channel around a cylinder
scalar channelWallDistance(const point& x)
{
    return min(radius(x) - 0.5, 2 - mag(x.y()));
}


bool touches(const gridMap& map, const std::size_t i, const word& kind)
{
    const auto& kinds = surrogate::CellPoints::kinds();
    const label bit =
        std::find(kinds.begin(), kinds.end(), kind) - kinds.begin();
    return map.geometry()->points->boundaries[i] >> bit & 1;
}

} // End anonymous namespace


// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

TEST(cellsMap, findsPoints)
{
    const auto map = cellsMap();
    EXPECT_EQ(map->grid().describe(), getEnv("EXPECTED_CELLS"));
    EXPECT_TRUE(map->identical());
    EXPECT_EQ(map->geometry() != nullptr, Pstream::master());
}


TEST(cellsMap, eachCellIsAPointAndReturns)
{
    const auto map = cellsMap();
    const label nDims = map->grid().dimensions;
    const label nCells = testMesh().nCells();
    scalarField cells(nDims*nCells);
    forAll(map->axes(), axis)
    {
        forAll(testMesh().C(), celli)
        {
            cells[axis*nCells + celli] =
                testMesh().C()[celli][map->axes()[axis]];
        }
    }
    const std::size_t n = map->grid().nCells();
    scalarField values(Pstream::master() ? nDims*n : 0);
    map->toGrid(cells, nDims, values.data());
    for (std::size_t i = 0; Pstream::master() && i < n; ++i)
    {
        for (label axis = 0; axis < nDims; ++axis)
        {
            ASSERT_EQ
            (
                values[axis*n + i],
                map->geometry()->points->centres[i*nDims + axis]
            );
        }
    }

    scalarField back(cells.size(), Zero);
    map->toMesh(values.cdata(), nDims, back);
    EXPECT_EQ(back, cells);
}


//- By x, then y, then z, but for rounding
TEST(cellsMap, pointsAreInOrder)
{
    const auto map = cellsMap();
    if (!Pstream::master())
    {
        return;
    }
    const surrogate::Grid& grid = map->grid();
    const auto& centres = map->geometry()->points->centres;
    const label nDims = grid.dimensions;
    for (std::size_t i = 1; i < grid.nCells(); ++i)
    {
        for (label axis = 0; axis < nDims; ++axis)
        {
            const scalar step =
                centres[i*nDims + axis] - centres[(i - 1)*nDims + axis];
            ASSERT_GT(step, -1e-8*(grid.upper[axis] - grid.lower[axis]));
            if (step > 1e-8*(grid.upper[axis] - grid.lower[axis]))
            {
                break;
            }
            ASSERT_LT(axis, nDims - 1) << "two cells in one place";
        }
    }
}


TEST(cellsMap, volumesFillTheMesh)
{
    const auto map = cellsMap();
    const vector span(boundBox(testMesh().points(), true).span());
    scalar expected = gSum(testMesh().V().field());
    for (direction dir = 0; dir < vector::nComponents; ++dir)
    {
        if (testMesh().geometricD()[dir] != 1)
        {
            expected /= span[dir];
        }
    }
    if (Pstream::master())
    {
        scalar found = 0;
        for (const double v : map->geometry()->points->volumes)
        {
            found += v;
        }
        EXPECT_NEAR(found, expected, 1e-12*expected);
    }
}


TEST(cellsMap, statesGoThereAndBack)
{
    const auto map = cellsMap();
    volScalarField p
    (
        IOobject("p", testMesh().time().timeName(), testMesh()),
        testMesh(),
        dimensionedScalar(sqr(dimVelocity))
    );
    p.primitiveFieldRef() = onMesh(wave);
    const scalarField before(p.primitiveField());
    const surrogate::FieldList fields({{"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}});

    stateTransfer transfer(map(), fields);
    surrogate::State state;
    transfer.gather(state);
    EXPECT_TRUE(map->grid().matches(state.grid));
    surrogate::State next(state);
    for (double& value : next.values)
    {
        value = 2*value + 1;
    }
    transfer.scatter(next, state);
    forAll(p, celli)
    {
        ASSERT_EQ(p[celli], 2*before[celli] + 1);
    }
}


//- Order, values and what the network sees, on any decomposition
TEST(cellsMap, isThatOfASerialRun)
{
    const auto map = cellsMap();
    const scalarField waves(onGrid(map(), onMesh(wave)));
    if (!Pstream::master())
    {
        return;
    }
    const surrogate::Geometry& geometry = *map->geometry();
    std::vector<double> all(waves.begin(), waves.end());
    for
    (
        const std::vector<double>& more
      : {
            geometry.points->centres, geometry.points->volumes,
            geometry.distance
        }
    )
    {
        all.insert(all.end(), more.begin(), more.end());
    }
    for (const std::uint8_t bits : geometry.points->boundaries)
    {
        all.push_back(bits);
    }

    const std::string serial(getEnv("SERIAL_CELLS"));
    if (serial.empty())
    {
        std::ofstream("cells.bin", std::ios::binary).write
        (
            reinterpret_cast<const char*>(all.data()), all.size()*sizeof(double)
        );
        return;
    }
    std::vector<double> expected(all.size());
    std::ifstream file(serial, std::ios::binary);
    file.read
    (
        reinterpret_cast<char*>(expected.data()), all.size()*sizeof(double)
    );
    ASSERT_TRUE(file.good()) << serial;
    for (std::size_t i = 0; i < all.size(); ++i)
    {
        ASSERT_NEAR(all[i], expected[i], 1e-10*(1 + mag(expected[i]))) << i;
    }
}


TEST(cellsMap, refusesAUniformGrid)
{
    surrogate::Grid grid;
    grid.dimensions = 2;
    grid.cells = {{8, 8, 1}};
    EXPECT_TRUE
    (
        contains
        (
            errorOf([&] { gridMap::New("cells", testMesh(), grid); }),
            "has no uniform grid"
        )
    );
    surrogate::Grid points;
    points.points = true;
    points.dimensions = 2;
    points.cells[0] = 5;
    for (const word type : {"identity", "meshToMesh", "scatteredInterpolation"})
    {
        EXPECT_TRUE
        (
            contains
            (
                errorOf([&] { gridMap::New(type, testMesh(), points); }),
                "expected: cells"
            )
        );
    }
}


TEST(cellsMapBox, hasNoBoundaries)
{
    const auto map = cellsMap();
    if (Pstream::master())
    {
        for (std::size_t i = 0; i < map->grid().nCells(); ++i)
        {
            ASSERT_EQ(map->geometry()->points->boundaries[i], 0);
            ASSERT_EQ
            (
                map->geometry()->distance[i], surrogate::Geometry::noWall
            );
        }
    }
}


//- Inlet and outlet by the types of U, which is on disk alone, or is there
TEST(cellsMapChannel, knowsWhatItsCellsTouch)
{
    const auto map = cellsMap();
    {
        const volVectorField U
        (
            IOobject
            (
                "U", testMesh().time().timeName(), testMesh(),
                IOobject::MUST_READ
            ),
            testMesh()
        );
        const auto other = cellsMap();
        if (Pstream::master())
        {
            EXPECT_EQ
            (
                other->geometry()->points->boundaries,
                map->geometry()->points->boundaries
            );
        }
    }
    if (!Pstream::master())
    {
        return;
    }
    const auto& points = *map->geometry()->points;
    label nWall = 0, nInlet = 0, nOutlet = 0;
    for (std::size_t i = 0; i < map->grid().nCells(); ++i)
    {
        const point x(points.centres[2*i], points.centres[2*i + 1], 0);
        const scalar size = Foam::sqrt(points.volumes[i]);
        EXPECT_EQ(touches(map(), i, "inlet"), x.x() < -2 + 0.55*size);
        EXPECT_EQ(touches(map(), i, "symmetry"), false);
        EXPECT_EQ(touches(map(), i, "other"), false);
        nWall += touches(map(), i, "wall");
        nInlet += touches(map(), i, "inlet");
        nOutlet += touches(map(), i, "outlet");

        // The cylinder's wall is of flat faces
        EXPECT_NEAR(map->geometry()->distance[i], channelWallDistance(x), 5e-3);
    }
    // 32 cells along a quarter: 16 + 32 + 16 across, 16 + 32 + 64 along
    EXPECT_EQ(nInlet, 64);
    EXPECT_EQ(nOutlet, 64);
    EXPECT_EQ(nWall, 2*112 + 4*32);
}


//- Without U nothing tells inlets and outlets
TEST(cellsMapChannel, callsOpenSidesOtherWithoutVelocity)
{
    auto& time = const_cast<Time&>(testMesh().time());
    const dimensionedScalar now(time);
    const label index = time.timeIndex();
    time.setTime(now.value() + 1234, index);
    const auto map = cellsMap();
    time.setTime(now, index);
    if (Pstream::master())
    {
        label n = 0;
        for (std::size_t i = 0; i < map->grid().nCells(); ++i)
        {
            n += touches(map(), i, "other");
            EXPECT_FALSE(touches(map(), i, "inlet"));
        }
        EXPECT_EQ(n, 128);
    }
}


// ************************************************************************* //
