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

#include "foam/collectiveError.H"
#include "foam/openfoamVersion.H"

#include "Pstream.H"
#include "PstreamReduceOps.H"
#include "stringList.H"

// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

void Foam::raiseTogether(const std::optional<surrogate::Error::Report>& mine)
{
    const label speaker =
        returnReduce(mine ? Pstream::myProcNo() : labelMax, minOp<label>());

    if (speaker == labelMax)
    {
        return;
    }

    List<stringList> reports(Pstream::nProcs());

    if (mine)
    {
        stringList& text = reports[Pstream::myProcNo()];
        text = {mine->what, mine->where, mine->expected, mine->found};
        for (const std::string& choice : mine->choices)
        {
            text.append(choice);
        }
    }

    allGather(reports);

    const stringList& text = reports[speaker];

    throw surrogate::Error
    ({
        text[0], text[1], text[2], text[3], {text.begin() + 4, text.end()}
    });
}


// ************************************************************************* //
