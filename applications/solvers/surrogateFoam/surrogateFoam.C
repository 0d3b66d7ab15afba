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

Usage
    \b surrogateFoam [OPTION]

    The model is given in constant/surrogateProperties:
    \verbatim
    model           "<constant>/kolmogorov.safetensors";
    device          auto;
    precision       auto;
    threads         0;
    \endverbatim

    with the entries of Foam::modelStep.

See also
    Foam::modelStep
    Foam::functionObjects::surrogateStep

\*---------------------------------------------------------------------------*/

#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"
#include "functionObjects/modelStep.H"

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
    surrogate::Settings settings;
    reportErrors
    (
        properties,
        [&]
        {
            settings = optionsFromDict(properties);
            settings.requireOnly(modelStep::keywords());
        }
    );

    modelStep model(mesh, properties, settings);
    readFields(model.fields(), mesh);
    model.check();

    Info<< "Starting time loop" << nl << endl;

    while (runTime.run())
    {
        checkTimeStep(runTime, model.timeStep());

        const std::string failure = model.advance();
        if (!failure.empty())
        {
            FatalIOErrorInFunction(properties)
                << "The model failed at time " << runTime.timeName() << nl
                << failure.c_str() << nl
                << exit(FatalIOError);
        }

        ++runTime;
        Info<< "Time = " << runTime.timeName() << nl << endl;

        model.writeBack();
        printContinuity(mesh);
        runTime.write();
        runTime.printExecutionTime(Info);
    }

    Info<< "End" << nl << endl;

    return 0;
}


// ************************************************************************* //
