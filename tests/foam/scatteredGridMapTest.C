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
    Map scatteredInterpolation on the meshes that the test's script makes (see
    meshGrid.H).

\*---------------------------------------------------------------------------*/

#include "meshGrid.H"
#include "foam/gridMap/gridCentres.H"

#include <fstream>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- At grid cells away from periodic sides
TEST(scattered, linearFunctionsAreExact)
{
    const auto linear =
        [](const point& x) { return 1 + 2*x.x() - 3*x.y() + x.z(); };
    const auto map = mapTo(testGrid(), "scatteredInterpolation");
    const surrogate::Grid& grid = map->grid();
    const point middle(boundBox(testMesh().points(), true).centre());
    const scalarField values(onGrid(map(), onMesh(linear)));

    label n = 0;
    forAll(values, site)
    {
        const labelVector ijk(gridIndices(grid, site));
        bool atEnd = false;
        for (int axis = 0; axis < grid.dimensions; ++axis)
        {
            const label far = grid.cells[axis] - 1 - ijk[axis];
            atEnd =
                atEnd || (grid.periodic[axis] && min(ijk[axis], far) < 2);
        }
        if (map->geometry()->fluid[site] == 0)
        {
            EXPECT_EQ(values[site], 0);
        }
        else if (!atEnd)
        {
            ++n;
            const point x
            (
                gridCentre(grid, map->axes(), middle, site)
            );
            EXPECT_NEAR(values[site], linear(x), 1e-10) << x.x() << ' ' << x.y();
        }
    }
    if (Pstream::master())
    {
        EXPECT_GT(n, 20);
    }
}


TEST(scattered, isNearTheFunction)
{
    const auto map = mapTo(testGrid(), "scatteredInterpolation");
    const scalarField values(onGrid(map(), onMesh(wave)));
    forAll(values, site)
    {
        if (map->geometry()->fluid[site] > 0)
        {
            const point x
            (
                gridCentre(map->grid(), map->axes(), point::zero, site)
            );
            EXPECT_NEAR(values[site], wave(x), 0.03);
        }
    }
}


//- Serial writes, parallel compares
TEST(scattered, sameOnAnyDecomposition)
{
    const auto map = mapTo(testGrid(), "scatteredInterpolation");
    scalarField values(onGrid(map(), onMesh(wave)));
    if (!Pstream::master())
    {
        return;
    }
    const fileName name(getEnv("SERIAL_SCATTERED"));
    if (!Pstream::parRun())
    {
        std::ofstream("scattered.bin", std::ios::binary).write
        (
            reinterpret_cast<const char*>(values.cdata()), values.byteSize()
        );
        return;
    }
    std::ifstream file(name, std::ios::binary);
    scalarField expected(values.size());
    file.read(reinterpret_cast<char*>(expected.data()), expected.byteSize());
    ASSERT_TRUE(file.good()) << name;
    forAll(values, i)
    {
        EXPECT_NEAR(values[i], expected[i], 1e-11);
    }
}


// ************************************************************************* //
