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

#include "foam/backMapping.H"
#include "core/error.h"
#include "foam/boundaryTriangles.H"

#include "syncTools.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- The faces between cells of the zone and others, of all processors
static autoPtr<boundaryTriangles> edgeOf
(
    const fvMesh& mesh,
    const boolList& inZone
)
{
    boundaryTriangles::faces edge;
    const auto append = [&](const label facei)
    {
        edge.append
        (
            mesh.faces()[facei], mesh.points(), mesh.faceCentres()[facei]
        );
    };

    forAll(mesh.faceNeighbour(), facei)
    {
        if (inZone[mesh.faceOwner()[facei]] != inZone[mesh.faceNeighbour()[facei]])
        {
            append(facei);
        }
    }

    labelList mine(mesh.nCells());
    forAll(mine, celli)
    {
        mine[celli] = inZone[celli];
    }
    labelList theirs;
    syncTools::swapBoundaryCellList(mesh, mine, theirs);

    for (const polyPatch& pp : mesh.boundaryMesh())
    {
        for (label i = 0; pp.coupled() && i < pp.size(); ++i)
        {
            const label facei = pp.start() + i;
            if
            (
                mine[mesh.faceOwner()[facei]]
             != theirs[facei - mesh.nInternalFaces()]
            )
            {
                append(facei);
            }
        }
    }

    return edge.onAll();
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::scalarField Foam::backMapping::depthInGrid(const gridMap& map)
{
    const fvMesh& mesh = map.mesh();
    const surrogate::Grid& grid = map.grid();
    scalarField depth(mesh.nCells(), GREAT);

    if (map.identical())
    {
        return depth;
    }

    forAll(map.axes(), axis)
    {
        for (label side = 0; side < 2; ++side)
        {
            const scalar sign = side ? -1 : 1;
            const scalar end = side ? grid.upper[axis] : grid.lower[axis];
            const scalar rounding = 1e-6*grid.spacing(axis);

            forAll(depth, celli)
            {
                const scalar x =
                    sign*(mesh.cellCentres()[celli][map.axes()[axis]] - end);
                if (map.sideInside(axis, side) || x < -rounding)
                {
                    depth[celli] = min(depth[celli], x);
                }
            }
        }
    }
    return depth;
}


Foam::scalarField Foam::backMapping::depthInZone(const fvMesh& mesh) const
{
    const label zonei = mesh.cellZones().findZoneID(options_.cellZone);

    if (returnReduce(zonei, maxOp<label>()) < 0)
    {
        const wordList names(mesh.cellZones().names());
        throw surrogate::Error
        ({
            "There is no such cell zone", "entry cellZone",
            "a cellZone of mesh " + mesh.name(), options_.cellZone,
            {names.begin(), names.end()}
        });
    }

    boolList inZone(mesh.nCells(), false);
    if (zonei >= 0)
    {
        for (const label celli : mesh.cellZones()[zonei])
        {
            inZone[celli] = true;
        }
    }

    const auto edge = edgeOf(mesh, inZone);
    scalarField depth(mesh.nCells(), -GREAT);
    forAll(depth, celli)
    {
        if (inZone[celli])
        {
            depth[celli] = edge->distance(mesh.cellCentres()[celli]);
        }
    }
    return depth;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::backMapping::backMapping(const gridMap& map, const Options& options)
:
    options_(options),
    change_(options.change && !map.identical()),
    weights_(depthInGrid(map))
{
    if (!options_.cellZone.empty())
    {
        weights_ = min(weights_, depthInZone(map.mesh()));
    }

    for (scalar& w : weights_)
    {
        const scalar s =
            options_.blendingWidth > 0
          ? max(scalar(0), min(w/options_.blendingWidth, scalar(1)))
          : w >= 0;
        w = s*s*(3 - 2*s);
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::backMapping::Options Foam::backMapping::Options::read
(
    const surrogate::Settings& settings
)
{
    const std::string choice = settings.get("backMapping", "change");
    if (choice != "change" && choice != "full")
    {
        throw surrogate::Error
        ({
            "Unknown choice", settings.where() + ", entry backMapping",
            "one of the names below", choice, {"change", "full"}
        });
    }

    Options options;
    options.change = choice == "change";
    options.cellZone = settings.get("cellZone", "");
    options.blendingWidth =
        settings.get("blendingWidth", options.blendingWidth);

    if (options.blendingWidth < 0)
    {
        throw surrogate::Error
        ({
            "Not a width", settings.where() + ", entry blendingWidth",
            "0 or above", std::to_string(options.blendingWidth), {}
        });
    }
    return options;
}


std::vector<std::string> Foam::backMapping::Options::keywords()
{
    return {"backMapping", "cellZone", "blendingWidth"};
}


// ************************************************************************* //
