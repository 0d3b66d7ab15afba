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

#include "functionObjects/stepPolicy/stepPolicy.H"
#include "functionObjects/recordedStepper.H"
#include "functionObjects/stepPolicy/driftPolicy.H"
#include "functionObjects/stepPolicy/residualPolicy.H"
#include "core/error.h"

#include "Time.H"

#include <limits>

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(stepPolicy, 0);
    defineRunTimeSelectionTable(stepPolicy, settings);
}

const Foam::scalar Foam::stepPolicy::Verdict::quietNaN =
    std::numeric_limits<scalar>::quiet_NaN();


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static label steps
(
    const surrogate::Settings& settings,
    const char* keyword,
    const label least,
    const label preset
)
{
    const label n = settings.get(keyword, preset);
    if (n < least)
    {
        throw surrogate::Error
        ({
            "Not a number of steps",
            settings.where() + ", entry " + keyword,
            std::to_string(least) + " or more",
            settings.found(keyword) ? std::to_string(n) : "nothing",
            {}
        });
    }
    return n;
}


static autoPtr<stepPolicy> newSimple
(
    const surrogate::Settings& settings,
    modelStep& model
)
{
    const word name(stepPolicy::nameIn(settings));
    return autoPtr<stepPolicy>::New
    (
        settings, model, name == "always", name == "never"
    );
}


static const std::vector<std::string> simpleNames
{
    "always", "never", "oracle", "schedule"
};

} // End namespace Foam


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::stepPolicy::stepPolicy
(
    const surrogate::Settings& settings,
    modelStep& model,
    const bool always,
    const bool never
)
:
    solverSteps_
    (
        always ? 0 : steps(settings, "solverSteps", 1, never ? 1 : -1)
    ),
    surrogateSteps_
    (
        always ? labelMax/2
      : never ? 0
      : steps(settings, "surrogateSteps", 0, -1)
    ),
    startAfter_
    (
        model.mesh().time().userTimeToTime
        (
            settings.get("startAfter", double(-GREAT))
        )
    ),
    cycleStart_(model.mesh().time().timeIndex()),
    model_(model)
{}


Foam::autoPtr<Foam::stepPolicy> Foam::stepPolicy::New
(
    const surrogate::Settings& settings,
    modelStep& model
)
{
    const word name(nameIn(settings));

    if (std::find(simpleNames.begin(), simpleNames.end(), name) != simpleNames.end())
    {
        return newSimple(settings, model);
    }

    const auto iter = settingsConstructorTablePtr_->cfind(name);
    if (!iter.found())
    {
        std::vector<std::string> valid(simpleNames);
        for (const word& other : settingsConstructorTablePtr_->sortedToc())
        {
            valid.push_back(other);
        }
        throw surrogate::Error
        ({
            "Unknown policy", settings.where() + ", entry policy",
            "one of the names below", name, valid
        });
    }
    return iter()(settings, model);
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::stepPolicy::keywords()
{
    std::vector<std::string> keywords
    {
        "policy", "solverSteps", "surrogateSteps", "startAfter"
    };
    for
    (
        const std::vector<std::string>& more
      : {
            residualPolicy::keywords(),
            driftPolicy::keywords(),
            recordedStepper::keywords()
        }
    )
    {
        keywords.insert(keywords.end(), more.begin(), more.end());
    }
    return keywords;
}


Foam::word Foam::stepPolicy::nameIn(const surrogate::Settings& settings)
{
    return settings.get("policy", "schedule");
}


void Foam::stepPolicy::requireOneOf
(
    const surrogate::Settings& settings,
    const std::vector<std::string>& names,
    const std::string& application
)
{
    const std::string name = settings.get("policy", names.front());
    if (std::find(names.begin(), names.end(), name) == names.end())
    {
        throw surrogate::Error
        ({
            "A policy that makes no sense in " + application,
            settings.where() + ", entry policy",
            "one of the names below", name, names
        });
    }
}


Foam::label Foam::stepPolicy::position() const
{
    return model_.mesh().time().timeIndex() - cycleStart_;
}


bool Foam::stepPolicy::modelsTurn() const
{
    const Time& runTime = model_.mesh().time();
    const label now = position();
    return
        runTime.value() > startAfter_ - 1e-6*runTime.deltaTValue()
     && now >= solverSteps_
     && now < solverSteps_ + surrogateSteps_
     && ready();
}


bool Foam::stepPolicy::amidTurn() const
{
    return position() > solverSteps_;
}


void Foam::stepPolicy::endTurn()
{
    cycleStart_ = model_.mesh().time().timeIndex();
}


void Foam::stepPolicy::solverStepped()
{
    const Time& runTime = model_.mesh().time();
    if (runTime.value() < startAfter_ + 0.5*runTime.deltaTValue())
    {
        cycleStart_ = runTime.timeIndex();
    }

    // A solver that went on, having had its steps, waits for the model
    cycleStart_ = max(cycleStart_, runTime.timeIndex() - solverSteps_);
}


void Foam::stepPolicy::save(dictionary& dict) const
{
    dict.set("cycleStart", cycleStart_);
}


void Foam::stepPolicy::restore(const dictionary& dict)
{
    const label now = model_.mesh().time().timeIndex();
    cycleStart_ = min(now, dict.getOrDefault<label>("cycleStart", now));

    // The model's last step was written before its turn ended
    if (position() - solverSteps_ >= surrogateSteps_)
    {
        endTurn();
    }
}


// ************************************************************************* //
