/*---------------------------------------------------------------------------*\
  =========                 |
  \\      /  F ield         | OpenFOAM: The Open Source CFD Toolbox
   \\    /   O peration     |
    \\  /    A nd           | www.openfoam.com
     \\/     M anipulation  |
-------------------------------------------------------------------------------
    Copyright (C) 2026 the surrogateFoam authors
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

#include "fieldSnapshots.H"
#include "core/boxAverage.h"
#include "core/error.h"
#include "core/splitAxis.h"
#include "foam/gridMap/wantedGrid.H"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"
#include "foam/optionsFromDict.H"
#include "foam/timeSteps.H"

#include "addToRunTimeSelectionTable.H"
#include "IOdictionary.H"
#include "SHA1.H"
#include "surfaceFields.H"
#include "volFields.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
namespace functionObjects
{
    defineTypeNameAndDebug(fieldSnapshots, 0);
    addToRunTimeSelectionTable(functionObject, fieldSnapshots, dictionary);
}
}


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static surrogate::Field describe
(
    const word& name,
    const label nComponents,
    const dimensionSet& dimensions
)
{
    surrogate::Field field;
    field.name = name;
    field.components = nComponents;
    for (int i = 0; i < 7; ++i)
    {
        field.dimensions[i] = dimensions[dimensionSet::dimensionType(i)];
    }
    return field;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

surrogate::FieldList
Foam::functionObjects::fieldSnapshots::findFields() const
{
    std::vector<surrogate::Field> fields;

    for (const word& name : fieldNames_)
    {
        if (const auto* scalars = mesh_.findObject<volScalarField>(name))
        {
            fields.push_back(describe(name, 1, scalars->dimensions()));
        }
        else if (const auto* vectors = mesh_.findObject<volVectorField>(name))
        {
            fields.push_back
            (
                describe(name, map_->axes().size(), vectors->dimensions())
            );
        }
        else
        {
            wordList names(mesh_.sortedNames<volScalarField>());
            names.append(mesh_.sortedNames<volVectorField>());
            throw surrogate::Error
            ({
                "A field to record is not in the case",
                "entry fields",
                "volScalarFields and volVectorFields of mesh " + mesh_.name(),
                name,
                {names.begin(), names.end()}
            });
        }
    }

    return fields;
}


std::string Foam::functionObjects::fieldSnapshots::caseDigest() const
{
    SHA1 sha;

    for (const word& name : mesh_.sortedNames<IOdictionary>())
    {
        const auto& dict = mesh_.lookupObject<IOdictionary>(name);
        if (dict.readOpt() != IOobject::NO_READ)
        {
            sha.append(name + dict.digest().str());
        }
    }

    return sha.digest().str();
}


void Foam::functionObjects::fieldSnapshots::open()
{
    reportErrors
    (
        dict_,
        [&]()
        {
            map_ = gridMap::New(gridMapType_, mesh_, wantedGrid_);
            transfer_.reset(new stateTransfer(*map_, findFields()));
        }
    );

    info_.solver = time_.controlDict().getOrDefault<word>
    (
        "application",
        "unknown"
    );
    info_.caseDigest = caseDigest();
    info_.interval = interval_;

    callOnMaster
    (
        dict_,
        [&]()
        {
            state_.grid = map_->grid();
            state_.fields = transfer_->fields();
            state_.values.assign
            (
                state_.fields.nChannels()*state_.grid.nCells(), 0
            );
            state_.geometry = map_->geometry();
            const std::vector<surrogate::State> states(recorded());
            info_.trajectories = states.size();
            info_.geometry = states.front().geometry;
            writer_.reset
            (
                new surrogate::DatasetWriter
                (
                    file_, states.front().grid, transfer_->fields(), info_
                )
            );
            writer_->truncateAfter(time_.value());
        }
    );
}


Foam::label Foam::functionObjects::fieldSnapshots::trajectoriesAxis() const
{
    if (trajectories_.empty())
    {
        return -1;
    }

    std::vector<std::string> names;
    forAll(map_->axes(), axis)
    {
        names.push_back(std::string(1, "xyz"[map_->axes()[axis]]));
        if (trajectories_ == names.back())
        {
            return axis;
        }
    }
    throw surrogate::Error
    ({
        "The grid has no such axis", "entry trajectories",
        "one of the names below", trajectories_, names
    });
}


std::vector<surrogate::State>
Foam::functionObjects::fieldSnapshots::recorded() const
{
    const label axis = trajectoriesAxis();
    std::vector<surrogate::State> states
    (
        axis == -1
      ? std::vector<surrogate::State>{state_}
      : surrogate::splitAxis(state_, axis, "entry trajectories")
    );

    if (coarsening_ != 1)
    {
        for (surrogate::State& state : states)
        {
            state =
                surrogate::boxAverage(state, coarsening_, "entry coarsening");
        }
    }
    return states;
}


Foam::scalar Foam::functionObjects::fieldSnapshots::tolerance() const
{
    return timeTolerance(time_, interval_);
}


void Foam::functionObjects::fieldSnapshots::schedule()
{
    const scalar from = max(time_.value(), timeStart_);
    next_ = label(ceil((from - tolerance())/interval_));

    label recorded = labelMin;
    callOnMaster
    (
        dict_,
        [&]()
        {
            if (writer_->nTimes() > 0)
            {
                recorded = label(round(writer_->lastTime()/interval_));
            }
        }
    );
    broadcast(recorded);
    next_ = max(next_, recorded + 1);

    if (recorded != labelMin && next_ > recorded + 1)
    {
        FatalIOErrorInFunction(dict_)
            << "The run starts at time " << time_.value()
            << " and would leave a gap in " << file_ << nl
            << "    expected: a start at or before time "
            << (recorded + 1)*interval_ << ", which follows its last snapshot"
            << nl << "    or another file"
            << exit(FatalIOError);
    }
}


void Foam::functionObjects::fieldSnapshots::checkTimeStep() const
{
    if (adjustsTimeStep(time_))
    {
        return;
    }

    const scalar deltaT = time_.deltaTValue();

    if
    (
        interval_ < 0.5*deltaT
     || !isMultiple(interval_, deltaT)
     || !isMultiple(mag(next_*interval_ - time_.value()), deltaT)
    )
    {
        FatalIOErrorInFunction(dict_)
            << "The time steps do not hit the times of the snapshots" << nl
            << "    expected: interval a multiple of deltaT, counted from"
            << " time 0; or adjustTimeStep yes" << nl
            << "    found:    interval " << interval_ << ", deltaT " << deltaT
            << ", start at time " << time_.value()
            << exit(FatalIOError);
    }
}


void Foam::functionObjects::fieldSnapshots::record()
{
    const scalar ahead = next_*interval_ - time_.value();

    if (ahead > tolerance() || time_.value() > timeEnd_ + tolerance())
    {
        return;
    }
    if (ahead < -tolerance())
    {
        FatalIOErrorInFunction(dict_)
            << "The run stepped over the snapshot at time "
            << next_*interval_ << " to time " << time_.value() << nl
            << "    expected: time steps that hit the multiples of interval "
            << interval_ << nl
            << "    found:    deltaT " << time_.deltaTValue()
            << exit(FatalIOError);
    }

    reportErrors(dict_, [&]() { transfer_->gather(state_); });
    state_.time = next_*interval_;
    callOnMaster
    (
        dict_,
        [&]()
        {
            writer_->append(recorded());
        }
    );
    ++next_;

    Log << type() << ' ' << name() << ": snapshot at time " << state_.time
        << " to " << file_ << endl;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::functionObjects::fieldSnapshots::fieldSnapshots
(
    const word& name,
    const Time& runTime,
    const dictionary& dict
)
:
    fvMeshFunctionObject(name, runTime, dict),
    interval_(0),
    coarsening_(1),
    timeStart_(-VGREAT),
    timeEnd_(VGREAT),
    next_(0)
{
    read(dict);
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::functionObjects::fieldSnapshots::read(const dictionary& dict)
{
    fvMeshFunctionObject::read(dict);
    dict_ = dict;

    const dictionary parameters(dict.subOrEmptyDict("simulationParameters"));
    std::vector<std::string> keywords
    {
        "file", "fields", "interval", "gridMap", "coarsening", "trajectories",
        "name"
    };
    info_.simulationParameters.clear();
    for (const word& key : parameters.toc())
    {
        keywords.push_back("simulationParameters." + key);
        info_.simulationParameters[key] = parameters.get<scalar>(key);
    }
    for (const std::string& key : wantedGridKeywords())
    {
        keywords.push_back(key);
    }
    gridMapType_ = dict.getOrDefault<word>("gridMap", "identity");
    reportErrors
    (
        dict,
        [&]()
        {
            wantedGrid_ = wantedGrid
            (
                gridMapType_,
                optionsFromFunctionObjectDict(dict, keywords)
            );
        }
    );

    dict.readEntry("file", file_);
    file_.expand();
    if (!file_.isAbsolute())
    {
        file_ = time_.globalPath()/file_;
    }
    dict.readEntry("fields", fieldNames_);
    dict.readEntry("interval", interval_);
    coarsening_ = dict.getOrDefault<label>("coarsening", 1);
    trajectories_ = dict.getOrDefault<word>("trajectories", word::null);
    info_.name = dict.getOrDefault<word>("name", time_.globalCaseName());
    timeStart_ = dict.getOrDefault("timeStart", -VGREAT);
    timeEnd_ = dict.getOrDefault("timeEnd", VGREAT);

    if (interval_ <= 0)
    {
        FatalIOErrorInFunction(dict)
            << "interval must be above 0, found " << interval_
            << exit(FatalIOError);
    }

    writer_.reset();
    open();
    schedule();
    checkTimeStep();
    record();

    return true;
}


bool Foam::functionObjects::fieldSnapshots::execute()
{
    record();
    return true;
}


bool Foam::functionObjects::fieldSnapshots::write()
{
    return true;
}


bool Foam::functionObjects::fieldSnapshots::adjustTimeStep()
{
    const scalar ahead = next_*interval_ - time_.value();

    if (ahead > tolerance())
    {
        reduceTimeStep(time_, ahead);
    }

    return true;
}


// ************************************************************************* //
