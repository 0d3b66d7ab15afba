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

#include "functionObjects/modelCorrection.H"
#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"

#include "Pstream.H"

// * * * * * * * * * * * * * * Static Data Members * * * * * * * * * * * * * //

namespace Foam
{

//- Other random numbers than those of a model's step at the same time
static const std::uint64_t correctionSeed = 0xD1B54A32D192ED03ull;

} // End namespace Foam


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::modelCorrection::modelCorrection
(
    const fvMesh& mesh,
    const dictionary& dict,
    const surrogate::Settings& settings
)
:
    modelFields(mesh, dict, settings),
    lag_(0)
{
    load
    (
        [&]() -> const surrogate::Manifest&
        {
            const fileName file(modelFile(settings, "model"));
            corrector_ = surrogate::loadCorrector
            (
                file,
                surrogate::RuntimeOptions::read(settings),
                surrogate::CorrectorOptions::read(settings),
                team()
            );
            announce(file, corrector_->manifest(), corrector_->runtime());
            lag_ = corrector_->lag();
            return corrector_->manifest();
        }
    );
    broadcast(lag_);
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::vector<std::string> Foam::modelCorrection::keywords()
{
    std::vector<std::string> keywords(modelFields::keywords());
    for (const std::string& option : surrogate::CorrectorOptions::keywords())
    {
        if (option != "every")   // of a corrector beside a Stepper
        {
            keywords.push_back(option);
        }
    }
    return keywords;
}


void Foam::modelCorrection::setOptions(const surrogate::Settings& settings)
{
    callOnMaster
    (
        dict(),
        [&]
        {
            corrector_->setOptions(surrogate::CorrectorOptions::read(settings));
        }
    );
}


std::string Foam::modelCorrection::correct
(
    surrogate::State& state,
    const surrogate::State& previous,
    surrogate::Refinement& refinement
)
{
    bool active = false;
    const std::string message = tryModel
    (
        [&]
        {
            std::vector<surrogate::State> members{state};
            std::vector<surrogate::State> earlier;
            if (lag_ > 0)
            {
                earlier.push_back(previous);
            }
            const surrogate::Noise numbers
            (
                noise().seed() ^ correctionSeed, noise().timeIndex()
            );
            refinement =
                corrector_->correct(members, earlier, numbers).front();
            state = std::move(members.front());
            active = refinement.active;
        }
    );
    broadcast(active);
    refinement.active = active;
    return message;
}


// ************************************************************************* //
