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

Application
    surrogateFoam

Group
    grpSurrogateSolvers

Description
    Solver of which every time step is a model's: an ordinary time loop, with
    all write controls and function objects, for any fields that the model
    knows. It reads these fields, and nothing else, from the start time.

    deltaT must be the model's time step.

    Where there is a velocity, its flux (phi) is there too, unwritten, for
    boundary conditions that ask for it, such as inletOutlet: that of the
    velocity one step before.

Usage
    \b surrogateFoam [OPTION]

    The model is given in constant/surrogateProperties:
    \verbatim
    model           "<constant>/kolmogorov.safetensors";
    device          auto;
    precision       auto;
    threads         0;

    corrector       "<constant>/kolmogorov-sns.safetensors";
    correctorCoeffs
    {
        activation      2;
    }

    members         8;
    perturbation    1e-3;
    \endverbatim

    with the entries of Foam::modelStep, and
    \table
        Property     | Description                          | Required | Default
        members      | size of the ensemble                 | no       | 1
        perturbation | of the other members' first states, as part of each
                       field's root mean square             | no       | 0
        policy       | always, drift or oracle (stepPolicy) | no       | always
        driftCoeffs  | of policy drift (driftPolicy)        | no       |
        oracleCoeffs | of policy oracle (recordedStepper)   | no       |
    \endtable

    There is no solver to take over where policy drift rejects a step: with a
    corrector the state is corrected once more, up to refinements times; then
    the run ends with an error. The other policies need a solver: see
    surrogatePimpleFoam and surrogateStep.

    An ensemble is advanced as one batch. Its first member is the run that
    there would be without the others, and all that function objects see and
    change; all begin with the fields of the start time. Mean and standard
    deviation are written beside the fields (UEnsembleMean, UEnsembleStddev).
    Members, and what a corrector remembers, are kept in
    TIME/uniform/surrogateFoam.safetensors, so that a restart gives the same
    numbers as no restart.

See also
    Foam::modelStep
    Foam::stepPolicy
    Foam::functionObjects::surrogateStep

\*---------------------------------------------------------------------------*/

#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"
#include "functionObjects/ensembleFields.H"
#include "functionObjects/modelStep.H"
#include "functionObjects/recordedStepper.H"
#include "functionObjects/refinementText.H"
#include "functionObjects/stepPolicy/driftPolicy.H"

#include "argList.H"
#include "fvcDiv.H"
#include "linear.H"
#include "surfaceFields.H"
#include "Time.H"
#include "volFields.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- Reads the field into the mesh's registry
template<class FieldType>
bool readField(const IOobject& io, const fvMesh& mesh, const bool must)
{
    if (must || IOobject(io).typeHeaderOk<FieldType>(true))
    {
        Info<< "Reading field " << io.name() << nl << endl;
        regIOobject::store(new FieldType(io, mesh));
        return true;
    }
    return false;
}


void readFields(const surrogate::FieldList& fields, const fvMesh& mesh)
{
    for (const surrogate::Field& field : fields)
    {
        const IOobject io
        (
            field.name, mesh.time().timeName(), mesh,
            IOobject::MUST_READ, IOobject::AUTO_WRITE
        );

        if
        (
            field.components > 1
         || !readField<volScalarField>(io, mesh, false)
        )
        {
            readField<volVectorField>(io, mesh, field.components > 1)
         || readField<volScalarField>(io, mesh, true);
        }
    }
}


//- The velocity's volumetric flux, in the mesh's registry; null without a
//  velocity
surfaceScalarField* makeFlux
(
    const fvMesh& mesh,
    const word& velocity,
    const word& name
)
{
    const auto* U = mesh.findObject<volVectorField>(velocity);
    if (!U || U->dimensions() != dimVelocity)
    {
        return nullptr;
    }
    auto* phi = new surfaceScalarField
    (
        IOobject(name, mesh.time().timeName(), mesh),
        linearInterpolate(*U) & mesh.Sf()
    );
    regIOobject::store(phi);
    return phi;
}


void checkTimeStep(const Time& runTime, const scalar timeStep)
{
    if (mag(runTime.deltaTValue() - timeStep) > 1e-6*timeStep)
    {
        FatalIOErrorInFunction(runTime.controlDict())
            << "deltaT " << runTime.deltaTValue()
            << " is not the model's time step, " << timeStep << nl
            << exit(FatalIOError);
    }
}


//- As OpenFOAM's incompressible solvers do, for the velocity's own flux
void printContinuity(const fvMesh& mesh)
{
    const auto* U = mesh.findObject<volVectorField>("U");
    if (!U || U->dimensions() != dimVelocity)
    {
        return;
    }

    const volScalarField error(fvc::div(linearInterpolate(*U) & mesh.Sf()));
    const scalar deltaT = mesh.time().deltaTValue();

    Info<< "time step continuity errors : sum local = "
        << deltaT*mag(error)().weightedAverage(mesh.V()).value()
        << ", global = "
        << deltaT*error.weightedAverage(mesh.V()).value() << endl;
}


//- FatalIOError where an entry is not as it should be. flux: its name
surrogate::Settings readSettings
(
    const dictionary& properties,
    word& flux,
    label& nMembers,
    scalar& perturbation
)
{
    surrogate::Settings settings;
    reportErrors
    (
        properties,
        [&]
        {
            settings = optionsFromDict(properties);
            auto valid = modelStep::keywords();
            valid.insert(valid.end(), {"members", "perturbation", "policy"});
            for
            (
                const std::vector<std::string>& more
              : {driftPolicy::keywords(), recordedStepper::keywords()}
            )
            {
                valid.insert(valid.end(), more.begin(), more.end());
            }
            settings.requireOnly(valid);
            stepPolicy::requireOneOf
            (
                settings, {"always", "drift", "oracle"}, "surrogateFoam"
            );
            if (!settings.found("policy"))
            {
                settings.set("policy", std::string("always"));
            }

            // There is no solver that goes on from a conservative flux
            flux = settings.get("phi", "phi");
            settings.set("phi", std::string());

            // There are no turns without a solver
            settings.set("solverSteps", 1L);
            settings.set("surrogateSteps", long(labelMax/2));

            nMembers = settings.get("members", 1);
            perturbation = settings.get("perturbation", 0.0);
            if (nMembers < 1)
            {
                throw surrogate::Error
                ({
                    "Not a size of an ensemble",
                    settings.where() + ", entry members",
                    "1 or more", std::to_string(nMembers), {}
                });
            }
        }
    );
    return settings;
}


//- Makes the members, or reads what the run was stopped with. Null without an
//  ensemble.
autoPtr<ensembleFields> start
(
    modelStep& model,
    const label nMembers,
    const scalar perturbation
)
{
    const Time& runTime = model.mesh().time();
    model.makeMembers(nMembers, perturbation);

    if
    (
        !model.readMemory("surrogateFoam")
     && runTime.timeIndex() > 0
     && (nMembers > 1 || model.remembers())
    )
    {
        Info<< "No members or memory at time " << runTime.timeName()
            << ": ensemble, past, hints and corrector begin anew" << nl << endl;
    }

    return autoPtr<ensembleFields>
    (
        nMembers > 1 ? new ensembleFields(model) : nullptr
    );
}


//- Takes the model a step on, and corrects it where the policy asks for that.
//  FatalIOError where it fails or remains bad.
void advance
(
    modelStep& model,
    stepPolicy& policy,
    const label nRefinements
)
{
    if (policy.judges())
    {
        model.keep();
    }
    std::string failure = model.advance();

    stepPolicy::Verdict verdict(policy.judgeState());
    for
    (
        label n = 0;
        failure.empty() && !verdict.accepted() && model.corrects()
     && n < nRefinements;
        ++n
    )
    {
        failure = model.refine();
        verdict = policy.judgeState();
    }

    if (failure.empty() && verdict.accepted())
    {
        return;
    }
    FatalIOErrorInFunction(model.dict())
        << "The model failed at time " << model.mesh().time().timeName() << nl;
    if (failure.empty())
    {
        FatalIOError
            << "Policy drift: " << verdict.reason << ' ' << verdict.measure
            << " is above " << verdict.limit
            << ", and there is no solver to take over" << nl;
    }
    FatalIOError<< failure.c_str() << nl << exit(FatalIOError);
}


//- Of the first member
void printRefinement(const modelStep& model)
{
    const auto refinements(model.refinements());
    if (!refinements.empty())
    {
        Info<< "Model: " << describe(refinements.front()).c_str() << endl;
    }
}


int main(int argc, char* argv[])
{
    argList::addNote("Solver of which every time step is a model's");

    argList args(argc, argv);
    Time runTime(Time::controlDictName, args);
    fvMesh mesh
    (
        IOobject
        (
            fvMesh::defaultRegion, runTime.timeName(), runTime,
            IOobject::MUST_READ
        )
    );

    const IOdictionary properties
    (
        IOobject
        (
            "surrogateProperties", runTime.constant(), mesh,
            IOobject::MUST_READ, IOobject::NO_WRITE
        )
    );
    label nMembers = 1;
    scalar perturbation = 0;
    word flux;
    const surrogate::Settings settings
    (
        readSettings(properties, flux, nMembers, perturbation)
    );

    modelStep model(mesh, properties, settings);
    readFields(model.fields(), mesh);
    const word velocity(settings.get("U", "U"));
    surfaceScalarField* phi = makeFlux(mesh, velocity, flux);
    model.check();
    const autoPtr<ensembleFields> ensemble
    (
        start(model, nMembers, perturbation)
    );

    autoPtr<stepPolicy> policy;
    reportErrors
    (
        properties, [&] { policy = stepPolicy::New(settings, model); }
    );
    const label nRefinements = settings.get("driftCoeffs.refinements", 3);

    Info<< "Starting time loop" << nl << endl;

    while (runTime.run())
    {
        checkTimeStep(runTime, model.timeStep());

        advance(model, policy(), nRefinements);

        ++runTime;
        Info<< "Time = " << runTime.timeName() << nl << endl;

        model.writeBack();
        if (phi)
        {
            const auto& U = mesh.lookupObject<volVectorField>(velocity);
            *phi = linearInterpolate(U) & mesh.Sf();
        }
        model.reportRepairs();
        printRefinement(model);
        printContinuity(mesh);

        if (ensemble && runTime.writeTime())
        {
            ensemble->update();
        }
        runTime.write();
        if (runTime.writeTime())
        {
            model.writeMemory("surrogateFoam");
        }
        runTime.printExecutionTime(Info);
    }

    Info<< "End" << nl << endl;

    return 0;
}


// ************************************************************************* //
