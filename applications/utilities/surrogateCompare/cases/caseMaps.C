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

#include "caseRun.H"
#include "gridRun.h"

#include "core/error.h"

#include "meshToMesh.H"
#include "meshSearch.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Of the reference's volume, what a run must fill at least
static const scalar leastShare = 0.99;

static bool sameCells(const fvMesh& a, const fvMesh& b)
{
    if (a.nCells() != b.nCells())
    {
        return false;
    }
    const scalar size = mag(a.bounds().span());
    return gMax(mag(a.C().primitiveField() - b.C().primitiveField())()) < 1e-6*size;
}

static surrogate::CellMap mapBetweenMeshes
(
    const caseRun& from,
    const caseRun& to,
    std::string& note
)
{
    if (from.axes() != to.axes())
    {
        throw surrogate::Error
        ({
            "Two cases have different dimensions", from.path(),
            to.cells().description + ", as " + to.path(),
            from.cells().description, {}
        });
    }
    if (sameCells(from.mesh(), to.mesh()))
    {
        return surrogate::CellMap();
    }

    const meshToMesh overlap
    (
        from.mesh(),
        to.mesh(),
        meshToMesh::interpolationMethod::imCellVolumeWeight,
        HashTable<word>(),
        wordList()
    );
    const scalar volume = gSum(to.mesh().V().field());
    const scalar share = overlap.V()/volume;
    if (share < leastShare)
    {
        throw surrogate::Error
        ({
            "Two cases do not fill the same space",
            from.path() + " and " + to.path(),
            "at least 99 % of the reference's volume",
            std::to_string(100*share) + " %", {}
        });
    }

    labelListList cells(overlap.tgtToSrcCellAddr());
    scalarListList weights(overlap.tgtToSrcCellWght());
    const meshSearch search(from.mesh());
    forAll(cells, celli)
    {
        const scalar all = sum(weights[celli]);
        if (!cells[celli].empty() && all > 0)
        {
            for (scalar& weight : weights[celli]) weight /= all;
            continue;
        }
        cells[celli] =
            labelList(1, search.findNearestCell(to.mesh().C()[celli]));
        weights[celli] = scalarList(1, scalar(1));
    }

    note = "brought to the reference's mesh by cell volume weights";
    const std::size_t nFrom = from.mesh().nCells(), nTo = to.mesh().nCells();
    return [=](const std::vector<double>& values, int components)
    {
        std::vector<double> result(components*nTo, 0.0);
        for (int c = 0; c < components; ++c)
        {
            forAll(cells, celli)
            {
                forAll(cells[celli], i)
                {
                    result[c*nTo + celli] +=
                        weights[celli][i]*values[c*nFrom + cells[celli][i]];
                }
            }
        }
        return result;
    };
}

static bool sameLattice(const surrogate::Grid& a, const surrogate::Grid& b)
{
    bool same = a.dimensions == b.dimensions && a.cells == b.cells;
    for (int axis = 0; same && axis < a.dimensions; ++axis)
    {
        const double length = a.upper[axis] - a.lower[axis];
        same = mag(a.lower[axis] - b.lower[axis]) < 1e-6*length
            && mag(a.upper[axis] - b.upper[axis]) < 1e-6*length;
    }
    return same;
}

static std::shared_ptr<gridMap> mapTo
(
    const caseRun& run,
    const surrogate::Grid& grid
)
{
    if (grid.dimensions != run.cells().dimensions)
    {
        throw surrogate::Error
        ({
            "A case and a data set have different dimensions", run.path(),
            std::to_string(grid.dimensions) + "-D, as the data set",
            run.cells().description, {}
        });
    }
    autoPtr<gridMap> map;
    try
    {
        map = gridMap::New("identity", run.mesh());
    }
    catch (const surrogate::Error&)
    {}
    if (!map.valid() || !sameLattice(map->grid(), grid))
    {
        map.clear();
        throwingErrors(run.path(), [&]()
        {
            map = gridMap::New("meshToMesh", run.mesh(), grid);
        });
    }
    return std::shared_ptr<gridMap>(map.release());
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

surrogate::CellMap Foam::caseRun::toGridOf(const surrogate::Grid& grid) const
{
    const std::shared_ptr<gridMap> map(mapTo(*this, grid));
    const std::size_t n = grid.nCells();
    return [map, n](const std::vector<double>& values, int components)
    {
        std::vector<double> result(components*n);
        const UList<scalar> cells
        (
            const_cast<double*>(values.data()),
            values.size()
        );
        map->toGrid(cells, components, result.data());
        return result;
    };
}


surrogate::CellMap Foam::caseRun::fromGridOf(const surrogate::Grid& grid) const
{
    const std::shared_ptr<gridMap> map(mapTo(*this, grid));
    const label n = mesh().nCells();
    return [map, n](const std::vector<double>& values, int components)
    {
        std::vector<double> result(components*n);
        UList<scalar> cells(result.data(), components*n);
        map->toMesh(values.data(), components, cells);
        return result;
    };
}


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

surrogate::CellMap surrogate::mapBetween
(
    const FlowRun& from,
    const FlowRun& to,
    std::string& note
)
{
    const auto* fromCase = dynamic_cast<const Foam::caseRun*>(&from);
    const auto* toCase = dynamic_cast<const Foam::caseRun*>(&to);
    const auto* fromGrid = dynamic_cast<const GridRun*>(&from);
    const auto* toGrid = dynamic_cast<const GridRun*>(&to);

    if (fromGrid && toGrid)
    {
        return mapBetweenGrids(*fromGrid, *toGrid, note);
    }
    CellMap map;
    if (fromCase && toCase)
    {
        Foam::throwingErrors(from.path(), [&]()
        {
            map = Foam::mapBetweenMeshes(*fromCase, *toCase, note);
        });
        return map;
    }
    if (fromCase)
    {
        note = "brought to the reference's grid as by gridMap meshToMesh";
        return fromCase->toGridOf(toGrid->dataGrid());
    }
    note = "brought from its grid to the reference's mesh";
    return toCase->fromGridOf(fromGrid->dataGrid());
}


// ************************************************************************* //
