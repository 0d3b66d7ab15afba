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

#include "functionObjects/stepPolicy/driftPolicy.H"
#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"

#include "addToRunTimeSelectionTable.H"
#include "Pstream.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(driftPolicy, 0);
    addToRunTimeSelectionTable(stepPolicy, driftPolicy, settings);
}


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static const std::string coeffs = "driftCoeffs.";

//- Largest of all fields
static scalar spreadOf(const std::vector<surrogate::State>& members)
{
    const surrogate::State& first = members.front();
    const std::size_t nCells = first.grid.nCells();
    scalar largest = 0;
    std::size_t begin = 0;

    for (const surrogate::Field& field : first.fields)
    {
        const std::size_t end = begin + field.components*nCells;
        scalar variance = 0, square = 0;
        for (std::size_t i = begin; i < end; ++i)
        {
            scalar sum = 0, sumSqr = 0;
            for (const surrogate::State& member : members)
            {
                sum += member.values[i];
                sumSqr += sqr(member.values[i]);
            }
            const scalar mean = sum/scalar(members.size());
            variance += sumSqr/scalar(members.size()) - sqr(mean);
            square += sumSqr/scalar(members.size());
        }
        largest = max
        (
            largest, Foam::sqrt(max(variance, scalar(0))/max(square, VSMALL))
        );
        begin = end;
    }
    return largest;
}

} // End namespace Foam


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::driftPolicy::driftPolicy
(
    const surrogate::Settings& settings,
    modelStep& model
)
:
    stepPolicy(settings, model),
    level_(settings.get(coeffs + "level", -1.0)),
    spread_(settings.get(coeffs + "spread", -1.0))
{
    const auto refuse = [&](const std::string& expected, const std::string& found)
    {
        throw surrogate::Error
        ({
            "Nothing to tell the drift by", settings.where() + ", entry policy",
            expected, found, {}
        });
    };

    if (level_ < 0 && spread_ < 0)
    {
        refuse("driftCoeffs { level ...; } or { spread ...; }", "neither");
    }
    if (level_ >= 0 && !model.estimatesLevels())
    {
        refuse("with " + coeffs + "level, a corrector", "none");
    }
    if (spread_ >= 0 && model.nMembers() < 2)
    {
        refuse
        (
            "with " + coeffs + "spread, 2 or more members",
            std::to_string(model.nMembers())
        );
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::driftPolicy::keywords()
{
    return {coeffs + "level", coeffs + "spread", coeffs + "refinements"};
}


Foam::stepPolicy::Verdict Foam::driftPolicy::judgeState()
{
    scalar level = -1, spread = 0;
    tryOnMaster
    (
        [&]
        {
            for (const surrogate::Refinement& found : model_.refinements())
            {
                level = max(level, scalar(found.level));
            }
            if (spread_ >= 0)
            {
                spread = spreadOf(model_.members());
            }
        }
    );
    broadcast(level);
    broadcast(spread);

    Verdict verdict;
    if (level_ >= 0)
    {
        verdict.measure = level < 0 ? Verdict::quietNaN : level;
        verdict.limit = level_;
        if (level > level_)
        {
            verdict.reason = "level";
        }
    }
    if (spread_ >= 0 && verdict.accepted())
    {
        verdict.measure = spread;
        verdict.limit = spread_;
        if (!(spread <= spread_))
        {
            verdict.reason = "spread";
        }
    }
    return verdict;
}


// ************************************************************************* //
