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

#include "functionObjects/modelFields.H"
#include "core/error.h"
#include "core/options.h"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"
#include "foam/processorTeam.H"

#include "OSspecific.H"
#include "Pstream.H"
#include "Time.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Collective. Who evaluates the networks; null: the master alone. Throws
//  surrogate::Error, on all processors, where there is nothing to share.
static std::shared_ptr<surrogate::Team> teamOf
(
    const surrogate::Settings& settings
)
{
    const label ranksPerDevice = settings.get("ranksPerDevice", 0);
    const auto refuse = [&](const char* what, std::string expected)
    {
        throw surrogate::Error
        ({
            what, settings.where() + ", entry ranksPerDevice",
            std::move(expected), std::to_string(ranksPerDevice), {}
        });
    };
    if (ranksPerDevice < 0)
    {
        refuse("No number of ranks", "0 or more");
    }
    if (ranksPerDevice == 0)
    {
        return nullptr;
    }
    if (!settings.found("tiles") && settings.get("members", 1) < 2)
    {
        refuse
        (
            "There is nothing that the ranks could share",
            "0, or an entry tiles, or members above 1"
        );
    }
    return processorTeam::New(ranksPerDevice);
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

surrogate::Grid Foam::modelFields::tellAll
(
    const surrogate::Manifest* manifest
)
{
    surrogate::Grid grid;
    wordList names;
    labelList components;
    List<scalarList> dimensions;

    if (manifest)
    {
        for (const surrogate::Field& field : manifest->fields)
        {
            names.append(field.name);
            components.append(field.components);
            dimensions.append
            (
                scalarList(field.dimensions.begin(), field.dimensions.end())
            );
        }
        timeStep_ = manifest->timeStep;
        grid = manifest->grid;
    }

    broadcast(names);
    broadcast(components);
    broadcast(dimensions);
    broadcast(timeStep_);

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

    broadcast(grid.dimensions);
    broadcast(grid.points);
    for (int axis = 0; axis < 3; ++axis)
    {
        broadcast(grid.cells[axis]);
        broadcast(grid.lower[axis]);
        broadcast(grid.upper[axis]);
        broadcast(grid.periodic[axis]);
        broadcast(grid.walls[axis][0]);
        broadcast(grid.walls[axis][1]);
    }
    return grid;
}


void Foam::modelFields::checkGrids() const
{
    for (const auto& [file, grid] : announced_)
    {
        if (!grid.takes(map_->grid()))
        {
            throw surrogate::Error
            ({
                "The mesh is not that of the model", "model " + file,
                grid.describe(), map_->grid().describe(), {}
            });
        }
    }
}


Foam::fileName Foam::modelFields::stateFile(const word& name) const
{
    return mesh_.time().timePath()/"uniform"/name + ".safetensors";
}


// * * * * * * * * * * * * Protected Member Functions  * * * * * * * * * * * //

Foam::fileName Foam::modelFields::modelFile
(
    const surrogate::Settings& settings,
    const char* entry
)
{
    fileName path(settings.get(entry, ""));
    path.expand();

    if (path.empty())
    {
        throw surrogate::Error
        ({
            "No model", settings.where() + ", entry " + entry,
            "the name of a model file", "nothing", {}
        });
    }
    return path;
}


void Foam::modelFields::load
(
    const std::function<const surrogate::Manifest&()>& loadModel
)
{
    const surrogate::Manifest* manifest = nullptr;
    callOnTeam(dict_, [&] { manifest = &loadModel(); }, team_.get());
    const surrogate::Grid grid
    (
        tellAll(Pstream::master() ? manifest : nullptr)
    );

    reportErrors
    (
        dict_,
        [&]
        {
            const word usual(grid.points ? "cells" : "identity");
            map_ = gridMap::New
            (
                mapType_.empty() ? usual : mapType_, mesh_, grid
            );
        }
    );
    callOnMaster(dict_, [&] { checkGrids(); });
    reportErrors
    (
        dict_,
        [&]
        {
            transfer_.reset(new stateTransfer(map_(), fields_, backOptions_));
        }
    );
    writeBack_.reset(new stateWriteBack(transfer_(), options_));
}


std::string Foam::modelFields::tryModel
(
    const std::function<void()>& call
) const
{
    return tryOnMaster(call, team_.get());
}


void Foam::modelFields::announce
(
    const fileName& file,
    const surrogate::Manifest& manifest,
    const std::string& runtime
)
{
    announced_.emplace_back(file, manifest.grid);

    Info<< "Model " << file.c_str() << ": "
        << surrogate::join(manifest.fields.names()).c_str()
        << " on " << manifest.grid.describe().c_str() << ", time step "
        << manifest.timeStep << " s; " << runtime.c_str() << nl << endl;
}


surrogate::Noise Foam::modelFields::noise() const
{
    return surrogate::Noise(seed_, mesh_.time().timeIndex());
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::modelFields::modelFields
(
    const fvMesh& mesh,
    const dictionary& dict,
    const surrogate::Settings& settings
)
:
    mesh_(mesh),
    dict_(dict),
    seed_(settings.get("seed", 0)),
    timeStep_(0)
{
    reportErrors
    (
        dict_,
        [&]
        {
            options_ = stateWriteBack::Options::read(settings);
            mapType_ = settings.get("gridMap", "");
            backOptions_ = backMapping::Options::read(settings);
            team_ = teamOf(settings);
        }
    );
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::modelFields::keywords()
{
    std::vector<std::string> keywords
    {
        "model", "seed", "gridMap", "ranksPerDevice"
    };
    for
    (
        const std::vector<std::string>& more
      : {
            surrogate::RuntimeOptions::keywords(),
            stateWriteBack::Options::keywords(),
            backMapping::Options::keywords()
        }
    )
    {
        keywords.insert(keywords.end(), more.begin(), more.end());
    }
    return keywords;
}


bool Foam::modelFields::stopsOnFailure(const surrogate::Settings& settings)
{
    const std::string choice = settings.get("onFailure", "stop");
    if (choice != "stop" && choice != "solver")
    {
        throw surrogate::Error
        ({
            "Unknown choice", settings.where() + ", entry onFailure",
            "one of the names below", choice, {"stop", "solver"}
        });
    }
    return choice == "stop";
}


void Foam::modelFields::check() const
{
    reportErrors
    (
        dict_, [&] { transfer_->check(); writeBack_->check(); }
    );
}


void Foam::modelFields::reportRepairs()
{
    if (!conservationTable_)
    {
        conservationTable_.reset(new conservationTable(mesh_, dict_.dictName()));
    }
    conservationTable_->report(writeBack_->repairs());
}


void Foam::modelFields::gather(surrogate::State& state) const
{
    reportErrors(dict_, [&] { transfer_->gather(state); });
}


void Foam::modelFields::writeStates
(
    const word& name,
    const std::function<surrogate::NamedStates()>& states
) const
{
    callOnMaster
    (
        dict_,
        [&]
        {
            const fileName path(stateFile(name));
            const surrogate::NamedStates all(states());
            if (all.empty())
            {
                rm(path);
                return;
            }
            mkDir(path.path());
            surrogate::writeStateFile(path, all);
        }
    );
}


bool Foam::modelFields::readStates
(
    const word& name,
    const std::function<void(surrogate::NamedStates)>& take
) const
{
    bool found = false;
    callOnMaster
    (
        dict_,
        [&]
        {
            const fileName path(stateFile(name));
            found = isFile(path, false);
            if (found)
            {
                take(surrogate::readStateFile(path));
            }
        }
    );
    broadcast(found);
    return found;
}


// ************************************************************************* //
