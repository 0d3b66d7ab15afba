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
    Map meshToMesh on the meshes that the test's script makes, to the grid that
    the environment's GRID describes (see meshGrid.H).

\*---------------------------------------------------------------------------*/

#include "meshGrid.H"
#include "foam/gridMap/gridCentres.H"
#include "foam/stateTransfer.H"

#include "clockTime.H"

#include <fstream>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //


//- Where the grid covers the mesh
TEST(meshToMesh, keepsTheIntegral)
{
    const auto map = mapTo(testGrid());
    const scalar volume = gridCellVolume(map());
    for (const bool one : {true, false})
    {
        const scalarField cells
        (
            one ? scalarField(testMesh().nCells(), 1) : onMesh(wave)
        );
        const scalarField grid(onGrid(map(), cells));
        const scalarField& V = testMesh().V();
        const scalar expected = gSum((cells*V)());
        const scalar magnitude = gSum((mag(cells)*V)());
        if (Pstream::master())
        {
            scalar found = 0;
            forAll(grid, site)
            {
                found += grid[site]*map->geometry()->fluid[site];
            }
            found *= volume;
            EXPECT_NEAR(found, expected, 1e-12*magnitude);
        }
    }
}


TEST(meshToMesh, gridValuesAreMeans)
{
    const auto map = mapTo(testGrid());
    const scalarField cells(onMesh(wave));
    const scalar least = gMin(cells), most = gMax(cells);
    const scalarField grid(onGrid(map(), cells));
    forAll(grid, site)
    {
        if (map->geometry()->fluid[site] == 0)
        {
            EXPECT_EQ(grid[site], 0);
            continue;
        }
        EXPECT_GE(grid[site], least - 1e-12);
        EXPECT_LE(grid[site], most + 1e-12);
    }
}


//- Back to cells far from what the mesh does not fill, and from periodic sides
TEST(meshToMesh, linearFunctionsReturnExactly)
{
    const auto map = mapTo(testGrid());
    const surrogate::Grid& grid = map->grid();
    const point middle(boundBox(testMesh().points(), true).centre());

    scalarField values(Pstream::master() ? grid.nCells() : 0);
    const auto linear =
        [](const point& x) { return 1 + 2*x.x() - 3*x.y() + x.z(); };
    forAll(values, site)
    {
        values[site] = linear(gridCentre(grid, map->axes(), middle, site));
    }
    scalarField back(testMesh().nCells());
    map->toMesh(values.cdata(), 1, back);

    // The cells that take nothing from others are found through the map itself
    scalarField others(values.size(), 0.0);
    forAll(others, site)
    {
        others[site] = map->geometry()->fluid[site] > 1 - 1e-6 ? 0 : 1;
        const labelVector ijk(gridIndices(grid, site));
        for (int axis = 0; axis < grid.dimensions; ++axis)
        {
            const bool atEnd =
                ijk[axis] == 0 || ijk[axis] == grid.cells[axis] - 1;
            if (grid.periodic[axis] && atEnd)
            {
                others[site] = 1;
            }
        }
    }
    scalarField partial(back.size());
    map->toMesh(others.cdata(), 1, partial);

    label n = 0;
    forAll(back, celli)
    {
        if (partial[celli] == 0)
        {
            ++n;
            EXPECT_NEAR(back[celli], linear(testMesh().C()[celli]), 1e-11);
        }
    }
    EXPECT_GT(returnReduce(n, sumOp<label>()), 100);
}


//- On meshes that are finer than the grid
TEST(meshToMesh, errorFallsWithTheSquareOfTheSpacing)
{
    const scalarField cells(onMesh(wave));
    const boolList all(cells.size(), true);
    scalar error[2];
    for (label i = 0; i < 2; ++i)
    {
        error[i] = rms(roundTrip(mapTo(testGrid(i + 1))(), cells) - cells, all);
    }
    EXPECT_GT(error[0]/error[1], 3);
    EXPECT_LT(error[0]/error[1], 6);
}


//- Serial writes, parallel compares: values on the grid, and sums over the
//  mesh of values from the grid
TEST(meshToMesh, sameOnAnyDecomposition)
{
    const auto map = mapTo(testGrid());
    scalarField values(onGrid(map(), onMesh(wave)));
    for (const bool fixedAtWalls : {false, true})
    {
        const scalarField back
        (
            roundTrip(map(), onMesh(wave), fixedAtWalls)
        );
        for (label power = 0; power < 3; ++power)
        {
            const scalarField weights
            (
                onMesh([&](const point& x) { return pow(x.x() + 3, power); })
            );
            const scalar sum = gSum((weights*back)());
            if (Pstream::master()) values.append(sum);
        }
    }
    if (!Pstream::master())
    {
        return;
    }
    for (const auto* of : {&map->geometry()->fluid, &map->geometry()->distance})
    {
        for (const double value : *of) values.append(value);
    }

    if (Pstream::parRun())
    {
        std::ifstream file(getEnv("SERIAL"), std::ios::binary);
        ASSERT_TRUE(file.good()) << getEnv("SERIAL");
        scalarField expected(values.size());
        file.read
        (
            reinterpret_cast<char*>(expected.data()), expected.byteSize()
        );
        ASSERT_TRUE(file.good());
        forAll(values, i)
        {
            EXPECT_NEAR(values[i], expected[i], 1e-11*(1 + mag(expected[i])));
        }
    }
    else
    {
        std::ofstream file("mapped.bin", std::ios::binary);
        file.write
        (
            reinterpret_cast<const char*>(values.cdata()), values.byteSize()
        );
    }
}


//- Walls at the sides of a channel; with EXPECTED_GRID
TEST(meshToMesh, findsSides)
{
    const auto map = mapTo(testGrid());
    EXPECT_EQ(map->grid().describe(), getEnv("EXPECTED_GRID"));
}


TEST(meshToMesh, costsLittle)
{
    const auto map = mapTo(testGrid());
    const label nChannels = 3, n = 20;
    scalarField cells(nChannels*testMesh().nCells(), 1);
    scalarField grid(nChannels*map->grid().nCells());

    clockTime timer;
    for (label i = 0; i < n; ++i) map->toGrid(cells, nChannels, grid.data());
    const scalar toGrid = timer.timeIncrement()/n;
    for (label i = 0; i < n; ++i) map->toMesh(grid.cdata(), nChannels, cells);
    const scalar toMesh = timer.timeIncrement()/n;

    Info<< nChannels << " channels of "
        << returnReduce(testMesh().nCells(), sumOp<label>())
        << " cells to " << map->grid().describe().c_str() << ": "
        << 1e3*toGrid << " ms, back " << 1e3*toMesh << " ms" << endl;
    EXPECT_LT(toGrid, 0.05);
    EXPECT_LT(toMesh, 0.05);
}


TEST(meshToMeshRefusal, saysWhatIsWrong)
{
    surrogate::Grid far(testGrid());
    for (int axis = 0; axis < 3; ++axis)
    {
        far.lower[axis] += 100;
        far.upper[axis] += 100;
    }
    std::string error = errorOf([&] { mapTo(far); });
    EXPECT_TRUE(contains(error, "The grid lies outside the mesh"));
    EXPECT_TRUE(contains(error, "mesh from ("));

    error = errorOf([] { mapTo(surrogate::Grid()); });
    EXPECT_TRUE(contains(error, "No grid for grid map meshToMesh"));
    EXPECT_TRUE(contains(error, "gridMapCoeffs"));

    surrogate::Grid line(testGrid());
    line.dimensions = 1;
    line.cells[1] = 1;
    error = errorOf([&] { mapTo(line); });
    EXPECT_TRUE(contains(error, "not as many axes as the mesh"));
}


// * * * * * * * * * * * * * * In makeChannel's case * * * * * * * * * * * * //

TEST(meshToMeshChannel, distanceIsThatFromCylinderAndWalls)
{
    const auto map = mapTo(testGrid());
    if (!Pstream::master())
    {
        return;
    }
    const surrogate::Grid& grid = map->grid();
    label nInside = 0;
    for (std::size_t site = 0; site < grid.nCells(); ++site)
    {
        const point x(gridCentre(grid, map->axes(), point::zero, site));
        const scalar expected = min(radius(x) - 0.5, 2 - mag(x.y()));

        // A polygon for a circle
        EXPECT_NEAR(map->geometry()->distance[site], expected, 2e-3);
        nInside += map->geometry()->distance[site] < 0;

        if (mag(expected) > grid.spacing(0))
        {
            EXPECT_NEAR(map->geometry()->fluid[site], expected > 0, 1e-9);
        }
    }
    EXPECT_GT(nInside, 10);
}


//- A function that is zero at the cylinder, in the cells next to it
TEST(meshToMeshChannel, changesVanishAtWalls)
{
    const auto map = mapTo(testGrid());
    const auto f = [](const point& x) { return sqr(radius(x)) - 0.25; };
    const scalarField cells(onMesh(f));
    boolList near(cells.size());
    forAll(near, celli)
    {
        near[celli] = radius(testMesh().C()[celli]) < 0.5 + 0.25*map->grid().spacing(0);
    }
    const scalar plain = rms(roundTrip(map(), cells) - cells, near);
    const scalar fixed = rms(roundTrip(map(), cells, true) - cells, near);
    EXPECT_LT(fixed, 0.5*plain);
    EXPECT_LT(fixed, 0.45*rms(cells, near));
}


namespace
{

//- With p for its only field
struct meshToMeshChange
:
    public ::testing::Test
{
    volScalarField p
    {
        IOobject("p", testMesh().time().timeName(), testMesh()),
        testMesh(), dimensionedScalar(dimVelocity*dimVelocity), "zeroGradient"
    };
    const surrogate::FieldList fields{{{"p", 1, {{0, 2, -2, 0, 0, 0, 0}}}}};
    scalarField before;

    void SetUp()
    {
        // What the grid cannot resolve
        forAll(p, celli)
        {
            p[celli] = wave(testMesh().C()[celli]) + 0.1*(celli % 7);
        }
        before = p.primitiveField();
    }

    //- Adds to each value on the grid
    void change(const stateTransfer& transfer, const scalar amount)
    {
        surrogate::State state;
        transfer.gather(state);
        surrogate::State changed(state);
        for (double& value : changed.values) value += amount;
        transfer.scatter(changed, state);
    }
};

} // End anonymous namespace


TEST_F(meshToMeshChange, nothingChangedIsNothingLost)
{
    const auto map = mapTo(testGrid());
    const stateTransfer transfer(map(), fields);
    change(transfer, 0);
    EXPECT_EQ(p.primitiveField(), before);
    change(transfer, 0.5);
    forAll(p, celli)
    {
        EXPECT_NEAR(p[celli], before[celli] + 0.5, 1e-12);
    }

    backMapping::Options full;
    full.change = false;
    change(stateTransfer(map(), fields, full), 0);
    EXPECT_GT(gMax(mag(p.primitiveField() - before - 0.5)()), 0.05);
}


TEST_F(meshToMeshChange, staysWithinTheZone)
{
    const auto map = mapTo(testGrid());
    backMapping::Options options;
    options.cellZone = "wake";
    options.blendingWidth = 0.4;
    const stateTransfer transfer(map(), fields, options);
    change(transfer, 1);

    const labelList& zone = testMesh().cellZones()["wake"];
    boolList inZone(p.size(), false);
    for (const label celli : zone) inZone[celli] = true;

    label nBetween = 0;
    forAll(p, celli)
    {
        const point& x = testMesh().C()[celli];
        const scalar change = p[celli] - before[celli];
        if (!inZone[celli])
        {
            EXPECT_EQ(change, 0);
        }
        else if (mag(x.y()) < 0.4 && x.x() > 1.3 && x.x() < 4.3)
        {
            EXPECT_NEAR(change, 1, 1e-12);
        }
        else if (x.x() > 2 && x.x() < 4)
        {
            // The zone's edge is where the mesh has faces, near y = 1
            const scalar s = max(0.0, min((1 - mag(x.y()))/0.4, 1.0));
            EXPECT_NEAR(change, s*s*(3 - 2*s), 0.01) << x.y();
            ++nBetween;
        }
    }
    EXPECT_GT(returnReduce(nBetween, sumOp<label>()), 20);

    options.cellZone = "wakes";
    const std::string error =
        errorOf([&] { stateTransfer(map(), fields, options); });
    EXPECT_TRUE(contains(error, "found:    wakes"));
    EXPECT_TRUE(contains(error, "valid:    wake"));
}


TEST_F(meshToMeshChange, fadesAtTheGridsSidesInsideTheMesh)
{
    surrogate::Grid grid(testGrid());
    grid.lower = {{0.75, -2, 0}};
    grid.upper = {{4.25, 2, 1}};
    const auto map = mapTo(grid);
    EXPECT_TRUE(map->sideInside(0, 0));
    EXPECT_TRUE(map->sideInside(0, 1));
    EXPECT_FALSE(map->sideInside(1, 0));

    backMapping::Options options;
    options.blendingWidth = 0.5;
    change(stateTransfer(map(), fields, options), 1);

    forAll(p, celli)
    {
        const scalar x = testMesh().C()[celli].x();
        const scalar s =
            max(0.0, min(min(x - 0.75, 4.25 - x)/0.5, 1.0));
        EXPECT_NEAR(p[celli] - before[celli], s*s*(3 - 2*s), 1e-12);
    }
}


// ************************************************************************* //
