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

#include "functionObjects/hybridSteps.H"
#include "functionObjects/recordedStepper.H"
#include "functionObjects/refinementText.H"
#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"

#include "Time.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- True where both name the same files
static bool sameModels
(
    std::map<std::string, surrogate::Settings::Value> a,
    std::map<std::string, surrogate::Settings::Value> b
)
{
    return a["model"] == b["model"] && a["corrector"] == b["corrector"];
}


//- Names that a model is loaded by, beside modelStep's
static std::vector<std::string> modelKeywords()
{
    std::vector<std::string> keywords(modelStep::keywords());
    for (const std::string& more : recordedStepper::keywords())
    {
        keywords.push_back(more);
    }
    keywords.insert(keywords.end(), {"policy", "members"});
    return keywords;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::Time& Foam::hybridSteps::runTime()
{
    return const_cast<Time&>(mesh_.time());
}


void Foam::hybridSteps::readModel(const surrogate::Settings& settings)
{
    entryMap entries, options;
    const surrogate::Settings ofModel(only(settings, modelKeywords()));
    for (const auto& entry : ofModel.all())
    {
        (modelStep::isOption(entry.first) ? options : entries).insert(entry);
    }

    if (!model_ || entries != modelEntries_)
    {
        autoPtr<modelStep> model(new modelStep(mesh_, dict_, settings));
        model->check();
        if (nMembers_ > 1)
        {
            model->makeMembers(nMembers_, 0);
        }
        if (model_)
        {
            model->fieldsOfCase().setUsual(model_->fieldsOfCase().usual());
            if (sameModels(entries, modelEntries_))
            {
                model->takeMemory(model_());
            }
        }
        settings_.clear();
        policy_.clear();
        model_ = std::move(model);
    }
    else if (options != modelOptions_)
    {
        model_->setOptions(settings);
    }
    modelEntries_ = entries;
    modelOptions_ = options;
}


template<class Call>
void Foam::hybridSteps::judge(const Call& call)
{
    const auto start = clock::now();
    reportErrors(dict_, call);
    judging_ += std::chrono::duration<scalar>(clock::now() - start).count();
}


void Foam::hybridSteps::begin()
{
    began_ = clock::now();
    judging_ = 0;
}


Foam::scalar Foam::hybridSteps::sinceBegin() const
{
    return std::chrono::duration<scalar>(clock::now() - began_).count();
}


void Foam::hybridSteps::complete(FluxReport& flux)
{
    const scalar before = flux.before;
    reportErrors(dict_, [&] { flux = model_->fieldsOfCase().complete(); });
    flux.before = before;
}


void Foam::hybridSteps::reject
(
    const stepPolicy::Verdict& verdict,
    const FluxReport& flux
)
{
    const scalar time = mesh_.time().value() + model_->timeStep();
    model_->takeBack();

    rejected_.steps++;
    rejected_.wallTime += sinceBegin();
    report(time, "model", flux, verdict);

    // The step before this one did not know that it would be the last
    if (policy_->amidTurn())
    {
        FluxReport ignored;
        complete(ignored);
    }
}


void Foam::hybridSteps::fail(const std::string& message)
{
    if (stopOnFailure_)
    {
        FatalIOErrorInFunction(dict_)
            << "The model failed at time " << mesh_.time().timeName()
            << ". The fields are those from before its step." << nl
            << message.c_str() << nl
            << exit(FatalIOError);
    }

    WarningInFunction
        << "The model failed at time " << mesh_.time().timeName()
        << "; the solver goes on from before its step." << nl
        << message.c_str() << endl;

    stepPolicy::Verdict verdict;
    verdict.reason = "failed";
    reject(verdict, FluxReport());
}


void Foam::hybridSteps::writeTitles()
{
    if (!Pstream::master() || !writeToFile())
    {
        return;
    }

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
    for
    (
        const char* column
      : {
            "measure", "limit", "energyResidual", "energyLimit",
            "policyTime[s]", "verdict", "reason"
        }
    )
    {
        writeTabbed(file(), column);
    }
    file() << endl;
}


void Foam::hybridSteps::report
(
    const scalar time,
    const char* who,
    const FluxReport& flux,
    const stepPolicy::Verdict& verdict
)
{
    const scalar wallTime = sinceBegin();
    const scalar energy = model_->fieldsOfCase().kineticEnergy();
    const bool byModel = who[0] == 'm';
    judgingAll_ += judging_;

    const auto refinements
    (
        byModel
      ? model_->refinements()
      : std::vector<surrogate::Refinement>()
    );

    Info<< title_.c_str() << ": time " << Time::timeName(time)
        << " by the " << who << ", " << 1000*wallTime << " ms";
    if (model_->fieldsOfCase().hasVelocity())
    {
        Info<< ", continuity error " << flux.before << " -> " << flux.after
            << ", kinetic energy " << energy;
    }
    if (!refinements.empty())
    {
        Info<< ", " << describe(refinements.front()).c_str();
    }
    if (!std::isnan(verdict.measure))
    {
        Info<< ", measure " << verdict.measure << " of " << verdict.limit;
    }
    if (!verdict.accepted())
    {
        Info<< ", taken back: " << verdict.reason.c_str();
    }
    Info<< endl;

    if (Pstream::master() && writeToFile())
    {
        OFstream& os = file();
        os  << setw(charWidth()) << time
            << tab << who << tab << wallTime
            << tab << flux.before << tab << flux.after << tab << energy;
        writeRefinement
        (
            os,
            refinements.empty()
          ? surrogate::Refinement()
          : refinements.front()
        );
        for
        (
            const scalar value
          : {
                verdict.measure, verdict.limit,
                verdict.energyResidual, verdict.energyLimit
            }
        )
        {
            os  << tab;
            std::isnan(value) ? os << "nan" : os << value;
        }
        os  << tab << judging_
            << tab << (verdict.accepted() ? "accepted" : "rejected")
            << tab << (verdict.accepted() ? "-" : verdict.reason.c_str())
            << endl;
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::hybridSteps::hybridSteps
(
    const word& type,
    const word& name,
    const fvMesh& mesh,
    const dictionary& dict,
    const surrogate::Settings& settings
)
:
    writeFile(mesh, name, "steps", dict),
    title_(type + ' ' + name),
    name_(name),
    mesh_(mesh),
    dict_(dict),
    snapshot_(mesh),
    solverDeltaT_(mesh.time().deltaTValue()),
    listedDeltaT_(mesh.time().controlDict().get<scalar>("deltaT")),
    began_(clock::now())
{
    read(dict, settings);
    writeTitles();
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::hybridSteps::keywords()
{
    std::vector<std::string> keywords{"onFailure", "members", "perturbation"};
    for
    (
        const std::vector<std::string>& more
      : {stepPolicy::keywords(), modelStep::keywords()}
    )
    {
        keywords.insert(keywords.end(), more.begin(), more.end());
    }
    return keywords;
}


void Foam::hybridSteps::read
(
    const dictionary& dict,
    const surrogate::Settings& settings
)
{
    dict_ = dict;
    dictionary state;
    if (policy_)
    {
        policy_->save(state);
    }

    reportErrors
    (
        dict_,
        [&]
        {
            nMembers_ = settings.get("members", 1);
            perturbation_ = settings.get("perturbation", 0.0);
            if (nMembers_ < 1)
            {
                throw surrogate::Error
                ({
                    "Not a size of an ensemble",
                    settings.where() + ", entry members",
                    "1 or more", std::to_string(nMembers_), {}
                });
            }
            stopOnFailure_ = modelFields::stopsOnFailure(settings);
        }
    );
    readModel(settings);

    if (!policy_ || settings.all() != settings_)
    {
        reportErrors
        (
            dict_, [&] { policy_ = stepPolicy::New(settings, model_()); }
        );
        if (!state.empty())
        {
            policy_->restore(state);
        }
        settings_ = settings.all();
    }
    if (!settings.found("onFailure"))
    {
        stopOnFailure_ = !policy_->judges();
    }
}


bool Foam::hybridSteps::due() const
{
    return policy_->modelsTurn();
}


bool Foam::hybridSteps::modelsTurn() const
{
    const Time& runTime = mesh_.time();
    const scalar deltaT = model_->timeStep();
    return
        policy_->modelsTurn()
     && runTime.value() + deltaT < runTime.endTime().value() + 1e-6*deltaT;
}


void Foam::hybridSteps::beginTurn()
{
    nTaken_ = 0;

    // Not after a restart amid a turn: there the fields are the model's
    if (!policy_->amidTurn())
    {
        model_->fieldsOfCase().measureUsual();
        solverDeltaT_ = mesh_.time().deltaTValue();
        if (nMembers_ > 1)
        {
            model_->makeMembers(nMembers_, perturbation_);
        }
    }

    const scalar listed = mesh_.time().controlDict().get<scalar>("deltaT");
    if (listed != listedDeltaT_)
    {
        listedDeltaT_ = listed;
        solverDeltaT_ = mesh_.time().userTimeToTime(listed);
    }
    model_->setSolverTimeStep(solverDeltaT_);
}


bool Foam::hybridSteps::step()
{
    begin();
    judge([&] { policy_->beforeStep(); });
    if (policy_->judges())
    {
        model_->keep();
    }

    const std::string failure = model_->advance();
    if (!failure.empty())
    {
        fail(failure);
        return false;
    }

    stepPolicy::Verdict verdict;
    judge([&] { verdict = policy_->judgeState(); });
    if (!verdict.accepted())
    {
        reject(verdict, FluxReport());
        return false;
    }

    if (policy_->judgesFields())
    {
        judge([&] { snapshot_.save(); });
    }
    runTime().setDeltaT(model_->timeStep(), false);
    ++runTime();

    FluxReport flux = model_->writeBack();

    if (policy_->judgesFields())
    {
        judge([&] { verdict = policy_->judgeFields(flux); });
        if (!verdict.accepted())
        {
            judge([&] { snapshot_.restore(); });
            reject(verdict, flux);
            return false;
        }
        policy_->accept();
    }

    ++nTaken_;
    if (!modelsTurn() || mesh_.time().writeTime())
    {
        complete(flux);
    }

    accepted_.steps++;
    accepted_.wallTime += sinceBegin();
    accepted_.simulated += model_->timeStep();
    report(mesh_.time().value(), "model", flux, verdict);
    model_->reportRepairs();

    return true;
}


void Foam::hybridSteps::endTurn()
{
    if (policy_->amidTurn() || nTaken_ > 0)
    {
        model_->fieldsOfCase().handOver();
        runTime().setDeltaT(solverDeltaT_, false);
    }
    nTaken_ = 0;
    reportErrors(dict_, [&] { policy_->endTurn(); });
}


void Foam::hybridSteps::solverBegins()
{
    begin();
}


void Foam::hybridSteps::solverStepped()
{
    solver_.steps++;
    solver_.wallTime += sinceBegin();
    solver_.simulated += mesh_.time().deltaTValue();

    FluxReport flux;
    reportErrors(dict_, [&] { flux = model_->fieldsOfCase().continuity(); });

    judge([&] { policy_->solverStepped(); });
    report(mesh_.time().value(), "solver", flux, stepPolicy::Verdict());
}


void Foam::hybridSteps::restore(const dictionary& dict)
{
    solverDeltaT_ =
        dict.getOrDefault<scalar>("solverDeltaT", mesh_.time().deltaTValue());
    model_->fieldsOfCase().setUsual
    (
        dict.getOrDefault<scalar>("continuityError", 0)
    );
    policy_->restore(dict);

    const bool found = model_->readMemory(name_);
    if (model_->remembers() && mesh_.time().timeIndex() > 0 && !found)
    {
        Info<< title_.c_str() << ": no memory of the "
            << (model_->corrects() ? "corrector" : "model") << " at time "
            << mesh_.time().timeName() << ", it begins anew" << nl << endl;
    }
}


void Foam::hybridSteps::save(dictionary& dict)
{
    policy_->save(dict);
    dict.set("solverDeltaT", solverDeltaT_);
    dict.set("continuityError", model_->fieldsOfCase().usual());

    if (mesh_.time().writeTime())
    {
        model_->writeMemory(name_);
    }
}


void Foam::hybridSteps::end()
{
    if (!Pstream::master())
    {
        return;
    }

    const scalar wall =
        solver_.wallTime + accepted_.wallTime + rejected_.wallTime;
    const scalar simulated = solver_.simulated + accepted_.simulated;
    const scalar all =
        accepted_.steps + rejected_.steps > 0
     && solver_.simulated > 0 && wall > 0
      ? solver_.wallTime/solver_.simulated*simulated/wall
      : stepPolicy::Verdict::quietNaN;

    const auto write = [&](Ostream& os, const char* between)
    {
        os  << "stepsBySolver" << between << solver_.steps << nl
            << "stepsByModel" << between << accepted_.steps << nl
            << "stepsRejected" << between << rejected_.steps << nl
            << "simulatedBySolver[s]" << between << solver_.simulated << nl
            << "simulatedByModel[s]" << between << accepted_.simulated << nl
            << "wallTimeOfSolver[s]" << between << solver_.wallTime << nl
            << "wallTimeOfModel[s]" << between << accepted_.wallTime << nl
            << "wallTimeOfRejected[s]" << between << rejected_.wallTime << nl
            << "wallTimeOfPolicy[s]" << between << judgingAll_ << nl
            << "speedUp" << between;
        std::isnan(all) ? os << "nan" : os << all;
        os  << endl;
    };

    Info<< nl << title_.c_str() << ": summary" << nl;
    write(Info, " ");
    Info<< endl;

    if (writeToFile())
    {
        OFstream os(file().name().path()/"summary.dat");
        write(os, "\t");
    }
}


// ************************************************************************* //
