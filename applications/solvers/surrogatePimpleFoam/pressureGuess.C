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

#include "pressureGuess.H"
#include "core/error.h"
#include "foam/openfoamVersion.H"

#include "SolverPerformance.H"
#include "Time.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static const std::string coeffs = "initialGuessCoeffs.";

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::label Foam::pressureGuess::iterations() const
{
    List<SolverPerformance<scalar>> solutions;
    performanceDict(p_.mesh(), 0).readIfPresent(p_.name(), solutions);
    label n = 0;
    for (const SolverPerformance<scalar>& solution : solutions)
    {
        n += solution.nIterations();
    }
    return n;
}


void Foam::pressureGuess::predict()
{
    Time& runTime = const_cast<Time&>(p_.time());

    timeAhead_ = -GREAT;
    const std::string failure = model_.advance();
    if (!failure.empty())
    {
        WarningInFunction
            << "The model failed at time " << runTime.timeName()
            << "; the guess is without it." << nl
            << failure.c_str() << endl;
        return;
    }

    snapshot_.save();
    runTime.setDeltaT(model_.timeStep(), false);
    ++runTime;
    model_.writeBack();
    model_.fieldsOfCase().complete();
    timeAhead_ = runTime.value();
    ahead_ = p_.primitiveField();
    ofModel_ += iterations();
    snapshot_.restore();
}


void Foam::pressureGuess::set(const scalar timeLast)
{
    if (before_.empty())
    {
        return;
    }

    const scalar t = p_.time().value();
    const scalar a = timeBefore_, b = timeLast, c = timeAhead_;
    scalarField& p = p_.primitiveFieldRef();

    if (c > t - SMALL)
    {
        const scalar fa = (t - b)*(t - c)/((a - b)*(a - c));
        const scalar fb = (t - a)*(t - c)/((b - a)*(b - c));
        const scalar fc = (t - a)*(t - b)/((c - a)*(c - b));
        p = fa*before_ + fb*p + fc*ahead_;
    }
    else
    {
        const scalar fa = (t - b)/(a - b);
        p = fa*before_ + (1 - fa)*p;
    }
    p_.correctBoundaryConditions();
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::pressureGuess::pressureGuess
(
    const surrogate::Settings& settings,
    modelStep& model,
    volScalarField& p,
    const volVectorField& U
)
:
    model_(model),
    p_(p),
    U_(U),
    shadow_(settings.get(coeffs + "shadow", 20)),
    snapshot_(p.mesh()),
    timeBefore_(0),
    timeAhead_(-GREAT)
{
    const std::string guess = settings.get(coeffs + "guess", "model");
    byModel_ = guess == "model";
    if (!byModel_ && guess != "extrapolation")
    {
        throw surrogate::Error
        ({
            "Unknown choice", settings.where() + ", entry " + coeffs + "guess",
            "one of the names below", guess, {"model", "extrapolation"}
        });
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::pressureGuess::keywords()
{
    return {"mode", coeffs + "guess", coeffs + "shadow"};
}


void Foam::pressureGuess::step(const std::function<void()>& solve)
{
    Time& runTime = const_cast<Time&>(p_.time());
    const scalar now = runTime.value();
    const scalarField last(p_.primitiveField());

    if
    (
        byModel_
     && timeAhead_ - now - runTime.deltaTValue() < 0.5*model_.timeStep()
    )
    {
        predict();
    }

    ++nSteps_;
    const bool compare = shadow_ > 0 && nSteps_ % shadow_ == 0;
    vectorField usualU;
    if (compare)
    {
        snapshot_.save();
        ++runTime;
        solve();
        usual_ += iterations();
        usualU = U_.primitiveField();
        snapshot_.restore();
    }

    ++runTime;
    Info<< "Time = " << runTime.timeName() << nl << endl;
    set(now);
    solve();

    const label n = iterations();
    all_ += n;
    if (compare)
    {
        ++nCompared_;
        guessed_ += n;
        const scalarField& V = p_.mesh().V();
        difference_ = max
        (
            difference_,
            Foam::sqrt
            (
                gSumProd(V, magSqr(U_.primitiveField() - usualU)())
               /max(gSumProd(V, magSqr(usualU)()), VSMALL)
            )
        );
        Info<< "Pressure iterations: " << n << " by the guess, in all "
            << guessed_ << " for " << usual_ << endl;
    }

    timeBefore_ = now;
    before_ = last;
}


void Foam::pressureGuess::summary() const
{
    Info<< nl << "initialGuess: summary" << nl
        << "steps " << nSteps_ << nl
        << "pressureIterations " << all_ << nl
        << "pressureIterationsForTheModel " << ofModel_ << nl
        << "comparedSteps " << nCompared_ << nl
        << "comparedIterationsUsual " << usual_ << nl
        << "comparedIterationsGuessed " << guessed_ << nl
        << "largestRelativeDifferenceOfU " << difference_ << nl << endl;
}


// ************************************************************************* //
