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

#include "functionObjects/stepPolicy/residualPolicy.H"
#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"

#include "addToRunTimeSelectionTable.H"
#include "Pstream.H"
#include "Time.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{
    defineTypeNameAndDebug(residualPolicy, 0);
    addToRunTimeSelectionTable(stepPolicy, residualPolicy, settings);
}


// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static const std::string coeffs = "residualCoeffs.";

//- Of a new measurement in the mean over the last ones
static const scalar weight = 0.3;

static scalar positive
(
    const surrogate::Settings& settings,
    const std::string& keyword,
    const scalar preset
)
{
    const scalar value = settings.get(coeffs + keyword, preset);
    if (!(value > 0))
    {
        throw surrogate::Error
        ({
            "Not a threshold", settings.where() + ", entry " + coeffs + keyword,
            "a positive number", std::to_string(value), {}
        });
    }
    return value;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::residualPolicy::takeNow()
{
    // A correction may have changed the fields since
    const auto* U = model_.mesh().findObject<volVectorField>(UName_);
    const bool changed =
        now_.time != model_.mesh().time().value()
     || !U || now_.U != U->primitiveField();

    if (returnReduce(changed, orOp<bool>()))
    {
        residual_.take(now_);
    }
}


void Foam::residualPolicy::measureSolver()
{
    takeNow();
    stepResidual::Residual found(residual_.between(base_, now_));
    const scalar part = model_.timeStep()/(now_.time - base_.time);

    if (part > 1 + 1e-6)
    {
        // Less than the model's time step: a bound from above
        found.momentum = min(level_.momentum, sqr(part)*found.momentum);
        found.energy = min(level_.energy, sqr(part)*found.energy);
    }

    if (level_.momentum > 0)
    {
        level_.momentum += weight*(found.momentum - level_.momentum);
        level_.energy += weight*(found.energy - level_.energy);
    }
    else
    {
        level_ = found;
    }
    base_ = now_;
}


Foam::scalar Foam::residualPolicy::energyOfState() const
{
    scalar energy = 0;
    tryOnMaster
    (
        [&]
        {
            const surrogate::State& state = model_.members()[0];
            const double* U = state.field(UName_);
            const std::size_t nCells = state.grid.nCells();
            const std::size_t n = nCells*model_.map().axes().size();
            for (std::size_t i = 0; i < n; ++i)
            {
                energy += 0.5*U[i]*U[i];
            }
            energy /= scalar(nCells);
        }
    );
    broadcast(energy);
    return energy;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::residualPolicy::residualPolicy
(
    const surrogate::Settings& settings,
    modelStep& model
)
:
    stepPolicy(settings, model),
    UName_(settings.get("U", "U")),
    tolerance_(positive(settings, "tolerance", 3)),
    energyTolerance_(positive(settings, "energyTolerance", 3)),
    energyDefect_(positive(settings, "energyDefect", 0.015)),
    energyJump_(positive(settings, "energyJump", 0.5)),
    continuity_(positive(settings, "continuity", 0.05)),
    residual_(model.mesh(), UName_, settings.get("phi", "phi"))
{
    if (!model.fields().contains(UName_))
    {
        throw surrogate::Error
        ({
            "Nothing to take the residual of",
            settings.where() + ", entry policy",
            "a model that predicts the velocity, " + UName_,
            surrogate::join(model.fields().names()), {}
        });
    }
    base_.time = now_.time = Verdict::quietNaN;
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::residualPolicy::keywords()
{
    return
    {
        coeffs + "tolerance", coeffs + "energyTolerance",
        coeffs + "energyDefect", coeffs + "energyJump", coeffs + "continuity"
    };
}


void Foam::residualPolicy::endTurn()
{
    stepPolicy::endTurn();
    takeNow();
    base_ = now_;
}


void Foam::residualPolicy::solverStepped()
{
    stepPolicy::solverStepped();

    const Time& runTime = model_.mesh().time();
    const scalar ago = runTime.value() - base_.time;
    if (std::isnan(ago))
    {
        takeNow();
        base_ = now_;
    }
    else if (ago > (1 - 1e-6)*model_.timeStep())
    {
        measureSolver();
    }
}


void Foam::residualPolicy::beforeStep()
{
    const scalar ago = model_.mesh().time().value() - base_.time;
    // Comparison with nan is a floating-point exception
    if (!amidTurn() && !std::isnan(ago) && ago > SMALL)
    {
        measureSolver();
    }
    takeNow();
}


Foam::stepPolicy::Verdict Foam::residualPolicy::judgeState()
{
    Verdict verdict;
    const scalar energy = energyOfState();
    if
    (
        !(mag(energy - now_.energy) <= energyJump_*max(energy, now_.energy))
    )
    {
        verdict.reason = "energyJump";
    }
    return verdict;
}


Foam::stepPolicy::Verdict Foam::residualPolicy::judgeFields
(
    const FluxReport& flux
)
{
    residual_.take(next_);
    const stepResidual::Residual found(residual_.between(now_, next_));

    Verdict verdict;
    verdict.measure = found.momentum;
    verdict.limit = tolerance_*level_.momentum;
    verdict.energyResidual = found.energy;
    verdict.energyLimit = max
    (
        energyTolerance_*level_.energy,
        energyDefect_*now_.energy/model_.timeStep()
    );

    if (!(flux.before <= continuity_))
    {
        verdict.reason = "continuity";
    }
    else if (!(verdict.measure <= verdict.limit))
    {
        verdict.reason = "residual";
    }
    else if (!(verdict.energyResidual <= verdict.energyLimit))
    {
        verdict.reason = "energy";
    }
    return verdict;
}


void Foam::residualPolicy::accept()
{
    std::swap(now_, next_);
}


void Foam::residualPolicy::save(dictionary& dict) const
{
    stepPolicy::save(dict);
    dict.set("residualLevel", level_.momentum);
    dict.set("energyResidualLevel", level_.energy);
}


void Foam::residualPolicy::restore(const dictionary& dict)
{
    stepPolicy::restore(dict);
    level_.momentum = dict.getOrDefault<scalar>("residualLevel", 0);
    level_.energy = dict.getOrDefault<scalar>("energyResidualLevel", 0);
}


// ************************************************************************* //
