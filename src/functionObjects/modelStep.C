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
#include "core/error.h"
#include "foam/modelCall.H"
#include "model/surrogate.h"

#include "Pstream.H"
#include "Time.H"

// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::modelStep::load(const surrogate::Settings& settings)
{
    fileName path(settings.get("model", ""));
    path.expand();

    if (path.empty())
    {
        throw surrogate::Error
        ({
            "No model", settings.where() + ", entry model",
            "the name of a model file", "nothing", {}
        });
    }

    stepper_ = surrogate::loadSurrogate
    (
        path,
        surrogate::RuntimeOptions::read(settings)
    );

    const surrogate::Grid& expected = stepper_->manifest().grid;
    if (!expected.matches(map_->grid()))
    {
        throw surrogate::Error
        ({
            "The mesh is not that of the model", "model " + path,
            expected.describe(), map_->grid().describe(), {}
        });
    }

    Info<< "Model " << path.c_str() << ": "
        << surrogate::join(stepper_->manifest().fields.names()).c_str()
        << " on " << expected.describe().c_str() << ", time step "
        << stepper_->manifest().timeStep << " s; "
        << stepper_->runtime().c_str() << nl << endl;
}


void Foam::modelStep::broadcast()
{
    wordList names;
    labelList components;
    List<scalarList> dimensions;

    if (Pstream::master())
    {
        for (const surrogate::Field& field : stepper_->manifest().fields)
        {
            names.append(field.name);
            components.append(field.components);
            dimensions.append
            (
                scalarList(field.dimensions.begin(), field.dimensions.end())
            );
        }
        timeStep_ = stepper_->manifest().timeStep;
    }

    Pstream::scatter(names);
    Pstream::scatter(components);
    Pstream::scatter(dimensions);
    Pstream::scatter(timeStep_);

    std::vector<surrogate::Field> fields;
    forAll(names, i)
    {
        surrogate::Field field{names[i], components[i], {}};
        std::copy
        (
            dimensions[i].begin(), dimensions[i].end(), field.dimensions.begin()
        );
        fields.push_back(field);
    }
    fields_ = fields;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::modelStep::modelStep
(
    const fvMesh& mesh,
    const dictionary& dict,
    const surrogate::Settings& settings
)
:
    mesh_(mesh),
    dict_(dict),
    seed_(settings.get("seed", 0))
{
    stateWriteBack::Options options;
    reportErrors
    (
        dict_,
        [&]
        {
            options = stateWriteBack::Options::read(settings);
            map_ = gridMap::New(settings.get("gridMap", "identity"), mesh);
        }
    );
    callOnMaster(dict_, [&] { load(settings); });
    broadcast();

    transfer_.reset(new stateTransfer(map_(), fields_));
    writeBack_.reset(new stateWriteBack(transfer_(), options));
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::modelStep::keywords()
{
    std::vector<std::string> keywords{"model", "seed", "gridMap"};
    for
    (
        const std::vector<std::string>& more
      : {
            surrogate::RuntimeOptions::keywords(),
            stateWriteBack::Options::keywords()
        }
    )
    {
        keywords.insert(keywords.end(), more.begin(), more.end());
    }
    return keywords;
}


void Foam::modelStep::check() const
{
    reportErrors(dict_, [&] { transfer_->check(); });
}


std::string Foam::modelStep::advance()
{
    reportErrors(dict_, [&] { transfer_->gather(state_); });

    const surrogate::Noise noise(seed_, mesh_.time().timeIndex());

    return tryOnMaster([&] { stepper_->advance(state_, noise); });
}


Foam::FluxReport Foam::modelStep::writeBack()
{
    FluxReport report;
    reportErrors(dict_, [&] { report = writeBack_->write(state_); });
    return report;
}


// ************************************************************************* //
