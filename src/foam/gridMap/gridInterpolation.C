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

#include "foam/gridMap/gridInterpolation.H"
#include "foam/gridMap/linearFit.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Of its volume, for a cell that counts as fluid alone
static const scalar whole = 1 - 1e-6;

//- Of its volume, for a cell whose value is worth a fit
static const scalar some = 0.1;

//- Calls for each cell within radius of the one in which xi lies
template<class Call>
static void forBlock
(
    const vector& xi,
    const label nDims,
    const label radius,
    const Call& call
)
{
    labelVector first(Zero), last(Zero);
    for (label dim = 0; dim < nDims; ++dim)
    {
        first[dim] = label(floor(xi[dim])) - radius;
        last[dim] = first[dim] + 2*radius;
    }
    labelVector ijk;
    for (ijk.z() = first.z(); ijk.z() <= last.z(); ++ijk.z())
    for (ijk.y() = first.y(); ijk.y() <= last.y(); ++ijk.y())
    for (ijk.x() = first.x(); ijk.x() <= last.x(); ++ijk.x())
    {
        call(ijk);
    }
}


static vector centreOf(const labelVector& ijk, const label nDims)
{
    vector centre(Zero);
    for (label dim = 0; dim < nDims; ++dim)
    {
        centre[dim] = ijk[dim] + 0.5;
    }
    return centre;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::vector Foam::gridInterpolation::place(const point& x) const
{
    vector xi(Zero);
    forAll(axes_, axis)
    {
        xi[axis] = (x[axes_[axis]] - grid_.lower[axis])/grid_.spacing(axis);
    }
    return xi;
}


Foam::label Foam::gridInterpolation::site(const labelVector& ijk) const
{
    labelVector wrapped(ijk);
    forAll(axes_, axis)
    {
        const label n = grid_.cells[axis];
        label& i = wrapped[axis];
        if (grid_.periodic[axis])
        {
            i = ((i % n) + n) % n;
        }
        if (i < 0 || i >= n)
        {
            return -1;
        }
    }
    return grid_.index(wrapped.x(), wrapped.y(), wrapped.z());
}


bool Foam::gridInterpolation::multilinear(const vector& xi, weights& w) const
{
    labelVector low(Zero);
    vector part(Zero);
    forAll(axes_, axis)
    {
        const label n = grid_.cells[axis];
        low[axis] = label(floor(xi[axis] - 0.5));
        if (!grid_.periodic[axis])
        {
            low[axis] = max(min(low[axis], n - 2), 0);
        }
        part[axis] = n == 1 ? 0 : xi[axis] - 0.5 - low[axis];
    }

    for (label corner = 0; corner < (1 << axes_.size()); ++corner)
    {
        labelVector ijk(low);
        scalar weight = 1;
        forAll(axes_, axis)
        {
            const label up = (corner >> axis) & 1;
            ijk[axis] += up;
            weight *= up ? part[axis] : 1 - part[axis];
        }
        const label here = site(ijk);
        if (here == -1)
        {
            continue;   // one cell along that axis: its weight is 0
        }
        if (fluid_[here] < whole)
        {
            return false;
        }
        w.append(here, weight);
    }

    return true;
}


bool Foam::gridInterpolation::fit
(
    const vector& xi,
    const label radius,
    const scalar leastFluid,
    const vector* wall,
    weights& w
) const
{
    DynamicList<vector> points;
    DynamicList<scalar> importance;
    w.clear();

    forBlock
    (
        xi, axes_.size(), radius,
        [&](const labelVector& ijk)
        {
            const label here = site(ijk);
            if (here != -1 && fluid_[here] > leastFluid)
            {
                const vector x
                (
                    centreOf(ijk, axes_.size()) + offsets_[here] - xi
                );
                points.append(x);
                importance.append(fluid_[here]/(magSqr(x) + 0.25));
                w.sites.append(here);
            }
        }
    );

    const vector zero(wall ? *wall - xi : vector(Zero));
    List<scalar> values;
    const bool fits = linearFit
    (
        points, importance, axes_.size(), wall ? &zero : nullptr, values
    );
    w.values = values;
    return fits;
}


void Foam::gridInterpolation::mean(const vector& xi, weights& w) const
{
    w.clear();
    scalar sum = 0;
    forBlock
    (
        xi, axes_.size(), 2,
        [&](const labelVector& ijk)
        {
            const label here = site(ijk);
            if (here != -1 && fluid_[here] > 0)
            {
                const scalar r2 = magSqr
                (
                    centreOf(ijk, axes_.size()) + offsets_[here] - xi
                );
                w.append(here, fluid_[here]/sqr(r2 + 0.1));
                sum += w.values.last();
            }
        }
    );
    for (scalar& value : w.values)
    {
        value /= sum;
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::gridInterpolation::gridInterpolation
(
    const surrogate::Grid& grid,
    const labelList& axes,
    const UList<scalar>& fluid,
    const UList<vector>& offsets
)
:
    grid_(grid),
    axes_(axes),
    fluid_(fluid),
    offsets_(offsets)
{}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::gridInterpolation::contains(const point& x) const
{
    const vector xi(place(x));
    forAll(axes_, axis)
    {
        if (xi[axis] < -1e-6 || xi[axis] > grid_.cells[axis] + 1e-6)
        {
            return false;
        }
    }
    return true;
}


void Foam::gridInterpolation::find(const point& x, weights& w) const
{
    const vector xi(place(x));
    w.clear();

    if
    (
        !multilinear(xi, w)
     && !fit(xi, 1, some, nullptr, w)
     && !fit(xi, 2, some, nullptr, w)
    )
    {
        mean(xi, w);
    }
}


bool Foam::gridInterpolation::nearWall(const point& x) const
{
    bool result = false;
    forBlock
    (
        place(x), axes_.size(), 1,
        [&](const labelVector& ijk)
        {
            const label here = site(ijk);
            result = result || (here != -1 && fluid_[here] < whole);
            forAll(axes_, axis)
            {
                const auto& walls = grid_.walls[axis];
                result =
                    result
                 || (walls[0] && ijk[axis] < 0)
                 || (walls[1] && ijk[axis] >= grid_.cells[axis]);
            }
        }
    );
    return result;
}


void Foam::gridInterpolation::findFromWall
(
    const point& x,
    const point& wall,
    weights& w
) const
{
    const vector xi(place(x));
    const vector zero(place(wall));

    if (!fit(xi, 1, some, &zero, w) && !fit(xi, 2, some, &zero, w))
    {
        find(x, w);
    }
}


// ************************************************************************* //
