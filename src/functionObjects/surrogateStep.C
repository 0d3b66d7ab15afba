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

#include "functionObjects/surrogateStep.H"
#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"

#include "addToRunTimeSelectionTable.H"
#include "Time.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
namespace functionObjects
{
    defineTypeNameAndDebug(surrogateStep, 0);
    addToRunTimeSelectionTable(functionObject, surrogateStep, dictionary);
}
}


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::Time& Foam::functionObjects::surrogateStep::runTime()
{
    return const_cast<Time&>(time_);
}


void Foam::functionObjects::surrogateStep::restore()
{
    dictionary state;
    getDict("steps", state);
    hybrid_->restore(state);
}


void Foam::functionObjects::surrogateStep::save()
{
    dictionary state;
    hybrid_->save(state);
    setProperty("steps", state);
}


void Foam::functionObjects::surrogateStep::jump()
{
    if (postProcess || jumping_ || !hybrid_->due())
    {
        return;
    }

    if (hybrid_->modelsTurn())
    {
        jumping_ = true;
        hybrid_->beginTurn();
        while (hybrid_->modelsTurn() && hybrid_->step())
        {
            lastIndex_ = time_.timeIndex();
            observe();
        }
        hybrid_->endTurn();
        jumping_ = false;

        // Time::run() does this only for a run that a solver's step ends
        if (time_.value() > time_.endTime().value() - 0.5*time_.deltaTValue())
        {
            runTime().functionObjects().end();
        }
    }
    else
    {
        hybrid_->endTurn();
    }

    hybrid_->solverBegins();
}


void Foam::functionObjects::surrogateStep::observe()
{
    if (time_.writeTime())
    {
        time_.write();
    }

    runTime().functionObjects().execute();
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::functionObjects::surrogateStep::surrogateStep
(
    const word& name,
    const Time& runTime,
    const dictionary& dict
)
:
    fvMeshFunctionObject(name, runTime, dict),
    lastIndex_(runTime.timeIndex())
{
    read(dict);
    restore();
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::functionObjects::surrogateStep::read(const dictionary& dict)
{
    fvMeshFunctionObject::read(dict);

    surrogate::Settings settings;
    reportErrors
    (
        dict,
        [&]
        {
            settings = optionsFromFunctionObjectDict
            (
                dict, hybridSteps::keywords()
            );
        }
    );

    if (hybrid_)
    {
        hybrid_->read(dict, settings);
    }
    else
    {
        hybrid_.reset
        (
            new hybridSteps(type(), name(), mesh_, dict, settings)
        );
    }

    return true;
}


bool Foam::functionObjects::surrogateStep::execute()
{
    if (postProcess)
    {
        return true;
    }

    if (time_.timeIndex() != lastIndex_)
    {
        lastIndex_ = time_.timeIndex();
        hybrid_->solverStepped();
    }

    save();
    hybrid_->solverBegins();

    return true;
}


bool Foam::functionObjects::surrogateStep::write()
{
    return true;
}


bool Foam::functionObjects::surrogateStep::end()
{
    if (!postProcess)
    {
        hybrid_->end();
    }
    return true;
}


bool Foam::functionObjects::surrogateStep::filesModified() const
{
    const_cast<surrogateStep&>(*this).jump();
    return false;
}


// ************************************************************************* //
