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

#include "foam/gridMap/scatteredGridMap.H"
#include "foam/gridMap/gridCentres.H"
#include "foam/gridMap/linearFit.H"
#include "foam/openfoamVersion.H"

#include "addToRunTimeSelectionTable.H"
#include "globalIndex.H"
#include "ListListOps.H"

#include <algorithm>

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(scatteredGridMap, 0);
    addToRunTimeSelectionTable(gridMap, scatteredGridMap, mesh);

    //- Of the unknowns of a linear function, for the cells of a fit
    static const label nEnough = 3;
}


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::scatteredGridMap::sortIntoBins()
{
    bins_.setSize(grid_.nCells());

    forAll(centres_, celli)
    {
        labelVector ijk(Zero);
        bool inside = true;
        forAll(axes_, axis)
        {
            const scalar xi =
                (centres_[celli][axes_[axis]] - grid_.lower[axis])
               /grid_.spacing(axis);
            inside = inside && xi >= 0 && xi < grid_.cells[axis];
            ijk[axis] = inside ? label(xi) : 0;
        }
        if (inside)
        {
            bins_[grid_.index(ijk.x(), ijk.y(), ijk.z())].append(celli);
        }
    }
}


void Foam::scatteredGridMap::findNearest
(
    const label site,
    DynamicList<label>& cells,
    DynamicList<vector>& offsets
) const
{
    const label n = nEnough*(axes_.size() + 1);
    const labelVector centre(gridIndices(grid_, site));
    DynamicList<label> candidates;
    DynamicList<vector> places;

    // Larger and larger blocks of grid cells, until one more than has enough:
    // beyond that none is nearer
    label last = max(max(grid_.cells[0], grid_.cells[1]), grid_.cells[2]);
    for (label radius = 0; radius <= last; ++radius)
    {
        const label ry = axes_.size() > 1 ? radius : 0;
        const label rz = axes_.size() > 2 ? radius : 0;
        for (label k = -rz; k <= rz; ++k)
        for (label j = -ry; j <= ry; ++j)
        for (label i = -radius; i <= radius; ++i)
        {
            if (max(max(mag(i), mag(j)), mag(k)) != radius)
            {
                continue;
            }
            labelVector ijk(centre + labelVector(i, j, k));
            vector shift(Zero);
            bool inside = true;
            forAll(axes_, axis)
            {
                const label nCells = grid_.cells[axis];
                if (grid_.periodic[axis] && 2*radius < nCells)
                {
                    shift[axis] = floor(scalar(ijk[axis])/nCells)*nCells;
                    ijk[axis] -= label(shift[axis]);
                }
                inside = inside && ijk[axis] >= 0 && ijk[axis] < nCells;
            }
            if (!inside)
            {
                continue;
            }
            for (const label celli : bins_[grid_.index(ijk.x(), ijk.y(), ijk.z())])
            {
                vector offset(Zero);
                forAll(axes_, axis)
                {
                    offset[axis] =
                        (centres_[celli][axes_[axis]] - grid_.lower[axis])
                       /grid_.spacing(axis)
                      + shift[axis] - centre[axis] - 0.5;
                }
                candidates.append(celli);
                places.append(offset);
            }
        }
        if (candidates.size() >= n)
        {
            last = min(last, radius + 1);
        }
    }

    labelList order(identity(candidates.size()));
    std::sort
    (
        order.begin(), order.end(),
        [&](const label a, const label b)
        {
            return magSqr(places[a]) < magSqr(places[b]);
        }
    );

    // With all that are as far as the last one, so that the order of the cells
    // does not matter
    cells.clear();
    offsets.clear();
    forAll(order, i)
    {
        const vector& x = places[order[i]];
        if (i >= n && magSqr(x) > (1 + 1e-6)*magSqr(places[order[n - 1]]))
        {
            break;
        }
        cells.append(candidates[order[i]]);
        offsets.append(x);
    }
}


void Foam::scatteredGridMap::findWeights
(
    const label site,
    DynamicList<label>& cells,
    List<scalar>& weights
) const
{
    DynamicList<vector> offsets;
    findNearest(site, cells, offsets);
    if (cells.empty())
    {
        weights.clear();
        return;
    }

    // In units of the points' own spacing
    scalar spacing = SMALL;
    for (const vector& x : offsets)
    {
        spacing = max(spacing, 0.5*mag(x));
    }
    scalarList importance(offsets.size());
    forAll(offsets, i)
    {
        offsets[i] /= spacing;
        importance[i] = 1/(magSqr(offsets[i]) + 0.1);
    }

    if (!linearFit(offsets, importance, axes_.size(), nullptr, weights))
    {
        weights = importance;
        const scalar total = sum(weights);
        for (scalar& w : weights)
        {
            w /= total;
        }
    }
}


Foam::weightedGridMap::cover Foam::scatteredGridMap::findCover() const
{
    cover covered;
    covered.fluid.setSize(grid_.nCells(), 0);
    covered.offsets.setSize(grid_.nCells(), Zero);
    for (const label site : centresInMesh(mesh_, grid_, axes_))
    {
        covered.fluid[site] = 1;
    }
    Pstream::listCombineGather(covered.fluid, maxEqOp<scalar>());
    Pstream::listCombineScatter(covered.fluid);
    return covered;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::scatteredGridMap::scatteredGridMap
(
    const fvMesh& mesh,
    const surrogate::Grid& wanted
)
:
    weightedGridMap(typeName, mesh, wanted)
{
    const cover covered(findCover());
    const globalIndex globalCells(mesh.nCells());

    List<pointField> centres(Pstream::nProcs());
    centres[Pstream::myProcNo()] = mesh.cellCentres();
    Pstream::gatherList(centres);

    // Of each processor: grid cells, their number of weights, the weights and
    // their cells there
    List<DynamicList<label>> sites(Pstream::nProcs());
    List<DynamicList<label>> sizes(Pstream::nProcs());
    List<DynamicList<label>> columns(Pstream::nProcs());
    List<DynamicList<scalar>> values(Pstream::nProcs());

    if (Pstream::master())
    {
        centres_ =
            ListListOps::combine<pointField>(centres, accessOp<pointField>());
        sortIntoBins();

        DynamicList<label> cells;
        List<scalar> weights;
        forAll(covered.fluid, site)
        {
            if (covered.fluid[site] == 0)
            {
                continue;
            }
            findWeights(site, cells, weights);
            forAll(cells, i)
            {
                const label proci = globalCells.whichProcID(cells[i]);
                if (sites[proci].empty() || sites[proci].last() != site)
                {
                    sites[proci].append(site);
                    sizes[proci].append(0);
                }
                ++sizes[proci].last();
                columns[proci].append(globalCells.toLocal(proci, cells[i]));
                values[proci].append(weights[i]);
            }
        }
        centres_.clear();
        bins_.clear();
    }

    const label me = Pstream::myProcNo();
    broadcast(sites);
    broadcast(sizes);
    broadcast(columns);
    broadcast(values);

    sparseRows rows;
    label start = 0;
    for (const label size : sizes[me])
    {
        rows.appendRow
        (
            SubList<label>(columns[me], size, start),
            SubList<scalar>(values[me], size, start)
        );
        start += size;
    }
    setWeights(labelList(sites[me]), rows, covered);
}


// ************************************************************************* //
