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

#include "foam/gridMap/cellwiseGridMap.H"

#include "UIPstream.H"
#include "UOPstream.H"

// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::cellwiseGridMap::toGrid
(
    const UList<scalar>& cells,
    const label nChannels,
    scalar* grid
) const
{
    if (!Pstream::master())
    {
        if (cells.size())
        {
            UOPstream::write
            (
                UPstream::commsTypes::scheduled,
                Pstream::masterNo(),
                reinterpret_cast<const char*>(cells.cdata()),
                cells.byteSize()
            );
        }
        return;
    }

    const std::size_t nGrid = grid_.nCells();

    forAll(gridCells_, proci)
    {
        const labelList& address = gridCells_[proci];
        const scalar* values = cells.cdata();

        if (proci != Pstream::masterNo() && address.size())
        {
            buffer_.setSize(nChannels*address.size());
            UIPstream::read
            (
                UPstream::commsTypes::scheduled,
                proci,
                reinterpret_cast<char*>(buffer_.data()),
                buffer_.byteSize()
            );
            values = buffer_.cdata();
        }

        for (label channel = 0; channel < nChannels; ++channel)
        {
            const scalar* from = values + channel*address.size();
            scalar* to = grid + channel*nGrid;
            forAll(address, celli)
            {
                to[address[celli]] = from[celli];
            }
        }
    }
}


void Foam::cellwiseGridMap::toMesh
(
    const scalar* grid,
    const label nChannels,
    UList<scalar>& cells
) const
{
    if (!Pstream::master())
    {
        if (cells.size())
        {
            UIPstream::read
            (
                UPstream::commsTypes::scheduled,
                Pstream::masterNo(),
                reinterpret_cast<char*>(cells.data()),
                cells.byteSize()
            );
        }
        return;
    }

    const std::size_t nGrid = grid_.nCells();

    forAll(gridCells_, proci)
    {
        const labelList& address = gridCells_[proci];
        const bool mine = proci == Pstream::masterNo();

        if (!mine)
        {
            buffer_.setSize(nChannels*address.size());
        }
        scalar* values = mine ? cells.data() : buffer_.data();

        for (label channel = 0; channel < nChannels; ++channel)
        {
            const scalar* from = grid + channel*nGrid;
            scalar* to = values + channel*address.size();
            forAll(address, celli)
            {
                to[celli] = from[address[celli]];
            }
        }

        if (!mine && address.size())
        {
            UOPstream::write
            (
                UPstream::commsTypes::scheduled,
                proci,
                reinterpret_cast<const char*>(buffer_.cdata()),
                buffer_.byteSize()
            );
        }
    }
}


// ************************************************************************* //
