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

Namespace
Application
    surrogatePimpleFoam

Group
    grpSurrogateSolvers

Description
    Transient solver for incompressible, turbulent flow of Newtonian and other
    fluids by the PIMPLE algorithm, of which every time step is its own or a
    model's. Each is a step of the time loop, so that write controls and
    function objects see all of them.

    Its own steps are pimpleFoam's: turbulence models, fvOptions, MRF zones,
    adjustable time step, all controls of PIMPLE in fvSolution. The mesh is
    static.

Usage
    \b surrogatePimpleFoam [OPTION]

    The model and the policy are given in system/surrogateDict, with the
    entries of Foam::functionObjects::surrogateStep:
    \verbatim
    model           "<constant>/kolmogorov.safetensors";
    policy          residual;
    solverSteps     10;
    surrogateSteps  10;
    \endverbatim

    and
    \table
        Property     | Description                          | Required | Default
        mode         | steps, or initialGuess: all steps are the solver's, and
                       the model's prediction starts its pressure iterations
                       (see pressureGuess)                  | no       | steps
        initialGuessCoeffs | of mode initialGuess           | no       |
    \endtable

    Who took which step is told in
    postProcessing/surrogatePimpleFoam/TIME/steps.dat and summary.dat (see
    Foam::hybridSteps); what a restart needs is kept in
    TIME/uniform/surrogatePimpleFoam.

See also
    Foam::functionObjects::surrogateStep
    Foam::stepPolicy

\*---------------------------------------------------------------------------*/

#include "pressureGuess.H"
#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"
#include "functionObjects/hybridSteps.H"

#include "adjustPhi.H"
#include "argList.H"
#include "constrainHbyA.H"
#include "constrainPressure.H"
#include "findRefCell.H"
#include "fvc.H"
#include "fvm.H"
#include "fvMatrices.H"
#include "fvOptions.H"
#include "IOMRFZoneList.H"
#include "pimpleControl.H"
#include "singlePhaseTransportModel.H"
#include "turbulentTransportModel.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

void refuseDynamicMesh(const fvMesh& mesh)
{
    const IOobject io
    (
        "dynamicMeshDict", mesh.time().constant(), mesh,
        IOobject::MUST_READ, IOobject::NO_WRITE, false
    );
    if (!IOobject(io).typeHeaderOk<IOdictionary>(true))
    {
        return;
    }
    const IOdictionary dict(io);
    const word type(dict.getOrDefault<word>("dynamicFvMesh", "staticFvMesh"));
    if (type != "staticFvMesh")
    {
        FatalIOErrorInFunction(dict)
            << "The mesh must be static: staticFvMesh, found " << type << nl
            << exit(FatalIOError);
    }
}


//- A flow and the equations that take it a step on
class pimpleFlow
{
    const fvMesh& mesh_;
    const Time& runTime_;
    pimpleControl pimple_;
    volScalarField p_;
    volVectorField U_;
    surfaceScalarField phi_;
    label pRefCell_ = 0;
    scalar pRefValue_ = 0;
    singlePhaseTransportModel transport_;
    autoPtr<incompressible::turbulenceModel> turbulence_;
    IOMRFZoneList MRF_;
    fv::options& options_;
    scalar cumulativeContinuityError_ = 0;

    IOobject fieldOnDisk(const word& name) const
    {
        return IOobject
        (
            name, runTime_.timeName(), mesh_,
            IOobject::MUST_READ, IOobject::AUTO_WRITE
        );
    }

    IOobject fluxOnDisk() const
    {
        return IOobject
        (
            "phi", runTime_.timeName(), mesh_,
            IOobject::READ_IF_PRESENT, IOobject::AUTO_WRITE
        );
    }

    tmp<fvVectorMatrix> momentumPredictor()
    {
        MRF_.correctBoundaryVelocity(U_);

        tmp<fvVectorMatrix> tUEqn
        (
            fvm::ddt(U_) + fvm::div(phi_, U_)
          + MRF_.DDt(U_)
          + turbulence_->divDevReff(U_)
         ==
            options_(U_)
        );
        fvVectorMatrix& UEqn = tUEqn.ref();
        UEqn.relax();
        options_.constrain(UEqn);

        if (pimple_.momentumPredictor())
        {
            solve(UEqn == -fvc::grad(p_));
            options_.correct(U_);
        }
        return tUEqn;
    }

    void correctPressure(fvVectorMatrix& UEqn)
    {
        const volScalarField rAU(1.0/UEqn.A());
        volVectorField HbyA(constrainHbyA(rAU*UEqn.H(), U_, p_));
        surfaceScalarField phiHbyA
        (
            "phiHbyA",
            fvc::flux(HbyA)
          + MRF_.zeroFilter(fvc::interpolate(rAU)*fvc::ddtCorr(U_, phi_))
        );
        MRF_.makeRelative(phiHbyA);

        if (p_.needReference())
        {
            adjustPhi(phiHbyA, U_, p_);
        }

        tmp<volScalarField> rAtU(rAU);
        if (pimple_.consistent())
        {
            rAtU = 1.0/max(1.0/rAU - UEqn.H1(), 0.1/rAU);
            phiHbyA +=
                fvc::interpolate(rAtU() - rAU)*fvc::snGrad(p_)*mesh_.magSf();
            HbyA -= (rAU - rAtU())*fvc::grad(p_);
        }

        constrainPressure(p_, U_, phiHbyA, rAtU(), MRF_);

        while (pimple_.correctNonOrthogonal())
        {
            fvScalarMatrix pEqn
            (
                fvm::laplacian(rAtU(), p_) == fvc::div(phiHbyA)
            );
            pEqn.setReference(pRefCell_, pRefValue_);
            pEqn.solve(mesh_.solver(p_.select(pimple_.finalInnerIter())));

            if (pimple_.finalNonOrthogonalIter())
            {
                phi_ = phiHbyA - pEqn.flux();
            }
        }
        printContinuity();

        p_.relax();
        U_ = HbyA - rAtU*fvc::grad(p_);
        U_.correctBoundaryConditions();
        options_.correct(U_);
    }

    void printContinuity()
    {
        const volScalarField error(fvc::div(phi_));
        const scalar deltaT = runTime_.deltaTValue();
        const scalar local =
            deltaT*mag(error)().weightedAverage(mesh_.V()).value();
        const scalar global =
            deltaT*error.weightedAverage(mesh_.V()).value();
        cumulativeContinuityError_ += global;

        Info<< "time step continuity errors : sum local = " << local
            << ", global = " << global
            << ", cumulative = " << cumulativeContinuityError_ << endl;
    }


public:

    explicit pimpleFlow(fvMesh& mesh)
    :
        mesh_(mesh),
        runTime_(mesh.time()),
        pimple_(mesh),
        p_(fieldOnDisk("p"), mesh),
        U_(fieldOnDisk("U"), mesh),
        phi_(fluxOnDisk(), fvc::flux(U_)),
        transport_(U_, phi_),
        turbulence_
        (
            incompressible::turbulenceModel::New(U_, phi_, transport_)
        ),
        MRF_(mesh),
        options_(fv::options::New(mesh))
    {
        setRefCell(p_, pimple_.dict(), pRefCell_, pRefValue_);
        mesh.setFluxRequired(p_.name());
        turbulence_->validate();
    }

    volScalarField& p()
    {
        return p_;
    }

    const volVectorField& U() const
    {
        return U_;
    }

    //- Largest Courant number of the cells; also printed
    scalar courantNumber() const
    {
        const scalarField sumPhi
        (
            fvc::surfaceSum(mag(phi_))().primitiveField()
        );
        const scalar deltaT = runTime_.deltaTValue();
        const scalar largest = 0.5*gMax(sumPhi/mesh_.V().field())*deltaT;
        const scalar mean = 0.5*(gSum(sumPhi)/gSum(mesh_.V().field()))*deltaT;
        Info<< "Courant Number mean: " << mean << " max: " << largest << endl;
        return largest;
    }

    //- Time has been advanced
    void step()
    {
        while (pimple_.loop())
        {
            tmp<fvVectorMatrix> tUEqn(momentumPredictor());
            while (pimple_.correct())
            {
                correctPressure(tUEqn.ref());
            }
            tUEqn.clear();

            if (pimple_.turbCorr())
            {
                transport_.correct();
                turbulence_->correct();
            }
        }
    }
};


//- The solver's time step, by the entries of controlDict
void setTimeStep(Time& runTime, const scalar courant, const bool first)
{
    const dictionary& controls = runTime.controlDict();
    if (!controls.getOrDefault("adjustTimeStep", false))
    {
        return;
    }
    const scalar maxCo = controls.getOrDefault<scalar>("maxCo", 1);
    const scalar maxDeltaT = controls.getOrDefault<scalar>("maxDeltaT", GREAT);
    const scalar deltaT = runTime.deltaTValue();

    if (first)
    {
        if (runTime.timeIndex() == 0 && courant > SMALL)
        {
            runTime.setDeltaT(min(min(maxCo*deltaT/courant, deltaT), maxDeltaT));
        }
        return;
    }
    const scalar factor = maxCo/(courant + SMALL);
    const scalar damped = min(min(factor, 1 + 0.1*factor), 1.2);
    runTime.setDeltaT(min(damped*deltaT, maxDeltaT));
    Info<< "deltaT = " << runTime.deltaTValue() << endl;
}


//- Lets the model take a step where it is its turn. False: it is the solver's.
bool modelSteps(hybridSteps& hybrid)
{
    if (hybrid.amidTurn() && !hybrid.modelsTurn())
    {
        hybrid.endTurn();
    }
    if (!hybrid.modelsTurn())
    {
        return false;
    }
    if (hybrid.newTurn())
    {
        hybrid.beginTurn();
    }
    if (hybrid.step())
    {
        return true;
    }
    hybrid.endTurn();
    return false;
}


//- The model's turn is over: function objects see its last step with the
//  model's time step, and Time::run() then decides by the solver's whether the
//  run goes on. True where function objects were switched off for that.
bool endTurn(hybridSteps& hybrid, Time& runTime)
{
    const scalar left = runTime.endTime().value() - runTime.value();
    if
    (
        !hybrid.amidTurn() || hybrid.modelsTurn()
     || left < 0.5*hybrid.solverDeltaT()
    )
    {
        return false;
    }

    functionObjectList& functions = runTime.functionObjects();
    const bool on = functions.status();
    functions.execute();
    functions.off();
    hybrid.endTurn();
    return on;
}


//- True for initialGuess. Throws surrogate::Error on an unknown entry or mode.
bool readMode(surrogate::Settings& settings)
{
    auto valid = hybridSteps::keywords();
    for (const std::string& keyword : pressureGuess::keywords())
    {
        valid.push_back(keyword);
    }
    settings.requireOnly(valid);

    const std::string mode = settings.get("mode", "steps");
    if (mode != "steps" && mode != "initialGuess")
    {
        throw surrogate::Error
        ({
            "Unknown mode", settings.where() + ", entry mode",
            "one of the names below", mode, {"steps", "initialGuess"}
        });
    }
    if (mode == "steps")
    {
        return false;
    }
    stepPolicy::requireOneOf(settings, {"never"}, "mode initialGuess");
    settings.set("policy", std::string("never"));
    return true;
}


int main(int argc, char* argv[])
{
    argList::addNote
    (
        "Transient incompressible solver whose time steps are its own or a"
        " model's"
    );

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
    refuseDynamicMesh(mesh);
    pimpleFlow flow(mesh);

    const IOdictionary controls
    (
        IOobject
        (
            "surrogateDict", runTime.system(), mesh,
            IOobject::MUST_READ, IOobject::NO_WRITE
        )
    );
    surrogate::Settings settings;
    bool guesses = false;
    reportErrors
    (
        controls,
        [&]
        {
            settings = optionsFromDict(controls);
            guesses = readMode(settings);
        }
    );

    IOdictionary state
    (
        IOobject
        (
            "surrogatePimpleFoam", runTime.timeName(), "uniform", mesh,
            IOobject::READ_IF_PRESENT, IOobject::AUTO_WRITE
        )
    );
    hybridSteps hybrid
    (
        "model", "surrogatePimpleFoam", mesh, controls, settings
    );
    hybrid.restore(state);
    autoPtr<pressureGuess> guess;
    if (guesses)
    {
        reportErrors
        (
            controls,
            [&]
            {
                guess.reset
                (
                    new pressureGuess
                    (
                        settings, hybrid.model(), flow.p(), flow.U()
                    )
                );
            }
        );
    }

    setTimeStep(runTime, flow.courantNumber(), true);

    Info<< "Starting time loop" << nl << endl;

    bool seen = false;
    while (runTime.run())
    {
        if (seen)
        {
            runTime.functionObjects().on();
            seen = false;
        }

        if (!modelSteps(hybrid))
        {
            setTimeStep(runTime, flow.courantNumber(), false);
            hybrid.solverBegins();
            if (guess)
            {
                reportErrors
                (
                    controls, [&] { guess->step([&] { flow.step(); }); }
                );
            }
            else
            {
                ++runTime;
                Info<< "Time = " << runTime.timeName() << nl << endl;
                flow.step();
            }
            hybrid.solverStepped();
        }

        if (runTime.writeTime())
        {
            hybrid.save(state);
            state.instance() = runTime.timeName();
        }
        runTime.write();
        runTime.printExecutionTime(Info);
        seen = endTurn(hybrid, runTime);
    }

    hybrid.end();
    if (guess)
    {
        guess->summary();
    }
    Info<< "End" << nl << endl;

    return 0;
}


// ************************************************************************* //
