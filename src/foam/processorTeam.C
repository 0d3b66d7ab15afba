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

#include "foam/processorTeam.H"
#include "foam/openfoamVersion.H"

#include "OSspecific.H"
#include "Pstream.H"

#include <algorithm>
#include <functional>

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Calls with position and length of one block after the other: MPI counts
//  bytes with an int
static void inBlocks
(
    const std::size_t bytes,
    const std::function<void(std::size_t, std::size_t)>& call
)
{
    static const std::size_t largest = std::size_t(1) << 30;

    for (std::size_t begin = 0; begin < bytes; begin += largest)
    {
        call(begin, std::min(largest, bytes - begin));
    }
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

Foam::stringList Foam::hostsOfProcessors()
{
    stringList hosts(Pstream::nProcs());
    hosts[Pstream::myProcNo()] = hostName();
    allGather(hosts);
    return hosts;
}


Foam::label Foam::rankOnHost(const stringList& hosts, const label proci)
{
    return std::count(hosts.begin(), hosts.begin() + proci, hosts[proci]);
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::processorTeam::processorTeam
(
    const labelList& processors,
    const label rank,
    const label localRank
)
:
    processors_(processors),
    rank_(rank),
    localRank_(localRank)
{}


std::shared_ptr<Foam::processorTeam> Foam::processorTeam::New
(
    const label ranksPerDevice
)
{
    if (!Pstream::parRun())
    {
        return nullptr;
    }
    const stringList hosts(hostsOfProcessors());
    labelList processors;
    label rank = -1;
    forAll(hosts, proci)
    {
        if (rankOnHost(hosts, proci) % ranksPerDevice == 0)
        {
            if (proci == Pstream::myProcNo())
            {
                rank = processors.size();
            }
            processors.append(proci);
        }
    }
    if (rank < 0)
    {
        return nullptr;
    }
    return std::shared_ptr<processorTeam>
    (
        new processorTeam
        (
            processors,
            rank,
            rankOnHost(hosts, Pstream::myProcNo())/ranksPerDevice
        )
    );
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::processorTeam::send
(
    int rank,
    const void* data,
    std::size_t bytes
)
{
    inBlocks(bytes, [&](std::size_t begin, std::size_t n)
    {
        UOPstream::write
        (
            UPstream::commsTypes::scheduled,
            processors_[rank],
            static_cast<const char*>(data) + begin,
            std::streamsize(n)
        );
    });
}


void Foam::processorTeam::receive
(
    int rank,
    void* data,
    std::size_t bytes
)
{
    inBlocks(bytes, [&](std::size_t begin, std::size_t n)
    {
        UIPstream::read
        (
            UPstream::commsTypes::scheduled,
            processors_[rank],
            static_cast<char*>(data) + begin,
            std::streamsize(n)
        );
    });
}


// ************************************************************************* //
