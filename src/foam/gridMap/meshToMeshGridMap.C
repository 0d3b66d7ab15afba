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

#include "foam/gridMap/meshToMeshGridMap.H"
#include "foam/gridMap/gridCentres.H"
#include "foam/gridMap/latticeOverlap.H"

#include "addToRunTimeSelectionTable.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(meshToMeshGridMap, 0);
    addToRunTimeSelectionTable(gridMap, meshToMeshGridMap, mesh);

    //- Of a grid cell's volume: what covers less is rounding
    static const scalar leastCover = 1e-9;
}


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::meshToMeshGridMap::findShares()
{
    const label nGrid = grid_.nCells();
    shares_.setSize(nGrid);
    volumes_.setSize(nGrid, 0);
    moments_.setSize(nGrid, Zero);

    const latticeOverlap overlap(mesh_, grid_, axes_);
    DynamicList<latticeOverlap::part> parts;

    for (label celli = 0; celli < mesh_.nCells(); ++celli)
    {
        overlap.find(celli, parts);
        for (const latticeOverlap::part& part : parts)
        {
            if (part.site != -1)
            {
                shares_[part.site].append({celli, part.volume});
                volumes_[part.site] += part.volume;
                moments_[part.site] += part.moment;
            }
        }
    }
}


void Foam::meshToMeshGridMap::sumUp()
{
    Pstream::listCombineGather(volumes_, plusEqOp<scalar>());
    Pstream::listCombineScatter(volumes_);
    Pstream::listCombineGather(moments_, plusEqOp<vector>());
    Pstream::listCombineScatter(moments_);
}


Foam::weightedGridMap::cover Foam::meshToMeshGridMap::findCover() const
{
    const boundBox bounds(mesh_.points(), true);
    vector size(bounds.span());
    forAll(axes_, axis)
    {
        size[axes_[axis]] = grid_.spacing(axis);
    }
    const scalar volume = cmptProduct(size);

    cover covered;
    covered.fluid.setSize(volumes_.size());
    covered.offsets.setSize(volumes_.size(), Zero);

    forAll(volumes_, site)
    {
        const scalar fluid = min(volumes_[site]/volume, scalar(1));
        covered.fluid[site] = fluid > leastCover ? fluid : 0;
        if (covered.fluid[site] > 0)
        {
            const vector offset
            (
                moments_[site]/volumes_[site]
              - gridCentre(grid_, axes_, bounds.centre(), site)
            );
            forAll(axes_, axis)
            {
                covered.offsets[site][axis] =
                    offset[axes_[axis]]/grid_.spacing(axis);
            }
        }
    }
    return covered;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::meshToMeshGridMap::meshToMeshGridMap
(
    const fvMesh& mesh,
    const surrogate::Grid& wanted
)
:
    weightedGridMap(typeName, mesh, wanted)
{
    findShares();
    sumUp();
    const cover covered(findCover());

    DynamicList<label> sites;
    sparseRows rows;
    DynamicList<label> cells;
    DynamicList<scalar> weights;

    forAll(shares_, site)
    {
        if (shares_[site].empty() || covered.fluid[site] == 0)
        {
            continue;
        }
        cells.clear();
        weights.clear();
        for (const share& s : shares_[site])
        {
            cells.append(s.celli);
            weights.append(s.volume/volumes_[site]);
        }
        rows.appendRow(cells, weights);
        sites.append(site);
    }

    shares_.clear();
    volumes_.clear();
    moments_.clear();
    setWeights(sites, rows, covered);
}


// ************************************************************************* //
