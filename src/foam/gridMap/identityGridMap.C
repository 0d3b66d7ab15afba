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

#include "foam/gridMap/identityGridMap.H"
#include "foam/collectiveError.H"
#include "foam/gridMap/gridSides.H"
#include "foam/gridMap/wallDistances.H"

#include "addToRunTimeSelectionTable.H"
#include "coupledPolyPatch.H"
#include "globalIndex.H"
#include "ListOps.H"
#include "processorCyclicPolyPatch.H"
#include "processorPolyPatch.H"

#include <sstream>

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(identityGridMap, 0);
    addToRunTimeSelectionTable(gridMap, identityGridMap, mesh);
}


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Of one cell: points of a mesh on disk have six digits by default
static const scalar tolerance = 1e-3;

static const char* const needed = "a uniform structured block";

static std::string text(const vector& v)
{
    std::ostringstream os;
    os << '(' << v.x() << ' ' << v.y() << ' ' << v.z() << ')';
    return os.str();
}

static std::string text(const labelVector& v)
{
    std::ostringstream os;
    os << '(' << v.x() << ' ' << v.y() << ' ' << v.z() << ')';
    return os.str();
}

//- Largest of the components of a, each over that of b
static scalar maxRatio(const vector& a, const vector& b)
{
    return cmptMax(cmptDivide(cmptMag(a), b));
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

std::string Foam::identityGridMap::describe
(
    const label celli,
    const globalIndex& globalCells
) const
{
    std::ostringstream os;
    os  << "cell " << globalCells.toGlobal(celli);
    if (Pstream::parRun())
    {
        os  << " (cell " << celli
            << " of processor " << Pstream::myProcNo() << ")";
    }
    os  << ", centre " << text(mesh_.cellCentres()[celli]);
    return os.str();
}


void Foam::identityGridMap::cellBounds
(
    vectorField& lower,
    vectorField& upper
) const
{
    lower.setSize(mesh_.nCells(), point::uniform(GREAT));
    upper.setSize(mesh_.nCells(), point::uniform(-GREAT));

    const auto extend = [&](const label celli, const face& f)
    {
        for (const label pointi : f)
        {
            lower[celli] = min(lower[celli], mesh_.points()[pointi]);
            upper[celli] = max(upper[celli], mesh_.points()[pointi]);
        }
    };

    forAll(mesh_.faceOwner(), facei)
    {
        extend(mesh_.faceOwner()[facei], mesh_.faces()[facei]);
    }
    forAll(mesh_.faceNeighbour(), facei)
    {
        extend(mesh_.faceNeighbour()[facei], mesh_.faces()[facei]);
    }
}


void Foam::identityGridMap::findLattice(const vectorField& extent)
{
    const boundBox bounds(mesh_.points(), true);
    const vector smallest(gMin(extent));

    lower_ = bounds.min();
    for (direction dir = 0; dir < vector::nComponents; ++dir)
    {
        nCells_[dir] = max(1, label(round(bounds.span()[dir]/smallest[dir])));
        size_[dir] = bounds.span()[dir]/nCells_[dir];
    }
}


Foam::labelList Foam::identityGridMap::findSites
(
    const vectorField& extent
) const
{
    const globalIndex globalCells(mesh_.nCells());
    labelList sites(mesh_.nCells());
    std::optional<surrogate::Error::Report> fault;

    forAll(sites, celli)
    {
        const vector offset
        (
            cmptDivide(mesh_.cellCentres()[celli] - lower_, size_)
        );
        labelVector site;
        for (direction dir = 0; dir < vector::nComponents; ++dir)
        {
            const label i = label(floor(offset[dir]));
            site[dir] = min(max(i, 0), nCells_[dir] - 1);
        }

        const vector centre
        (
            lower_
          + cmptMultiply(vector(site) + vector::uniform(0.5), size_)
        );
        const scalar volume = cmptProduct(size_);

        std::ostringstream expected, found;
        if (maxRatio(extent[celli] - size_, size_) > tolerance)
        {
            expected << needed << ": size " << text(size_);
            found << "size " << text(extent[celli]);
        }
        else if
        (
            maxRatio(mesh_.cellCentres()[celli] - centre, size_) > tolerance
        )
        {
            expected << needed << ": centre " << text(centre);
            found << "centre " << text(mesh_.cellCentres()[celli]);
        }
        else if (mag(mesh_.cellVolumes()[celli]/volume - 1) > 3*tolerance)
        {
            expected << needed << ": volume " << volume;
            found << "volume " << mesh_.cellVolumes()[celli];
        }
        else
        {
            sites[celli] =
                site.x() + nCells_.x()*(site.y() + nCells_.y()*site.z());
            continue;
        }

        fault = surrogate::Error::Report
        {
            "The mesh does not fit grid map " + std::string(typeName),
            describe(celli, globalCells), expected.str(), found.str(), {}
        };
        break;
    }

    raiseTogether(fault);

    return sites;
}


void Foam::identityGridMap::gatherSites(const labelList& sites)
{
    gridCells_.setSize(Pstream::nProcs());
    gridCells_[Pstream::myProcNo()] = sites;
    Pstream::gatherList(gridCells_);

    std::optional<surrogate::Error::Report> fault;

    if (Pstream::master())
    {
        labelList nFound(cmptProduct(nCells_), Zero);
        for (const labelList& cells : gridCells_)
        {
            for (const label site : cells)
            {
                ++nFound[site];
            }
        }

        const label site =
            ListOps::find(nFound, [](const label n) { return n != 1; });

        if (site != -1)
        {
            const labelVector ijk
            (
                site % nCells_.x(),
                (site/nCells_.x()) % nCells_.y(),
                site/(nCells_.x()*nCells_.y())
            );

            fault = surrogate::Error::Report
            {
                "The mesh does not fit grid map " + std::string(typeName),
                "site " + text(ijk) + " of " + text(nCells_) + ", centre "
              + text
                (
                    lower_
                  + cmptMultiply(vector(ijk) + vector::uniform(0.5), size_)
                ),
                std::string(needed) + ": one cell",
                std::to_string(nFound[site]) + " cells",
                {}
            };
        }
    }

    raiseTogether(fault);
}


bool Foam::identityGridMap::periodic(const direction dir) const
{
    label nPeriodic = 0;

    for (const polyPatch& pp : mesh_.boundaryMesh())
    {
        const bool split =
            isA<processorPolyPatch>(pp) && !isA<processorCyclicPolyPatch>(pp);

        if (pp.coupled() && !split)
        {
            for (const vector& n : pp.faceNormals())
            {
                nPeriodic += mag(n[dir]) > 0.5;
            }
        }
    }
    reduce(nPeriodic, sumOp<label>());

    const label nEnds = 2*(cmptProduct(nCells_)/nCells_[dir]);

    if (nPeriodic != 0 && nPeriodic != nEnds)
    {
        throw surrogate::Error
        ({
            "The mesh does not fit grid map " + std::string(typeName),
            std::string("faces at the two ends of axis ") + "xyz"[dir],
            "0 or " + std::to_string(nEnds) + " of them on cyclic patches",
            std::to_string(nPeriodic),
            {}
        });
    }

    return nPeriodic > 0;
}


void Foam::identityGridMap::setGrid()
{
    axes_.clear();
    for (direction dir = 0; dir < vector::nComponents; ++dir)
    {
        if (nCells_[dir] == 1)
        {
            continue;
        }

        const label axis = axes_.size();
        grid_.cells[axis] = nCells_[dir];
        grid_.lower[axis] = lower_[dir];
        grid_.upper[axis] = lower_[dir] + nCells_[dir]*size_[dir];
        grid_.periodic[axis] = periodic(dir);
        axes_.append(dir);
    }
    grid_.dimensions = axes_.size();

    const gridSides sides(mesh_, grid_, axes_);
    forAll(axes_, axis)
    {
        for (label side = 0; side < 2 && !grid_.periodic[axis]; ++side)
        {
            grid_.walls[axis][side] = sides.wall(axis, side);
        }
    }
    grid_.check("mesh " + mesh_.name());
}


void Foam::identityGridMap::setGeometry()
{
    const wallDistances distances(mesh_, grid_, axes_);

    if (Pstream::master())
    {
        auto geometry = std::make_shared<surrogate::Geometry>();
        geometry->fluid.assign(grid_.nCells(), 1);
        geometry->distance = distances.ofCentres(geometry->fluid);
        geometry_ = geometry;
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::identityGridMap::identityGridMap
(
    const fvMesh& mesh,
    const surrogate::Grid&
)
:
    cellwiseGridMap(mesh)
{
    vectorField lower, extent;
    cellBounds(lower, extent);
    extent -= lower;

    findLattice(extent);
    gatherSites(findSites(extent));
    setGrid();
    setGeometry();
}


// ************************************************************************* //
