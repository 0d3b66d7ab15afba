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

#include "foam/gridMap/weightedGridMap.H"
#include "core/error.h"
#include "foam/gridMap/gridCentres.H"
#include "foam/gridMap/gridInterpolation.H"
#include "foam/gridMap/gridSides.H"
#include "foam/gridMap/wallDistances.H"

#include "OStringStream.H"
#include "UIPstream.H"
#include "UOPstream.H"
#include "wallPolyPatch.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static void send(const label proci, const UList<scalar>& values)
{
    if (values.size())
    {
        UOPstream::write
        (
            UPstream::commsTypes::scheduled,
            proci,
            reinterpret_cast<const char*>(values.cdata()),
            values.byteSize()
        );
    }
}


static void receive(const label proci, UList<scalar>& values)
{
    if (values.size())
    {
        UIPstream::read
        (
            UPstream::commsTypes::scheduled,
            proci,
            reinterpret_cast<char*>(values.data()),
            values.byteSize()
        );
    }
}


//- Of the grid cells that have one on any processor; on the master
static std::vector<double> marked
(
    const labelList& mine,
    const std::size_t nGrid
)
{
    List<labelList> all(Pstream::nProcs());
    all[Pstream::myProcNo()] = mine;
    Pstream::gatherList(all);

    std::vector<double> marks(nGrid, 0.0);
    for (const labelList& sites : all)
    {
        for (const label site : sites)
        {
            marks[site] = 1;
        }
    }
    return marks;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::weightedGridMap::findAxes(const surrogate::Grid& wanted)
{
    axes_ = geometricAxes();
    if (wanted.dimensions != axes_.size())
    {
        throw surrogate::Error
        ({
            "The grid has not as many axes as the mesh",
            "mesh " + mesh_.name(),
            std::to_string(axes_.size()) + " axes: its directions without"
            " empty patches",
            wanted.describe(), {}
        });
    }
}


void Foam::weightedGridMap::findSides(const surrogate::Grid& wanted)
{
    const gridSides sides(mesh_, wanted, axes_);

    forAll(axes_, axis)
    {
        sidesInside_[axis][0] = sides.inside(axis, 0);
        sidesInside_[axis][1] = sides.inside(axis, 1);

        grid_.periodic[axis] =
            sidesInside_[axis][0] && sidesInside_[axis][1]
          ? wanted.periodic[axis]
          : sides.periodic(axis);

        for (label side = 0; side < 2; ++side)
        {
            grid_.walls[axis][side] =
                !grid_.periodic[axis]
             && (
                    sidesInside_[axis][side]
                  ? wanted.walls[axis][side]
                  : sides.wall(axis, side)
                );
        }
    }
}


void Foam::weightedGridMap::findSources
(
    const gridInterpolation& interpolation,
    const scalar farthest
)
{
    boundaryTriangles::faces faces;
    for (const polyPatch& pp : mesh_.boundaryMesh())
    {
        if (isA<wallPolyPatch>(pp))
        {
            faces.append(pp);
        }
    }
    const auto walls = faces.onAll();

    DynamicList<label> cellsAtWalls;
    gridInterpolation::weights w;

    forAll(mesh_.cellCentres(), celli)
    {
        const point& x = mesh_.cellCentres()[celli];
        w.clear();
        if (!interpolation.contains(x))
        {
            toMesh_.appendRow(w.sites, w.values);
            continue;
        }
        interpolation.find(x, w);
        toMesh_.appendRow(w.sites, w.values);

        if (!walls->empty() && interpolation.nearWall(x))
        {
            const point wall(walls->nearest(x));
            if (mag(wall - x) < farthest)
            {
                interpolation.findFromWall(x, wall, w);
                toMeshFromWalls_.appendRow(w.sites, w.values);
                cellsAtWalls.append(celli);
            }
        }
    }
    cellsAtWalls_ = cellsAtWalls;

    // Numbers among the sources instead of those of the grid
    labelList sourceOf(label(grid_.nCells()), -1);
    DynamicList<label> sources;
    for (sparseRows* rows : {&toMesh_, &toMeshFromWalls_})
    {
        for (label& column : rows->columns())
        {
            if (sourceOf[column] == -1)
            {
                sourceOf[column] = sources.size();
                sources.append(column);
            }
            column = sourceOf[column];
        }
    }
    sources_ = sources;
}


void Foam::weightedGridMap::sendSources
(
    const scalar* grid,
    const label nChannels
) const
{
    const auto pack = [&](const labelList& sources)
    {
        buffer_.setSize(nChannels*sources.size());
        scalar* to = buffer_.data();
        for (label channel = 0; channel < nChannels; ++channel)
        {
            const scalar* from = grid + channel*grid_.nCells();
            for (const label site : sources)
            {
                *to++ = from[site];
            }
        }
    };

    if (Pstream::master())
    {
        forAll(sourcesOf_, proci)
        {
            if (proci != Pstream::masterNo())
            {
                pack(sourcesOf_[proci]);
                send(proci, buffer_);
            }
        }
        pack(sources_);
    }
    else
    {
        buffer_.setSize(nChannels*sources_.size());
        receive(Pstream::masterNo(), buffer_);
    }
}


// * * * * * * * * * * * * Protected Member Functions  * * * * * * * * * * * //

void Foam::weightedGridMap::setWeights
(
    const labelList& sites,
    const sparseRows& toGrid,
    const cover& covered
)
{
    if (max(covered.fluid) <= 0)
    {
        const boundBox bounds(mesh_.points(), true);
        OStringStream found;
        found << "mesh from " << bounds.min() << " to " << bounds.max();
        throw surrogate::Error
        ({
            "The grid lies outside the mesh", "mesh " + mesh_.name(),
            "one that overlaps " + grid_.describe(), found.str(), {}
        });
    }

    sites_ = sites;
    toGrid_ = toGrid;

    scalar farthest = 0;
    forAll(axes_, axis)
    {
        farthest = max(farthest, 2*grid_.spacing(axis));
    }
    findSources
    (
        gridInterpolation(grid_, axes_, covered.fluid, covered.offsets),
        farthest
    );

    sitesOf_.setSize(Pstream::nProcs());
    sourcesOf_.setSize(Pstream::nProcs());
    sitesOf_[Pstream::myProcNo()] = sites_;
    sourcesOf_[Pstream::myProcNo()] = sources_;
    Pstream::gatherList(sitesOf_);
    Pstream::gatherList(sourcesOf_);

    const auto inMesh =
        marked(centresInMesh(mesh_, grid_, axes_), grid_.nCells());
    const wallDistances distances(mesh_, grid_, axes_);

    if (Pstream::master())
    {
        auto geometry = std::make_shared<surrogate::Geometry>();
        geometry->fluid.assign(covered.fluid.begin(), covered.fluid.end());
        geometry->distance = distances.ofCentres(inMesh);
        geometry_ = geometry;
    }

    report(covered);
}


void Foam::weightedGridMap::report(const cover& covered) const
{
    label nInside = 0;
    label nWithout = 0;
    const gridInterpolation interpolation
    (
        grid_, axes_, covered.fluid, covered.offsets
    );
    forAll(mesh_.cellCentres(), celli)
    {
        if (interpolation.contains(mesh_.cellCentres()[celli]))
        {
            ++nInside;
            nWithout += toMesh_.rowSize(celli) == 0;
        }
    }
    reduce(nInside, sumOp<label>());
    reduce(nWithout, sumOp<label>());

    Info<< "Grid map " << type() << ": " << nInside << " of "
        << returnReduce(mesh_.nCells(), sumOp<label>())
        << " mesh cells on " << grid_.describe().c_str() << ", of which "
        << 100*sum(covered.fluid)/grid_.nCells() << " % are fluid" << endl;

    if (nWithout)
    {
        Info<< "    " << nWithout << " mesh cells have no grid cell with fluid"
            << " near them; the model does not change these" << endl;
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::weightedGridMap::weightedGridMap
(
    const word& type,
    const fvMesh& mesh,
    const surrogate::Grid& wanted
)
:
    gridMap(mesh)
{
    if (wanted.dimensions == 0)
    {
        throw surrogate::Error
        ({
            "No grid for grid map " + type, "entry gridMapCoeffs",
            "cells, lower and upper", "nothing", {}
        });
    }
    findAxes(wanted);
    grid_ = wanted;
    findSides(wanted);
    grid_.check("grid of mesh " + mesh.name());
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::weightedGridMap::toGrid
(
    const UList<scalar>& cells,
    const label nChannels,
    scalar* grid
) const
{
    const label nCells = mesh_.nCells();
    const std::size_t nGrid = grid_.nCells();

    buffer_.setSize(nChannels*sites_.size());
    for (label channel = 0; channel < nChannels; ++channel)
    {
        toGrid_.multiply
        (
            cells.cdata() + channel*nCells,
            buffer_.data() + channel*sites_.size()
        );
    }

    if (!Pstream::master())
    {
        send(Pstream::masterNo(), buffer_);
        return;
    }

    std::fill(grid, grid + nChannels*nGrid, 0.0);

    const auto add = [&](const labelList& sites)
    {
        const scalar* from = buffer_.cdata();
        for (label channel = 0; channel < nChannels; ++channel)
        {
            scalar* to = grid + channel*nGrid;
            for (const label site : sites)
            {
                to[site] += *from++;
            }
        }
    };

    add(sites_);
    forAll(sitesOf_, proci)
    {
        if (proci != Pstream::masterNo())
        {
            buffer_.setSize(nChannels*sitesOf_[proci].size());
            receive(proci, buffer_);
            add(sitesOf_[proci]);
        }
    }
}


void Foam::weightedGridMap::toMesh
(
    const scalar* grid,
    const label nChannels,
    UList<scalar>& cells
) const
{
    changeToMesh(grid, List<bool>(nChannels, false), cells);
}


void Foam::weightedGridMap::changeToMesh
(
    const scalar* grid,
    const UList<bool>& fixedAtWalls,
    UList<scalar>& cells
) const
{
    sendSources(grid, fixedAtWalls.size());

    forAll(fixedAtWalls, channel)
    {
        const scalar* from = buffer_.cdata() + channel*sources_.size();
        scalar* to = cells.data() + channel*mesh_.nCells();
        toMesh_.multiply(from, to);

        if (fixedAtWalls[channel])
        {
            forAll(cellsAtWalls_, i)
            {
                to[cellsAtWalls_[i]] = toMeshFromWalls_.multiply(i, from);
            }
        }
    }
}


// ************************************************************************* //
