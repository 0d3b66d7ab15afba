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

#include "foam/gridMap/latticeOverlap.H"

#include "boundBox.H"
#include "plane.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Of a grid cell: what reaches less far into the next one is not sliced off
static const scalar sliver = 1e-9;

struct keepTets
{
    DynamicList<tetPoints>& tets;

    void operator()(const tetPoints& tet)
    {
        tets.append(tet);
    }
};


static void add
(
    DynamicList<latticeOverlap::part>& parts,
    const label site,
    const scalar volume,
    const point& centroid
)
{
    for (latticeOverlap::part& p : parts)
    {
        if (p.site == site)
        {
            p.volume += volume;
            p.moment += volume*centroid;
            return;
        }
    }
    parts.append({site, volume, volume*centroid});
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::latticeOverlap::range
(
    const label axis,
    const scalar x0,
    const scalar x1,
    label& first,
    label& last
) const
{
    const scalar h = grid_.spacing(axis);
    const scalar n = grid_.cells[axis];
    const scalar xi0 = (x0 - grid_.lower[axis])/h + sliver;
    const scalar xi1 = (x1 - grid_.lower[axis])/h - sliver;
    first = label(floor(max(min(xi0, n), scalar(-1))));
    last = max(first, label(floor(max(min(xi1, n), scalar(-1)))));
}


Foam::label Foam::latticeOverlap::site(const FixedList<label, 3>& ijk) const
{
    forAll(axes_, axis)
    {
        if (ijk[axis] < 0 || ijk[axis] >= grid_.cells[axis])
        {
            return -1;
        }
    }
    return grid_.index(ijk[0], ijk[1], ijk[2]);
}


void Foam::latticeOverlap::slice
(
    const tetPoints& tet,
    const label axis,
    FixedList<label, 3>& ijk,
    DynamicList<part>& parts
) const
{
    if (axis == axes_.size())
    {
        const point centroid(0.25*(tet[0] + tet[1] + tet[2] + tet[3]));
        const scalar volume = mag
        (
            ((tet[1] - tet[0]) ^ (tet[2] - tet[0])) & (tet[3] - tet[0])
        )/6;
        add(parts, site(ijk), volume, centroid);
        return;
    }

    const label dir = axes_[axis];
    scalar low = GREAT, high = -GREAT;
    for (label i = 0; i < 4; ++i)
    {
        low = min(low, tet[i][dir]);
        high = max(high, tet[i][dir]);
    }
    label first, last;
    range(axis, low, high, first, last);

    if (first == last)
    {
        ijk[axis] = first;
        slice(tet, axis + 1, ijk, parts);
        return;
    }

    vector normal(Zero);
    normal[dir] = 1;
    DynamicList<tetPoints> rest({tet});

    for (label i = first; i <= last; ++i)
    {
        DynamicList<tetPoints> below, above;
        keepTets keepBelow{below}, keepAbove{above};
        if (i == last)
        {
            below = rest;
        }
        else
        {
            point origin(Zero);
            origin[dir] = grid_.lower[axis] + (i + 1)*grid_.spacing(axis);
            const plane cut(origin, normal);
            for (const tetPoints& t : rest)
            {
                t.tet().sliceWithPlane(cut, keepAbove, keepBelow);
            }
        }
        ijk[axis] = i;
        for (const tetPoints& t : below)
        {
            slice(t, axis + 1, ijk, parts);
        }
        rest = above;
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::latticeOverlap::latticeOverlap
(
    const primitiveMesh& mesh,
    const surrogate::Grid& grid,
    const labelList& axes
)
:
    mesh_(mesh),
    grid_(grid),
    axes_(axes)
{}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::latticeOverlap::find
(
    const label celli,
    DynamicList<part>& parts
) const
{
    parts.clear();

    const scalar volume = mesh_.cellVolumes()[celli];
    const point& centre = mesh_.cellCentres()[celli];
    const labelList& faces = mesh_.cells()[celli];

    boundBox bounds;
    for (const label facei : faces)
    {
        bounds.add(mesh_.points(), mesh_.faces()[facei]);
    }

    FixedList<label, 3> ijk(Zero);
    bool one = true;
    forAll(axes_, axis)
    {
        const label dir = axes_[axis];
        label last;
        range(axis, bounds.min()[dir], bounds.max()[dir], ijk[axis], last);
        one = one && ijk[axis] == last;
    }
    if (one)
    {
        parts.append({site(ijk), volume, volume*centre});
        return;
    }

    for (const label facei : faces)
    {
        const face& f = mesh_.faces()[facei];
        const point& faceCentre = mesh_.faceCentres()[facei];
        forAll(f, i)
        {
            const tetPoints tet
            (
                centre, faceCentre,
                mesh_.points()[f[i]], mesh_.points()[f.nextLabel(i)]
            );
            slice(tet, 0, ijk, parts);
        }
    }

    scalar sum = 0;
    for (const part& p : parts)
    {
        sum += p.volume;
    }
    for (part& p : parts)
    {
        p.volume *= volume/sum;
        p.moment *= volume/sum;
    }
}


// ************************************************************************* //
