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

#include "functionObjects/conservationTable.H"

#include "Time.H"

// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::conservationTable::conservationTable
(
    const objectRegistry& obr,
    const word& name
)
:
    functionObjects::writeFile(obr, name, "conservation"),
    name_(name)
{}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::conservationTable::report(const RepairReport& repairs)
{
    if (repairs.empty())
    {
        return;
    }

    Info<< name_ << ": time " << fileObr_.time().timeName()
        << ", restored: " << describe(repairs).c_str() << endl;

    if (!Pstream::master() || !writeToFile())
    {
        return;
    }
    if (!begun_)
    {
        resetFile(fileName_);
    }
    OFstream& os = file();
    if (!begun_)
    {
        writeHeader(os, "What was restored after steps of the model");
        writeCommented(os, "Time");
        for (const auto& amount : repairs)
        {
            writeTabbed(os, amount.first);
        }
        os  << endl;
        begun_ = true;
    }
    writeCurrentTime(os);
    for (const auto& amount : repairs)
    {
        os  << tab << amount.second;
    }
    os  << endl;
}


// ************************************************************************* //
