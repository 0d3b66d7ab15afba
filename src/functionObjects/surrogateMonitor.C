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

#include "functionObjects/surrogateMonitor.H"
#include "core/error.h"
#include "core/metrics.h"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"
#include "foam/optionsFromDict.H"
#include "foam/timeSteps.H"

#include "addToRunTimeSelectionTable.H"
#include "Time.H"
#include "volFields.H"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
namespace functionObjects
{
    defineTypeNameAndDebug(surrogateMonitor, 0);
    addToRunTimeSelectionTable(functionObject, surrogateMonitor, dictionary);
}
}


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- In a state file
static const std::string pendingName = "pending";
static const std::string previousName = "previous";


//- Columns of each field
static const std::array<const char*, 8> measures
{{
    "vrmse", "correlation", "energyDifference", "nrmse", "rmse", "meanError",
    "maxError", "boundaryRmse"
}};

typedef std::array<scalar, measures.size()> measured;


//- Of one field, in the order of measures; nan: none
static measured differences
(
    const surrogate::Field& field,
    const surrogate::State& truth,
    const surrogate::State& prediction,
    const std::vector<double>& boundary
)
{
    surrogate::Cells cells;
    cells.count = truth.grid.nCells();
    cells.boundaryAreas = boundary.empty() ? nullptr : boundary.data();

    std::vector<const double*> u, v;
    scalar ofTruth = 0, ofPrediction = 0;
    for (int c = 0; c < field.components; ++c)
    {
        u.push_back(truth.field(field.name) + c*cells.count);
        v.push_back(prediction.field(field.name) + c*cells.count);
        for (std::size_t i = 0; i < cells.count; ++i)
        {
            ofTruth += sqr(u.back()[i]);
            ofPrediction += sqr(v.back()[i]);
        }
    }
    const surrogate::FieldErrors errors(surrogate::fieldErrors(cells, u, v));
    return
    {{
        errors.vrmse, errors.pearson,
        (ofPrediction - ofTruth)/max(ofTruth, VSMALL),
        errors.nrmse, errors.rmse, errors.conserved, errors.largest,
        errors.boundary
      ? *errors.boundary
      : std::numeric_limits<scalar>::quiet_NaN()
    }};
}


static label positive(const surrogate::Settings& settings, const char* keyword)
{
    const label n = settings.get(keyword, 1);
    if (n < 1)
    {
        throw surrogate::Error
        ({
            "Not a number of steps", settings.where() + ", entry " + keyword,
            "1 or more", std::to_string(n), {}
        });
    }
    return n;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

std::vector<std::string>
Foam::functionObjects::surrogateMonitor::validKeywords()
{
    std::vector<std::string> keywords
    {
        "model", "reference", "steps", "interval", "fields", "trajectory",
        "gridMap", "corrector", "device", "precision", "threads", "seed"
    };
    for (const std::string& keyword : modelStep::keywords())
    {
        if
        (
            keyword.rfind("correctorCoeffs.", 0) == 0
         || keyword.rfind("samplerCoeffs.", 0) == 0
         || keyword.rfind("networkControls.", 0) == 0
        )
        {
            keywords.push_back(keyword);
        }
    }
    return keywords;
}


void Foam::functionObjects::surrogateMonitor::readModel
(
    const surrogate::Settings& settings
)
{
    reportErrors
    (
        dict_,
        [&]
        {
            steps_ = positive(settings, "steps");
            interval_ = positive(settings, "interval");
            for (const char* keyword : {"fields", "trajectory"})
            {
                if (settings.found(keyword))
                {
                    throw surrogate::Error
                    ({
                        "An entry has nothing to apply to",
                        settings.where() + ", entry " + keyword,
                        "an entry reference beside it", "model", {}
                    });
                }
            }
        }
    );
    model_.reset
    (
        new modelStep
        (
            mesh_, dict_, only(settings, modelStep::keywords())
        )
    );
    model_->modelFields::check();
}


void Foam::functionObjects::surrogateMonitor::readReference
(
    const surrogate::Settings& settings
)
{
    wordList names;
    labelList components;
    List<scalarList> dimensions;
    callOnMaster
    (
        dict_,
        [&]
        {
            trajectory_ = settings.get("trajectory", 0);
            settings.requireOnly
            (
                {"reference", "fields", "trajectory", "gridMap"}
            );
            fileName path(settings.get("reference", ""));
            path.expand();
            if (!path.isAbsolute())
            {
                path = time_.globalPath()/path;
            }
            reference_.reset(new surrogate::DatasetReader(path));
            const auto& known = reference_->fields();
            if (trajectory_ < 0 || trajectory_ >= label(reference_->nTrajectories()))
            {
                throw surrogate::Error
                ({
                    "No such trajectory",
                    settings.where() + ", entry trajectory",
                    "0 to " + std::to_string(reference_->nTrajectories() - 1),
                    std::to_string(trajectory_), {}
                });
            }
            for
            (
                const std::string& name
              : settings.get("fields", known.names())
            )
            {
                const surrogate::Field& field = known.get(name);
                names.append(field.name);
                components.append(field.components);
                dimensions.append
                (
                    scalarList
                    (
                        field.dimensions.begin(), field.dimensions.end()
                    )
                );
            }
            const auto& times = reference_->times();
            referenceTimes_ = scalarList(times.begin(), times.end());
        }
    );
    broadcast(names);
    broadcast(components);
    broadcast(dimensions);
    broadcast(referenceTimes_);

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
    reportErrors
    (
        dict_,
        [&]
        {
            map_ = gridMap::New(settings.get("gridMap", "identity"), mesh_);
            transfer_.reset(new stateTransfer(map_(), fields));
            transfer_->check();
        }
    );
    callOnMaster
    (
        dict_,
        [&]
        {
            if (!reference_->grid().matches(map_->grid()))
            {
                throw surrogate::Error
                ({
                    "The mesh is not that of the data set",
                    "data set " + reference_->path(),
                    reference_->grid().describe(), map_->grid().describe(), {}
                });
            }
        }
    );
}


void Foam::functionObjects::surrogateMonitor::drop()
{
    if (!pending_.empty())
    {
        Info<< type() << ' ' << name() << ": time " << time_.timeName() << ", "
            << label(pending_.size())
            << " forecasts under way are dropped: the entries were changed"
            << endl;
    }
    pending_.clear();
    levels_.clear();
    previous_.time = -GREAT;
    lastStart_ = -GREAT;
}


const surrogate::FieldList&
Foam::functionObjects::surrogateMonitor::fields() const
{
    return model_ ? model_->fields() : transfer_->fields();
}


void Foam::functionObjects::surrogateMonitor::gather
(
    surrogate::State& state
) const
{
    if (model_)
    {
        model_->gather(state);
    }
    else
    {
        reportErrors(dict_, [&] { transfer_->gather(state); });
    }
}


bool Foam::functionObjects::surrogateMonitor::same
(
    const scalar a,
    const scalar b
) const
{
    return mag(a - b) < 1e-2*time_.deltaTValue();
}


bool Foam::functionObjects::surrogateMonitor::caseAt
(
    const scalar time,
    const surrogate::State& now,
    surrogate::State& state,
    scalar& step
) const
{
    state = now;
    step = 0;
    if (same(time, now.time))
    {
        return true;
    }
    if (previous_.time > time || previous_.time < -0.5*GREAT)
    {
        return false;
    }

    step = now.time - previous_.time;
    const scalar part = (time - previous_.time)/step;
    for (std::size_t i = 0; i < state.values.size(); ++i)
    {
        state.values[i] =
            (1 - part)*previous_.values[i] + part*now.values[i];
    }
    state.time = time;
    return true;
}


void Foam::functionObjects::surrogateMonitor::compareForecasts
(
    const surrogate::State& now
)
{
    std::vector<surrogate::State> ahead;
    DynamicList<scalar> levelsAhead;

    for (std::size_t i = 0; i < pending_.size(); ++i)
    {
        const surrogate::State& forecast = pending_[i];
        if (forecast.time > now.time && !same(forecast.time, now.time))
        {
            ahead.push_back(forecast);
            levelsAhead.append(levels_[i]);
            continue;
        }
        surrogate::State truth;
        scalar step;
        if (caseAt(forecast.time, now, truth, step))
        {
            report
            (
                truth, forecast,
                forecast.time - steps_*model_->timeStep(), step, levels_[i]
            );
        }
        else
        {
            Info<< type() << ' ' << name() << ": the forecast for time "
                << forecast.time << " is dropped: the run was not seen there"
                << endl;
        }
    }
    pending_ = std::move(ahead);
    levels_.transfer(levelsAhead);
}


void Foam::functionObjects::surrogateMonitor::compareReference
(
    const surrogate::State& now
)
{
    forAll(referenceTimes_, i)
    {
        const scalar time = referenceTimes_[i];
        const bool seen = time < lastTime_ || same(time, lastTime_);
        if (seen || (time > now.time && !same(time, now.time)))
        {
            continue;
        }
        surrogate::State ofCase, ofReference;
        scalar step;
        if (!caseAt(time, now, ofCase, step))
        {
            continue;
        }
        callOnMaster
        (
            dict_,
            [&]
            {
                ofReference =
                    reference_->read(trajectory_, i, fields().names());
            }
        );
        report(ofReference, ofCase, time, step, -1);
    }
}


void Foam::functionObjects::surrogateMonitor::startForecast
(
    const surrogate::State& now
)
{
    const scalar next = lastStart_ + interval_*model_->timeStep();
    if (now.time < next && !same(now.time, next))
    {
        return;
    }

    lastStart_ = now.time;
    surrogate::State state(now);
    const std::string failure = model_->forecast(state, steps_);
    if (!failure.empty())
    {
        WarningInFunction
            << "The forecast from time " << time_.timeName() << " failed"
            << nl << failure.c_str() << endl;
        return;
    }

    scalar level = -1;
    const auto refinements(model_->refinements());
    if (!refinements.empty())
    {
        level = refinements.front().level;
    }
    broadcast(level);
    pending_.push_back(std::move(state));
    levels_.append(level);
}


void Foam::functionObjects::surrogateMonitor::report
(
    const surrogate::State& truth,
    const surrogate::State& prediction,
    const scalar start,
    const scalar step,
    const scalar level
)
{
    std::vector<measured> results;
    callOnMaster
    (
        dict_,
        [&]
        {
            const auto boundary(surrogate::boundaryAreas(truth.grid));
            for (const surrogate::Field& field : fields())
            {
                results.push_back
                (
                    differences(field, truth, prediction, boundary)
                );
            }
        }
    );
    if (!Pstream::master())
    {
        return;
    }

    Log << type() << ' ' << name() << ": time " << prediction.time;
    if (model_)
    {
        Log << ", forecast from time " << start;
        if (level >= 0)
        {
            Log << ", level " << level;
        }
    }
    label i = 0;
    for (const surrogate::Field& field : fields())
    {
        Log << ", " << field.name.c_str() << ": VRMSE " << results[i][0]
            << ", correlation " << results[i][1] << ", energy "
            << 100*results[i][2] << " %";
        ++i;
    }
    Log << endl;

    if (writeToFile())
    {
        OFstream& os = file();
        os  << prediction.time << tab << start << tab << step << tab;
        level < 0 ? os << word("nan") : os << level;
        for (const auto& values : results)
        {
            for (const scalar value : values)
            {
                os  << tab;
                std::isnan(value) ? os << word("nan") : os << value;
            }
        }
        os  << endl;
    }
}


void Foam::functionObjects::surrogateMonitor::writeColumns()
{
    if (!Pstream::master() || !writeToFile())
    {
        return;
    }
    writeHeader
    (
        file(),
        model_ ? "Forecasts against the case" : "The case against its reference"
    );
    writeCommented(file(), "Time");
    for (const char* column : {"start", "interpolatedOver[s]", "level"})
    {
        writeTabbed(file(), column);
    }
    for (const surrogate::Field& field : fields())
    {
        for (const char* measure : measures)
        {
            writeTabbed(file(), field.name + '.' + measure);
        }
    }
    file() << endl;
}


void Foam::functionObjects::surrogateMonitor::restore()
{
    if (!model_ || time_.timeIndex() == 0)
    {
        return;
    }

    const bool found = model_->readStates
    (
        name(),
        [&](surrogate::NamedStates states)
        {
            pending_ = states[pendingName];
            if (!states[previousName].empty())
            {
                previous_ = states[previousName].front();
            }
        }
    );
    if (!found)
    {
        Info<< type() << ' ' << name() << ": no forecasts at time "
            << time_.timeName() << ", those that were under way are dropped"
            << nl << endl;
        return;
    }

    // The others know the times
    scalarList times;
    for (const surrogate::State& state : pending_)
    {
        times.append(state.time);
    }
    broadcast(times);
    broadcast(previous_.time);
    pending_.resize(times.size());
    forAll(times, i)
    {
        pending_[i].time = times[i];
    }
    levels_ = getProperty<scalarList>("levels", scalarList(times.size(), scalar(-1)));
    lastStart_ = getProperty<scalar>("lastStart", -GREAT);
}


void Foam::functionObjects::surrogateMonitor::save() const
{
    model_->writeStates
    (
        name(),
        [&]
        {
            surrogate::NamedStates states;
            states[pendingName] = pending_;
            if (previous_.time > -0.5*GREAT)
            {
                states[previousName] = {previous_};
            }
            return states;
        }
    );
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::functionObjects::surrogateMonitor::surrogateMonitor
(
    const word& name,
    const Time& runTime,
    const dictionary& dict
)
:
    fvMeshFunctionObject(name, runTime, dict),
    writeFile(mesh_, name, "monitor", dict),
    dict_(dict),
    steps_(1),
    interval_(1),
    trajectory_(0),
    lastStart_(-GREAT),
    lastTime_(-GREAT)
{
    previous_.time = -GREAT;
    read(dict);
    restore();
    writeColumns();
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::functionObjects::surrogateMonitor::read(const dictionary& dict)
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
            if (settings.found("model") == settings.found("reference"))
            {
                throw surrogate::Error
                ({
                    "What is to be compared?", settings.where(),
                    "an entry model or an entry reference",
                    settings.found("model") ? "both" : "neither", {}
                });
            }
        }
    );
    if (!entries_.empty() && settings.all() == entries_)
    {
        return true;
    }
    entries_ = settings.all();

    drop();
    model_.reset(nullptr);
    reference_.reset();
    if (settings.found("model"))
    {
        readModel(settings);
    }
    else
    {
        readReference(settings);
    }
    return true;
}


bool Foam::functionObjects::surrogateMonitor::execute()
{
    if (postProcess)
    {
        return true;
    }

    surrogate::State now;
    gather(now);
    if (model_)
    {
        compareForecasts(now);
        startForecast(now);
        setProperty("levels", scalarList(levels_));
        setProperty("lastStart", lastStart_);
    }
    else
    {
        compareReference(now);
    }
    lastTime_ = now.time;
    previous_ = std::move(now);

    if (model_ && time_.writeTime())
    {
        save();
    }
    return true;
}


bool Foam::functionObjects::surrogateMonitor::write()
{
    return true;
}


// ************************************************************************* //
