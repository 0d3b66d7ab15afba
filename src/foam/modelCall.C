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

#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"
#include "core/floatingPointGuard.h"

#include "error.H"
#include "Pstream.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Empty where the call returns
static string messageOf(const std::function<void()>& call)
{
    try
    {
        call();
    }
    catch (const Foam::error& error)
    {
        return error.message();
    }
    catch (const std::exception& error)
    {
        return *error.what() ? error.what() : "an exception without a message";
    }
    catch (...)
    {
        return "an exception of unknown type";
    }
    return string();
}

static void raise(const dictionary& dict, const std::string& message)
{
    if (!message.empty())
    {
        FatalIOErrorInFunction(dict)
            << message.c_str() << nl
            << exit(FatalIOError);
    }
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

void Foam::reportErrors
(
    const dictionary& dict,
    const std::function<void()>& call
)
{
    raise(dict, messageOf(call));
}


std::string Foam::tryOnMaster
(
    const std::function<void()>& call,
    surrogate::Team* team
)
{
    string message;
    if (Pstream::master())
    {
        const surrogate::FloatingPointGuard guard;
        message = messageOf(call);
        if (team)
        {
            team->dismiss();
        }
    }
    else if (team)
    {
        const surrogate::FloatingPointGuard guard;
        team->serve();
    }
    broadcast(message);
    return message;
}


void Foam::callOnTeam
(
    const dictionary& dict,
    const std::function<void()>& call,
    const surrogate::Team* team
)
{
    stringList messages(Pstream::nProcs());
    if (team || Pstream::master())
    {
        const surrogate::FloatingPointGuard guard;
        messages[Pstream::myProcNo()] = messageOf(call);
    }
    allGather(messages);
    for (const string& message : messages)
    {
        raise(dict, message);
    }
}


void Foam::callOnMaster
(
    const dictionary& dict,
    const std::function<void()>& call
)
{
    raise(dict, tryOnMaster(call));
}


// ************************************************************************* //
