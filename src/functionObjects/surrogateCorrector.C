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

#include "functionObjects/surrogateCorrector.H"
#include "core/error.h"
#include "core/metrics.h"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"
#include "foam/optionsFromDict.H"
#include "foam/timeSteps.H"
#include "functionObjects/refinementText.H"

#include "addToRunTimeSelectionTable.H"
#include "Time.H"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
namespace functionObjects
{
    defineTypeNameAndDebug(surrogateCorrector, 0);
    addToRunTimeSelectionTable(functionObject, surrogateCorrector, dictionary);
}
}


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- In a state file: the history, and the entries of the model's memory
static const std::string historyName = "history";
static const std::string memoryPrefix = "memory.";


static std::vector<std::string> validKeywords()
{
    std::vector<std::string> keywords
    {
        "interval", "intervalSteps", "onFailure"
    };
    const std::vector<std::string> ofModel(modelCorrection::keywords());
    keywords.insert(keywords.end(), ofModel.begin(), ofModel.end());
    return keywords;
}


//- Relative changes of mean kinetic energy and enstrophy; nan: there is none
struct changes
{
    scalar energy = std::numeric_limits<scalar>::quiet_NaN();
    scalar enstrophy = std::numeric_limits<scalar>::quiet_NaN();

    changes
    (
        const surrogate::State& before,
        const surrogate::State& after,
        const word& velocity
    )
    {
        const surrogate::Grid& grid = before.grid;
        if
        (
            !before.fields.contains(velocity)
         || before.fields.get(velocity).components != grid.dimensions
        )
        {
            return;
        }

        const auto relative = [](const scalar a, const scalar b)
        {
            return (b - a)/max(a, VSMALL);
        };
        const double* U0 = before.field(velocity);
        const double* U1 = after.field(velocity);

        energy = relative
        (
            surrogate::kineticEnergy(grid, U0),
            surrogate::kineticEnergy(grid, U1)
        );
        if (grid.dimensions == 2)
        {
            enstrophy = relative
            (
                surrogate::enstrophy(grid, U0),
                surrogate::enstrophy(grid, U1)
            );
        }
    }
};


static void writeNumber(Ostream& os, const scalar number)
{
    os << tab;
    std::isnan(number) ? os << word("nan") : os << number;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::functionObjects::surrogateCorrector::readSchedule
(
    const surrogate::Settings& settings
)
{
    const auto refuse = [&]
    (
        const char* entry,
        const char* expected,
        const std::string& found
    )
    {
        throw surrogate::Error
        ({
            "The corrector's schedule does not fit",
            settings.where() + ", entry " + entry, expected, found, {}
        });
    };

    const scalar interval = settings.get("interval", 0.0);
    if (interval != interval_)
    {
        begin_ = time_.value();   // other states have been kept until now
    }
    interval_ = interval;
    intervalSteps_ = settings.get("intervalSteps", 0);

    if (settings.found("interval") && settings.found("intervalSteps"))
    {
        refuse("intervalSteps", "interval or intervalSteps", "both");
    }
    if (settings.found("interval") && interval_ <= 0)
    {
        refuse
        (
            "interval", "a time above 0 [s]",
            surrogate::describe(settings.all().at("interval"))
        );
    }
    if (settings.found("intervalSteps") && intervalSteps_ < 1)
    {
        refuse("intervalSteps", "1 or more", std::to_string(intervalSteps_));
    }

    stopOnFailure_ = modelFields::stopsOnFailure(settings);
    velocity_ = settings.get("U", "U");
}


void Foam::functionObjects::surrogateCorrector::readModel
(
    const surrogate::Settings& settings
)
{
    std::map<std::string, surrogate::Settings::Value> entries
    (
        only(settings, modelFields::keywords()).all()
    );

    if (model_ && entries == modelEntries_)
    {
        model_->setOptions(settings);
        return;
    }

    autoPtr<modelCorrection> model
    (
        new modelCorrection(mesh_, dict_, settings)
    );
    model->check();
    if (model_ && entries["model"] == modelEntries_["model"])
    {
        callOnMaster(dict_, [&] { model->setMemory(model_->memory()); });
    }
    else
    {
        history_.clear();
        begin_ = time_.value();
    }
    model_ = std::move(model);
    modelEntries_ = entries;
}


void Foam::functionObjects::surrogateCorrector::refuseTimeStep
(
    const std::string& found
) const
{
    OSstream& os = FatalIOErrorInFunction(dict_);
    os  << "The time steps do not hit the times that the corrector reads"
        << nl << "    expected: whole time steps in the model's time step, "
        << model_->timeStep() << " s, and in interval, counted from time 0;"
        << " or adjustTimeStep yes without intervalSteps" << nl
        << "    found:    " << found.c_str() << ", deltaT "
        << time_.deltaTValue();
    if (interval_ > 0)
    {
        os  << ", interval " << interval_;
    }
    os  << exit(FatalIOError);
    std::abort();   // exit() does not return
}


void Foam::functionObjects::surrogateCorrector::checkTimeStep() const
{
    const scalar deltaT = time_.deltaTValue();
    const scalar lag = model_->lag();
    const auto whole = [deltaT](const scalar t)
    {
        return t > 0.5*deltaT && isMultiple(t, deltaT);
    };
    const std::string now("time " + time_.timeName());

    if (adjustsTimeStep(time_))
    {
        if (intervalSteps_ && lag > 0)
        {
            refuseTimeStep("adjustTimeStep yes with intervalSteps");
        }
        return;
    }
    if (intervalSteps_ && lag == 0)
    {
        return;
    }

    if
    (
        ((lag > 0 || !interval_) && !whole(model_->timeStep()))
     || (
            interval_ > 0
         && (!whole(interval_) || !isMultiple(mag(time_.value()), deltaT))
        )
    )
    {
        refuseTimeStep(now);
    }
}


bool Foam::functionObjects::surrogateCorrector::same
(
    const scalar a,
    const scalar b
) const
{
    return mag(a - b) < timeTolerance(time_, model_->timeStep());
}


bool Foam::functionObjects::surrogateCorrector::onInterval
(
    const scalar time
) const
{
    return same(time, interval_*round(time/interval_));
}


bool Foam::functionObjects::surrogateCorrector::due() const
{
    const scalar now = time_.value();

    if (interval_ > 0)
    {
        return onInterval(now);
    }
    if (intervalSteps_ > 0)
    {
        return time_.timeIndex() % intervalSteps_ == 0;
    }

    const scalar next = lastLook_ + model_->timeStep();
    return
        (now > next || same(now, next))
     && (model_->lag() == 0 || previous());
}


void Foam::functionObjects::surrogateCorrector::checkNotMissed() const
{
    const scalar now = time_.value();

    if (interval_ > 0)
    {
        const scalar passed = interval_*floor(now/interval_);
        if (passed > lastTime_ && !same(passed, lastTime_) && !onInterval(now))
        {
            refuseTimeStep
            (
                "a step from time " + Foam::name(lastTime_) + " to "
              + time_.timeName() + " over a time of interval"
            );
        }
    }
    else if (!intervalSteps_ && now > lastLook_ + 10*model_->timeStep())
    {
        refuseTimeStep
        (
            "time " + time_.timeName() + ", and no pair of states since time "
          + Foam::name(lastLook_)
        );
    }
}


const surrogate::State*
Foam::functionObjects::surrogateCorrector::previous() const
{
    for (const surrogate::State& state : history_)
    {
        if (same(state.time, time_.value() - model_->lag()))
        {
            return &state;
        }
    }
    return nullptr;
}


bool Foam::functionObjects::surrogateCorrector::ready() const
{
    if (model_->lag() == 0 || previous())
    {
        return true;
    }

    const scalar wanted = time_.value() - model_->lag();
    if (wanted > begin_ || same(wanted, begin_))
    {
        refuseTimeStep
        (
            "at time " + time_.timeName() + " no state of time "
          + Foam::name(wanted)
        );
    }

    Log << type() << ' ' << name() << ": time " << time_.timeName()
        << ", not looked at: no state at time " << wanted << " yet" << endl;
    return false;
}


void Foam::functionObjects::surrogateCorrector::look()
{
    const auto began = std::chrono::steady_clock::now();

    surrogate::State before, corrected, after;
    surrogate::Refinement refinement;
    model_->gather(before);
    corrected = after = before;

    const std::string failure = model_->correct
    (
        corrected,
        model_->lag() > 0 ? *previous() : before,
        refinement
    );
    if (!failure.empty())
    {
        fail(failure);
        return;
    }

    FluxReport flux;
    if (refinement.active)
    {
        flux = replaceFields(corrected, before);
        model_->reportRepairs();
        model_->gather(after);
    }
    else
    {
        reportErrors
        (
            dict_, [&] { flux = model_->fieldsOfCase().continuity(); }
        );
    }

    const std::chrono::duration<scalar> wallTime
    (
        std::chrono::steady_clock::now() - began
    );
    report(refinement, before, after, flux, wallTime.count());
}


Foam::FluxReport Foam::functionObjects::surrogateCorrector::replaceFields
(
    const surrogate::State& state,
    const surrogate::State& before
)
{
    FluxReport flux;
    reportErrors
    (
        dict_,
        [&]
        {
            model_->fieldsOfCase().measureUsual();
            flux = model_->fieldsOfCase().replace(state, &before);
            if (time_.writeTime())
            {
                model_->fieldsOfCase().rewrite();
            }
        }
    );
    return flux;
}


void Foam::functionObjects::surrogateCorrector::fail
(
    const std::string& message
) const
{
    if (stopOnFailure_)
    {
        FatalIOErrorInFunction(dict_)
            << "The corrector failed at time " << time_.timeName()
            << ". The fields are those from before it." << nl
            << message.c_str() << nl
            << exit(FatalIOError);
    }

    WarningInFunction
        << "The corrector failed at time " << time_.timeName()
        << "; the run goes on with the uncorrected fields." << nl
        << message.c_str() << endl;
}


void Foam::functionObjects::surrogateCorrector::report
(
    const surrogate::Refinement& refinement,
    const surrogate::State& before,
    const surrogate::State& after,
    const FluxReport& flux,
    const scalar wallTime
)
{
    Log << type() << ' ' << name() << ": time " << time_.timeName() << ", "
        << describe(refinement).c_str()
        << (refinement.active ? ", corrected" : ", left as it was") << ", "
        << 1000*wallTime << " ms, continuity error " << flux.before << " -> "
        << flux.after << endl;

    callOnMaster
    (
        dict_,
        [&]
        {
            if (!writeToFile())
            {
                return;
            }
            const changes change(before, after, velocity_);

            OFstream& os = file();
            writeCurrentTime(os);
            writeRefinement(os, refinement);
            os  << tab << label(refinement.active) << tab << wallTime;
            writeNumber(os, change.energy);
            writeNumber(os, change.enstrophy);
            os  << tab << flux.before << tab << flux.after << endl;
        }
    );
}


void Foam::functionObjects::surrogateCorrector::remember()
{
    const scalar lag = model_->lag();
    const scalar now = time_.value();

    const auto past = [&](const surrogate::State& state)
    {
        const scalar last = state.time + lag;
        return last < now || same(last, now) || same(state.time, now);
    };
    history_.erase
    (
        std::remove_if(history_.begin(), history_.end(), past),
        history_.end()
    );

    if (lag > 0 && (!interval_ || onInterval(now + lag)))
    {
        history_.emplace_back();
        model_->gather(history_.back());
    }
}


void Foam::functionObjects::surrogateCorrector::restore()
{
    getProperty("lastLook", lastLook_);

    const bool found = model_->readStates
    (
        name(),
        [&](surrogate::NamedStates states)
        {
            history_ = states[historyName];
            model_->setMemory(surrogate::withoutPrefix(memoryPrefix, states));
        }
    );

    if (found)
    {
        // The others know the times
        scalarList times;
        for (const surrogate::State& state : history_)
        {
            times.append(state.time);
        }
        broadcast(times);
        history_.resize(times.size());
        forAll(times, i)
        {
            history_[i].time = times[i];
        }
        return;
    }

    if (time_.timeIndex() > 0)
    {
        Info<< type() << ' ' << name() << ": no earlier states at time "
            << time_.timeName() << ", it begins anew" << nl << endl;
    }
    remember();
}


void Foam::functionObjects::surrogateCorrector::save() const
{
    model_->writeStates
    (
        name(),
        [&]
        {
            surrogate::NamedStates states
            (
                surrogate::withPrefix(memoryPrefix, model_->memory())
            );
            states[historyName] = history_;
            return states;
        }
    );
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::functionObjects::surrogateCorrector::surrogateCorrector
(
    const word& name,
    const Time& runTime,
    const dictionary& dict
)
:
    fvMeshFunctionObject(name, runTime, dict),
    writeFile(mesh_, name, "refinement", dict),
    dict_(dict),
    interval_(0),
    intervalSteps_(0),
    stopOnFailure_(true),
    begin_(runTime.value()),
    lastLook_(runTime.value()),
    lastTime_(runTime.value())
{
    read(dict);
    restore();

    if (Pstream::master() && writeToFile())
    {
        writeHeader(file(), "What the corrector estimated and did");
        writeCommented(file(), "Time");
        wordList columns(refinementColumns());
        columns.append
        (
            wordList
            ({
                "changed", "wallTime[s]", "energyChange", "enstrophyChange",
                "continuityErrorOfU", "continuityErrorOfPhi"
            })
        );
        for (const word& column : columns)
        {
            writeTabbed(file(), column);
        }
        file() << endl;
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::functionObjects::surrogateCorrector::read(const dictionary& dict)
{
    fvMeshFunctionObject::read(dict);
    writeFile::read(dict);
    dict_ = dict;

    surrogate::Settings settings;
    reportErrors
    (
        dict_,
        [&]
        {
            settings = optionsFromFunctionObjectDict(dict, validKeywords());
            readSchedule(settings);
        }
    );
    readModel(settings);
    checkTimeStep();

    return true;
}


bool Foam::functionObjects::surrogateCorrector::execute()
{
    if (postProcess)
    {
        return true;
    }

    if (!due())
    {
        checkNotMissed();
    }
    else if (ready())
    {
        look();
        lastLook_ = time_.value();
    }

    remember();
    lastTime_ = time_.value();

    setProperty("lastLook", lastLook_);
    if (time_.writeTime())
    {
        save();
    }

    return true;
}


bool Foam::functionObjects::surrogateCorrector::write()
{
    return true;
}


bool Foam::functionObjects::surrogateCorrector::adjustTimeStep()
{
    const scalar now = time_.value();
    const scalar lag = model_->lag();
    const auto hit = [&](const scalar time)
    {
        if (time > now && !same(time, now))
        {
            reduceTimeStep(time_, time - now);
        }
    };

    if (interval_ > 0)
    {
        hit(interval_*(floor(now/interval_ + 1e-6) + 1));
        hit(interval_*ceil((now + lag)/interval_ + 1e-6) - lag);
    }
    else if (!intervalSteps_ && lag > 0)
    {
        hit(lastLook_ + model_->timeStep());
    }

    return true;
}


// ************************************************************************* //
