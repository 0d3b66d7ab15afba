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

#include "functionObjects/recordedStepper.H"
#include "core/error.h"

#include "fileName.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static const std::string coeffs = "oracleCoeffs.";

static std::string fileIn(const surrogate::Settings& settings)
{
    fileName path(settings.get(coeffs + "file", ""));
    if (path.empty())
    {
        throw surrogate::Error
        ({
            "No recording", settings.where() + ", entry " + coeffs + "file",
            "the name of a data set", "nothing", {}
        });
    }
    return path.expand();
}

} // End namespace Foam


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::recordedStepper::recordedStepper(const surrogate::Settings& settings)
:
    reader_(fileIn(settings)),
    trajectory_(settings.get(coeffs + "trajectory", 0))
{
    if (trajectory_ >= reader_.nTrajectories())
    {
        throw surrogate::Error
        ({
            "No such trajectory",
            settings.where() + ", entry " + coeffs + "trajectory",
            "0 to " + std::to_string(reader_.nTrajectories() - 1),
            std::to_string(settings.get(coeffs + "trajectory", 0)), {}
        });
    }

    const auto names = settings.get
    (
        coeffs + "fields", reader_.fields().names()
    );
    const auto valid = reader_.fields().names();
    std::vector<surrogate::Field> fields;
    for (const std::string& name : names)
    {
        for (const surrogate::Field& field : reader_.fields())
        {
            if (field.name == name)
            {
                fields.push_back(field);
            }
        }
        if (fields.empty() || fields.back().name != name)
        {
            throw surrogate::Error
            ({
                "No such field in the data set",
                settings.where() + ", entry " + coeffs + "fields",
                "one of the names below", name, valid
            });
        }
    }

    manifest_.method = "recording";
    manifest_.fields = fields;
    manifest_.grid = reader_.grid();
    manifest_.timeStep = settings.get(coeffs + "timeStep", -1.0);
    if (manifest_.timeStep <= 0)
    {
        manifest_.timeStep = reader_.interval();
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::recordedStepper::keywords()
{
    return
    {
        coeffs + "file", coeffs + "trajectory", coeffs + "fields",
        coeffs + "timeStep"
    };
}


void Foam::recordedStepper::advance
(
    std::vector<surrogate::State>& members,
    const surrogate::Noise&
)
{
    const double time = members.front().time + manifest_.timeStep;
    const auto index = reader_.indexAt(time);
    if (!index)
    {
        throw surrogate::Error
        ({
            "A time that was not recorded", "data set " + reader_.path(),
            "time " + std::to_string(time),
            "times " + std::to_string(reader_.times().front()) + " to "
          + std::to_string(reader_.times().back()) + ", "
          + std::to_string(reader_.nTimes()) + " of them",
            {}
        });
    }

    const surrogate::State recorded
    (
        reader_.read(trajectory_, *index, manifest_.fields.names())
    );
    for (surrogate::State& member : members)
    {
        member.values = recorded.values;
        member.time = time;
    }
}


// ************************************************************************* //
