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

#include "foam/gridMap/cellsGridMap.H"
#include "core/error.h"
#include "foam/gridMap/boundaryKinds.H"
#include "foam/gridMap/wallDistances.H"

#include "addToRunTimeSelectionTable.H"
#include "emptyPolyPatch.H"
#include "labelVector.H"
#include "ListListOps.H"
#include "processorCyclicPolyPatch.H"
#include "processorPolyPatch.H"

#include <algorithm>
#include <numeric>

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(cellsGridMap, 0);
    addToRunTimeSelectionTable(gridMap, cellsGridMap, mesh);
}


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Of the mesh's extent: closer coordinates are the same
static const scalar same = 1e-8;


//- Collective. Those of all processors, one behind the other, on the master
template<class Type>
static List<Type> gathered(const UList<Type>& mine)
{
    List<List<Type>> all(Pstream::nProcs());
    all[Pstream::myProcNo()] = mine;
    Pstream::gatherList(all);
    return ListListOps::combine<List<Type>>(all, accessOp<List<Type>>());
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

bool Foam::cellsGridMap::periodic
(
    const direction dir,
    const boundBox& bounds
) const
{
    label nCyclic = 0;
    label nOther = 0;

    for (const polyPatch& pp : mesh_.boundaryMesh())
    {
        const bool split =
            isA<processorPolyPatch>(pp) && !isA<processorCyclicPolyPatch>(pp);
        if (split || isA<emptyPolyPatch>(pp))
        {
            continue;
        }
        const vectorField::subField centres(pp.faceCentres());
        const vectorField normals(pp.faceNormals());
        forAll(centres, facei)
        {
            const scalar x = centres[facei][dir];
            const scalar off =
                min(x - bounds.min()[dir], bounds.max()[dir] - x);
            if (off < 1e-6*bounds.span()[dir] && mag(normals[facei][dir]) > 0.99)
            {
                ++(pp.coupled() ? nCyclic : nOther);
            }
        }
    }
    reduce(nCyclic, sumOp<label>());
    reduce(nOther, sumOp<label>());

    return nCyclic > 0 && nOther == 0;
}


void Foam::cellsGridMap::setGrid()
{
    const boundBox bounds(mesh_.points(), true);

    axes_ = geometricAxes();
    grid_.points = true;
    grid_.dimensions = axes_.size();
    grid_.cells[0] = returnReduce(mesh_.nCells(), sumOp<label>());
    forAll(axes_, axis)
    {
        grid_.lower[axis] = bounds.min()[axes_[axis]];
        grid_.upper[axis] = bounds.max()[axes_[axis]];
        grid_.periodic[axis] = periodic(axes_[axis], bounds);
    }
    grid_.check("mesh " + mesh_.name());
}


Foam::labelList Foam::cellsGridMap::placesOf(const pointField& centres) const
{
    const label n = centres.size();
    std::vector<label> order(n);
    std::iota(order.begin(), order.end(), 0);

    // Of each point and axis, how many distinct coordinates are smaller
    List<labelVector> ranks(n, labelVector(0, 0, 0));
    forAll(axes_, axis)
    {
        const direction dir = axes_[axis];
        const scalar distinct = same*(grid_.upper[axis] - grid_.lower[axis]);
        std::sort
        (
            order.begin(), order.end(),
            [&](const label a, const label b)
            {
                return centres[a][dir] < centres[b][dir];
            }
        );
        label rank = 0;
        for (label i = 1; i < n; ++i)
        {
            const scalar step =
                centres[order[i]][dir] - centres[order[i - 1]][dir];
            rank += step > distinct;
            ranks[order[i]][dir] = rank;
        }
    }

    std::sort
    (
        order.begin(), order.end(),
        [&](const label a, const label b)
        {
            for (direction dir = 0; dir < vector::nComponents; ++dir)
            {
                if (ranks[a][dir] != ranks[b][dir])
                {
                    return ranks[a][dir] < ranks[b][dir];
                }
            }
            return false;
        }
    );

    labelList places(n);
    for (label i = 0; i < n; ++i)
    {
        places[order[i]] = i;
    }
    return places;
}


void Foam::cellsGridMap::gatherPoints()
{
    const pointField centres(gathered<point>(mesh_.cellCentres()));
    const scalarField volumes(gathered<scalar>(mesh_.cellVolumes()));
    const labelList kinds(gathered<label>(boundaryKinds(mesh_)));
    const wallDistances distances(mesh_, grid_, axes_);

    // Of the directions without axis
    const vector span(boundBox(mesh_.points(), true).span());
    scalar thickness = cmptProduct(span);
    for (const label dir : axes_)
    {
        thickness /= span[dir];
    }

    labelList nCells(Pstream::nProcs(), Zero);
    nCells[Pstream::myProcNo()] = mesh_.nCells();
    Pstream::gatherList(nCells);
    if (!Pstream::master())
    {
        return;
    }

    const labelList places(placesOf(centres));
    const std::vector<double> distance(distances.ofCells(centres));
    auto geometry = std::make_shared<surrogate::Geometry>();
    surrogate::CellPoints points;
    points.centres.resize(centres.size()*axes_.size());
    points.volumes.resize(centres.size());
    points.boundaries.resize(centres.size());
    geometry->fluid.assign(centres.size(), 1);
    geometry->distance.resize(centres.size());
    forAll(places, i)
    {
        const label place = places[i];
        forAll(axes_, axis)
        {
            points.centres[place*axes_.size() + axis] = centres[i][axes_[axis]];
        }
        points.volumes[place] = volumes[i]/thickness;
        points.boundaries[place] = kinds[i];
        geometry->distance[place] = distance[i];
    }
    points.check(grid_, "mesh " + mesh_.name());
    geometry->points = std::move(points);
    geometry_ = geometry;

    gridCells_.setSize(Pstream::nProcs());
    label start = 0;
    forAll(gridCells_, proci)
    {
        gridCells_[proci] = SubList<label>(places, nCells[proci], start);
        start += nCells[proci];
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::cellsGridMap::cellsGridMap
(
    const fvMesh& mesh,
    const surrogate::Grid& wanted
)
:
    cellwiseGridMap(mesh)
{
    if (wanted.dimensions > 0 && !wanted.points)
    {
        throw surrogate::Error
        ({
            "Grid map " + std::string(typeName) + " has no uniform grid",
            "entry gridMap", "a map to " + wanted.describe(), typeName, {}
        });
    }
    setGrid();
    gatherPoints();
}


// ************************************************************************* //
