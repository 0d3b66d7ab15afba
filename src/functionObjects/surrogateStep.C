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
#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"
#include "functionObjects/refinementText.H"

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


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static std::vector<std::string> validKeywords()
{
    std::vector<std::string> keywords
    {
        "solverSteps", "surrogateSteps", "startAfter", "onFailure"
    };
    const std::vector<std::string> ofModel(modelStep::keywords());
    keywords.insert(keywords.end(), ofModel.begin(), ofModel.end());
    return keywords;
}


//- True where both name the same files
static bool sameModels
(
    std::map<std::string, surrogate::Settings::Value> a,
    std::map<std::string, surrogate::Settings::Value> b
)
{
    return a["model"] == b["model"] && a["corrector"] == b["corrector"];
}


static label steps
(
    const surrogate::Settings& settings,
    const char* keyword,
    const label least
)
{
    const label n = settings.get(keyword, -1);
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

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::Time& Foam::functionObjects::surrogateStep::runTime()
{
    return const_cast<Time&>(time_);
}


void Foam::functionObjects::surrogateStep::readModel
(
    const surrogate::Settings& settings
)
{
    entryMap entries, options;
    const surrogate::Settings ofModel(only(settings, modelStep::keywords()));
    for (const auto& entry : ofModel.all())
    {
        (modelStep::isOption(entry.first) ? options : entries).insert(entry);
    }

    if (!model_ || entries != modelEntries_)
    {
        autoPtr<modelStep> model(new modelStep(mesh_, dict_, settings));
        model->check();
        if (model_)
        {
            model->fieldsOfCase().setUsual(model_->fieldsOfCase().usual());
            if (sameModels(entries, modelEntries_))
            {
                model->takeMemory(model_());
            }
        }
        model_ = std::move(model);
    }
    else if (options != modelOptions_)
    {
        model_->setOptions(settings);
    }
    modelEntries_ = entries;
    modelOptions_ = options;
}


Foam::label Foam::functionObjects::surrogateStep::position() const
{
    return time_.timeIndex() - cycleStart_;
}


bool Foam::functionObjects::surrogateStep::fits() const
{
    const scalar deltaT = model_->timeStep();
    return time_.value() + deltaT < time_.endTime().value() + 1e-6*deltaT;
}


void Foam::functionObjects::surrogateStep::restore()
{
    const label now = time_.timeIndex();
    cycleStart_ = min(now, getProperty<label>("cycleStart", now));
    solverDeltaT_ = getProperty<scalar>("solverDeltaT", time_.deltaTValue());
    model_->fieldsOfCase().setUsual(getProperty<scalar>("continuityError", 0));

    const bool found = model_->readMemory(name());
    if (model_->corrects() && now > 0 && !found)
    {
        Info<< type() << ' ' << name() << ": no memory of the corrector at time "
            << time_.timeName() << ", it begins anew" << nl << endl;
    }
}


void Foam::functionObjects::surrogateStep::save()
{
    setProperty("cycleStart", cycleStart_);
    setProperty("solverDeltaT", solverDeltaT_);
    setProperty("continuityError", model_->fieldsOfCase().usual());

    if (time_.writeTime())
    {
        model_->writeMemory(name());
    }
}


void Foam::functionObjects::surrogateStep::jump()
{
    if (postProcess || jumping_ || position() < solverSteps_)
    {
        return;
    }

    if (position() < solverSteps_ + surrogateSteps_ && fits())
    {
        beginJump();

        label nLeft = solverSteps_ + surrogateSteps_ - position();
        while (nLeft > 0 && fits() && step(--nLeft))
        {}

        endJump();
    }

    cycleStart_ = time_.timeIndex();
    began_ = clock::now();
}


void Foam::functionObjects::surrogateStep::beginJump()
{
    jumping_ = true;

    // Not after a restart amid a jump: there the fields are the model's
    if (position() == solverSteps_)
    {
        model_->fieldsOfCase().measureUsual();
        solverDeltaT_ = time_.deltaTValue();
    }

    const scalar listed = time_.controlDict().get<scalar>("deltaT");
    if (listed != listedDeltaT_)
    {
        listedDeltaT_ = listed;
        solverDeltaT_ = time_.userTimeToTime(listed);
    }
    model_->setSolverTimeStep(solverDeltaT_);
}


bool Foam::functionObjects::surrogateStep::step(const label nLeft)
{
    began_ = clock::now();

    const std::string failure = model_->advance();
    if (!failure.empty())
    {
        fail(failure);
        return false;
    }

    runTime().setDeltaT(model_->timeStep(), false);
    ++runTime();
    lastIndex_ = time_.timeIndex();

    FluxReport flux = model_->writeBack();

    if (nLeft == 0 || !fits() || time_.writeTime())
    {
        const scalar before = flux.before;
        reportErrors(dict_, [&] { flux = model_->fieldsOfCase().complete(); });
        flux.before = before;
    }

    report("model", flux);
    model_->reportRepairs();
    observe();

    return true;
}


void Foam::functionObjects::surrogateStep::observe()
{
    if (time_.writeTime())
    {
        time_.write();
    }

    runTime().functionObjects().execute();
}


void Foam::functionObjects::surrogateStep::endJump()
{
    model_->fieldsOfCase().handOver();
    runTime().setDeltaT(solverDeltaT_, false);
    jumping_ = false;

    // Time::run() does this only for a run that a solver's step ends
    if (time_.value() > time_.endTime().value() - 0.5*time_.deltaTValue())
    {
        runTime().functionObjects().end();
    }
}


void Foam::functionObjects::surrogateStep::fail(const std::string& message)
{
    if (stopOnFailure_)
    {
        FatalIOErrorInFunction(dict_)
            << "The model failed at time " << time_.timeName()
            << ". The fields are those from before its step." << nl
            << message.c_str() << nl
            << exit(FatalIOError);
    }

    WarningInFunction
        << "The model failed at time " << time_.timeName()
        << "; the solver goes on from before its step." << nl
        << message.c_str() << endl;

    // The jump may end earlier than the step before this one knew
    if (position() > solverSteps_)
    {
        reportErrors(dict_, [&] { model_->fieldsOfCase().complete(); });
    }
}


void Foam::functionObjects::surrogateStep::report
(
    const char* who,
    const FluxReport& flux
)
{
    const scalar wallTime =
        std::chrono::duration<scalar>(clock::now() - began_).count();
    const scalar energy = model_->fieldsOfCase().kineticEnergy();

    const auto refinements
    (
        jumping_
      ? model_->refinements()
      : std::vector<surrogate::Refinement>()
    );

    Log << type() << ' ' << name() << ": time " << time_.timeName()
        << " by the " << who << ", " << 1000*wallTime
        << " ms, continuity error " << flux.before << " -> " << flux.after
        << ", kinetic energy " << energy;
    if (!refinements.empty())
    {
        Log << ", " << describe(refinements.front()).c_str();
    }
    Log << endl;

    if (Pstream::master() && writeToFile())
    {
        OFstream& os = file();
        writeCurrentTime(os);
        os  << tab << who << tab << wallTime
            << tab << flux.before << tab << flux.after << tab << energy;
        writeRefinement
        (
            os,
            refinements.empty()
          ? surrogate::Refinement()
          : refinements.front()
        );
        os  << endl;
    }
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
    writeFile(mesh_, name, "steps", dict),
    dict_(dict),
    cycleStart_(runTime.timeIndex()),
    lastIndex_(runTime.timeIndex()),
    solverDeltaT_(runTime.deltaTValue()),
    listedDeltaT_(runTime.controlDict().get<scalar>("deltaT")),
    began_(clock::now())
{
    read(dict);
    restore();

    if (Pstream::master() && writeToFile())
    {
        writeHeader(file(), "Time steps and who took them");
        writeCommented(file(), "Time");
        for
        (
            const char* column
          : {
                "by", "wallTime[s]", "continuityErrorOfU",
                "continuityErrorOfPhi", "kineticEnergy"
            }
        )
        {
            writeTabbed(file(), column);
        }
        for (const word& column : refinementColumns())
        {
            writeTabbed(file(), column);
        }
        file() << endl;
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::functionObjects::surrogateStep::read(const dictionary& dict)
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
            solverSteps_ = steps(settings, "solverSteps", 1);
            surrogateSteps_ = steps(settings, "surrogateSteps", 0);
            startAfter_ = time_.userTimeToTime
            (
                settings.get("startAfter", double(-GREAT))
            );
            stopOnFailure_ = modelFields::stopsOnFailure(settings);
        }
    );
    readModel(settings);

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
        FluxReport flux;
        reportErrors
        (
            dict_, [&] { flux = model_->fieldsOfCase().continuity(); }
        );
        report("solver", flux);
    }

    if (time_.value() < startAfter_ + 0.5*time_.deltaTValue())
    {
        cycleStart_ = time_.timeIndex();
    }

    save();
    began_ = clock::now();

    return true;
}


bool Foam::functionObjects::surrogateStep::write()
{
    return true;
}


bool Foam::functionObjects::surrogateStep::filesModified() const
{
    const_cast<surrogateStep&>(*this).jump();
    return false;
}


// ************************************************************************* //
