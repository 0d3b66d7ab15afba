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

#include "functionObjects/modelStep.H"
#include "functionObjects/recordedStepper.H"
#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"
#include "model/surrogate.h"

#include "Pstream.H"
#include "Time.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Sub-dictionaries
static const std::string coeffs = "correctorCoeffs";
static const std::string samplerCoeffs = "samplerCoeffs";
static const std::string networkControls = "networkControls";

//- In a state file: the members but the first, and the entries of the memory
static const std::string membersName = "members";
static const std::string memoryPrefix = "memory.";

//- Of the random numbers that perturb the members; models use small ones
static const std::uint32_t perturbationStream = 0x70657274;


static surrogate::CorrectorOptions optionsOf
(
    const surrogate::Settings& settings,
    const std::string& section
)
{
    return surrogate::CorrectorOptions::read(settings.section(section));
}


static surrogate::NetworkControls controlsOf
(
    const surrogate::Settings& settings
)
{
    return surrogate::NetworkControls::read(settings.section(networkControls));
}


//- Throws where there are options without a corrector
static void refuseOptions(const surrogate::Settings& settings)
{
    if (!settings.section(coeffs).all().empty())
    {
        throw surrogate::Error
        ({
            "Nothing to apply an entry to",
            settings.where() + ", entry " + coeffs,
            "an entry corrector beside it", "none", {}
        });
    }
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

const surrogate::Manifest& Foam::modelStep::load
(
    const surrogate::Settings& settings
)
{
    const auto runtime = surrogate::RuntimeOptions::read(settings);
    fileName file;

    if (settings.get("policy", "") == "oracle")
    {
        file = settings.get("oracleCoeffs.file", "");
        stepper_.reset(new recordedStepper(settings));
    }
    else
    {
        file = modelFile(settings, "model");
        stepper_ = surrogate::loadSurrogate
        (
            file, runtime, optionsOf(settings, samplerCoeffs), team()
        );
    }
    announce(file, stepper_->manifest(), stepper_->runtime());
    stepper_->setControls(controlsOf(settings));

    if (corrects_)
    {
        const fileName correctorFile(modelFile(settings, "corrector"));
        auto corrector = surrogate::loadCorrector
        (
            correctorFile, runtime, optionsOf(settings, coeffs), team()
        );
        announce(correctorFile, corrector->manifest(), corrector->runtime());
        corrector_ = corrector.get();
        stepper_ = surrogate::withCorrector
        (
            std::move(stepper_), std::move(corrector)
        );
    }
    else
    {
        refuseOptions(settings);
    }

    return stepper_->manifest();
}


void Foam::modelStep::printConvergence() const
{
    const std::string names = surrogate::join(fields().names());
    const auto all = stepper_->convergence();
    for (std::size_t member = 0; member < all.size(); ++member)
    {
        const surrogate::Convergence& one = all[member];
        Info<< one.solver.c_str() << ":  Solving for " << names.c_str();
        if (all.size() > 1)
        {
            Info<< " of member " << label(member);
        }
        Info<< ", Initial residual = " << one.initialResidual
            << ", Final residual = " << one.finalResidual
            << ", No Iterations " << one.iterations << endl;
    }
}


void Foam::modelStep::perturb(const scalar perturbation)
{
    const surrogate::Noise numbers(noise());

    for (std::size_t m = 1; m < members_.size(); ++m)
    {
        surrogate::State& state = members_[m];
        const surrogate::Noise mine(numbers.ofMember(m));
        const std::size_t nCells = state.grid.nCells();
        std::size_t begin = 0;

        for (const surrogate::Field& field : state.fields)
        {
            const std::size_t end = begin + field.components*nCells;
            scalar sumSqr = 0;
            for (std::size_t i = begin; i < end; ++i)
            {
                sumSqr += sqr(state.values[i]);
            }
            const scalar amplitude =
                perturbation*Foam::sqrt(sumSqr/scalar(nCells));
            for (std::size_t i = begin; i < end; ++i)
            {
                state.values[i] +=
                    amplitude*mine.normal(perturbationStream, i);
            }
            begin = end;
        }
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::modelStep::modelStep
(
    const fvMesh& mesh,
    const dictionary& dict,
    const surrogate::Settings& settings
)
:
    modelFields(mesh, dict, settings),
    corrects_(settings.found("corrector")),
    members_(1)
{
    modelFields::load
    (
        [&]() -> const surrogate::Manifest& { return load(settings); }
    );
    if (stepper_)
    {
        const std::string& method = stepper_->manifest().method;
        const bool hierarchical = method == "hierarchicalEmulator";
        const bool past = stepper_->manifest().history > 1;
        remembers_ = corrects_ || hierarchical || past;
        estimatesLevels_ =
            corrects_
         || (!hierarchical && method != "emulator" && method != "recording");
    }
    broadcast(remembers_);
    broadcast(estimatesLevels_);
    reportErrors
    (
        dict,
        [&]
        {
            untouched_.reset
            (
                new untouchedFields
                (
                    mesh,
                    untouchedFields::Options::read(settings),
                    stateWriteBack::Options::read(settings),
                    fields()
                )
            );
        }
    );
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::modelStep::keywords()
{
    std::vector<std::string> keywords(modelFields::keywords());
    keywords.push_back("corrector");
    for (const std::string& more : untouchedFields::Options::keywords())
    {
        keywords.push_back(more);
    }
    for (const std::string& control : surrogate::NetworkControls::keywords())
    {
        keywords.push_back(networkControls + "." + control);
    }
    for (const std::string& option : surrogate::CorrectorOptions::keywords())
    {
        keywords.push_back(coeffs + "." + option);
        keywords.push_back(samplerCoeffs + "." + option);
    }
    return keywords;
}


void Foam::modelStep::check()
{
    modelFields::check();
    reportErrors(dict(), [&] { untouched_->check(); });
}


bool Foam::modelStep::isOption(const std::string& keyword)
{
    return
        keyword.rfind(coeffs + ".", 0) == 0
     || keyword.rfind(networkControls + ".", 0) == 0;
}


void Foam::modelStep::setOptions(const surrogate::Settings& settings)
{
    callOnMaster
    (
        dict(),
        [&]
        {
            stepper_->setControls(controlsOf(settings));
            if (corrects_)
            {
                corrector_->setOptions(optionsOf(settings, coeffs));
            }
            else
            {
                refuseOptions(settings);
            }
        }
    );
}


void Foam::modelStep::makeMembers(const label n, const scalar perturbation)
{
    gather(members_[0]);
    members_.assign(n, surrogate::State(members_[0]));
    if (perturbation != 0)
    {
        callOnMaster(dict(), [&] { perturb(perturbation); });
    }
}


std::string Foam::modelStep::advance()
{
    gather(members_[0]);
    before_ = members_[0];
    refined_.clear();
    for (surrogate::State& member : members_)
    {
        member.geometry = members_[0].geometry;   // files of states have none
    }
    const std::string message =
        tryModel([&] { stepper_->advance(members_, noise()); });
    if (message.empty() && stepper_)
    {
        printConvergence();
    }
    return message;
}


void Foam::modelStep::keep()
{
    gather(members_[0]);
    callOnMaster
    (
        dict(),
        [&]
        {
            keptMemory_ = stepper_->memory();
            keptMembers_ = members_;
        }
    );
}


void Foam::modelStep::takeBack()
{
    callOnMaster
    (
        dict(),
        [&]
        {
            stepper_->setMemory(keptMemory_);
            members_ = keptMembers_;
        }
    );
}


std::string Foam::modelStep::refine()
{
    return tryModel
    (
        [&]
        {
            std::vector<surrogate::State> before;
            if (corrector_->lag() > 0)
            {
                before = keptMembers_;
            }
            refined_ = corrector_->correct(members_, before, noise());
        }
    );
}


std::string Foam::modelStep::forecast
(
    surrogate::State& state,
    const label nSteps
)
{
    const scalar start = state.time;
    const std::string message = tryModel
    (
        [&]
        {
            std::vector<surrogate::State> members{state};
            const surrogate::Noise now(noise());
            stepper_->setMemory({});
            for (label i = 0; i < nSteps; ++i)
            {
                stepper_->advance
                (
                    members, surrogate::Noise(now.seed(), now.timeIndex() + i)
                );
            }
            state = std::move(members.front());
        }
    );
    if (message.empty())
    {
        state.time = start + nSteps*timeStep();
    }
    return message;
}


Foam::FluxReport Foam::modelStep::writeBack()
{
    FluxReport report;
    reportErrors
    (
        dict(),
        [&]
        {
            report = fieldsOfCase().write(members_[0], &before_);
            if (untouched_->solves())
            {
                report.after = fieldsOfCase().conserveFlux().after;
            }
            untouched_->advance();
        }
    );
    return report;
}


std::vector<surrogate::Refinement> Foam::modelStep::refinements() const
{
    return
        !refined_.empty() ? refined_
      : Pstream::master()
      ? stepper_->refinements()
      : std::vector<surrogate::Refinement>();
}


void Foam::modelStep::takeMemory(const modelStep& other)
{
    callOnMaster
    (
        dict(), [&] { stepper_->setMemory(other.stepper_->memory()); }
    );
}


void Foam::modelStep::writeMemory(const word& name) const
{
    writeStates
    (
        name,
        [&]
        {
            surrogate::NamedStates states
            (
                surrogate::withPrefix(memoryPrefix, stepper_->memory())
            );
            if (members_.size() > 1)
            {
                states[membersName].assign
                (
                    members_.begin() + 1, members_.end()
                );
            }
            return states;
        }
    );
}


bool Foam::modelStep::readMemory(const word& name)
{
    return readStates
    (
        name,
        [&](surrogate::NamedStates states)
        {
            const auto& others = states[membersName];
            if (others.size() + 1 != members_.size())
            {
                throw surrogate::Error
                ({
                    "Another number of members than the run was stopped with",
                    "state file of " + name,
                    std::to_string(members_.size()) + " members",
                    std::to_string(others.size() + 1),
                    {}
                });
            }
            std::copy(others.begin(), others.end(), members_.begin() + 1);

            stepper_->setMemory
            (
                surrogate::withoutPrefix(memoryPrefix, states)
            );
        }
    );
}


// ************************************************************************* //
