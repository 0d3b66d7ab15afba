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

#include "labelVector.H"
#include "meshSearch.H"

// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

surrogate::PixelPlane Foam::caseRun::plane
(
    const surrogate::PlaneRequest& request,
    int longestSide
) const
{
    if (axes_.size() < 2)
    {
        throw surrogate::Error
        ({
            "A 1-D flow has no plane", path(), "2-D or 3-D",
            cells_.description, {}
        });
    }

    // Of a 2-D case its own plane
    labelVector axes;
    if (axes_.size() == 2)
    {
        axes = labelVector(3 - axes_[0] - axes_[1], axes_[0], axes_[1]);
        if
        (
            !request.normal.empty()
         && request.normal != std::string(1, "xyz"[axes[0]])
        )
        {
            throw surrogate::Error
            ({
                "A plane cuts across a 2-D flow", "option -plane",
                std::string(1, "xyz"[axes[0]]), request.normal, {}
            });
        }
    }
    else
    {
        const auto found = surrogate::planeAxes(request, 3);
        axes = labelVector(found[0], found[1], found[2]);
    }

    const boundBox bounds(mesh().points(), false);
    const scalar position =
        request.position && axes_.size() == 3
      ? *request.position
        // beside the faces of a mesh that is symmetric about its middle
      : bounds.centre()[axes[0]] + 1e-6*bounds.span()[axes[0]];
    if (position < bounds.min()[axes[0]] || position > bounds.max()[axes[0]])
    {
        throw surrogate::Error
        ({
            "A plane misses the flow", "option -plane",
            "from " + std::to_string(bounds.min()[axes[0]]) + " to "
          + std::to_string(bounds.max()[axes[0]]),
            std::to_string(position), {}
        });
    }

    const std::array<double, 4> cut = surrogate::pictureBounds
    (
        request,
        {{
            bounds.min()[axes[1]], bounds.max()[axes[1]],
            bounds.min()[axes[2]], bounds.max()[axes[2]]
        }}
    );
    const scalar width = cut[1] - cut[0], height = cut[3] - cut[2];
    const scalar pixel = max(width, height)/longestSide;

    surrogate::PixelPlane result;
    result.grid.dimensions = 2;
    result.grid.cells =
        {{max(1, int(width/pixel + 0.5)), max(1, int(height/pixel + 0.5)), 1}};
    result.grid.lower = {{cut[0], cut[2], 0}};
    result.grid.upper = {{cut[1], cut[3], 1}};
    result.axes =
        {{std::string(1, "xyz"[axes[1]]), std::string(1, "xyz"[axes[2]])}};
    if (axes_.size() == 3)
    {
        result.normal = std::string(1, "xyz"[axes[0]]);
        result.position = position;
    }
    result.cells.reserve(result.grid.nCells());

    throwingErrors(path(), [&]()
    {
        const meshSearch search(mesh());
        label seed = -1;
        for (int j = 0; j < result.grid.cells[1]; ++j)
        {
            for (int i = 0; i < result.grid.cells[0]; ++i)
            {
                point at;
                at[axes[0]] = position;
                at[axes[1]] = cut[0] + (i + 0.5)*result.grid.spacing(0);
                at[axes[2]] = cut[2] + (j + 0.5)*result.grid.spacing(1);
                // Most pixels lie in the cell of the one before
                if (seed == -1 || !mesh().pointInCell(at, seed))
                {
                    seed = search.findCell(at);
                }
                result.cells.push_back(seed);
            }
        }
    });
    if (*std::max_element(result.cells.begin(), result.cells.end()) < 0)
    {
        throw surrogate::Error
        ({
            "A plane misses the flow", "options -plane and -zoom",
            "a part with cells", "none", {}
        });
    }
    return result;
}


std::array<std::array<int, 3>, 2> Foam::caseRun::viewFrom() const
{
    std::array<std::array<int, 3>, 2> view{};
    const label normal = 3 - axes_[0] - axes_[1];
    view[0][normal] = normal == 1 ? -1 : 1;
    view[1][axes_[1]] = 1;
    return view;
}


// ************************************************************************* //
