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

#include "functionObjects/refinementText.H"

#include <sstream>

// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

std::string Foam::describe(const surrogate::Refinement& refinement)
{
    std::ostringstream text;
    const auto tell = [&](const char* name, const double level)
    {
        if (level >= 0)
        {
            text << name << ' ' << level << ", ";
        }
    };
    tell("level", refinement.level);
    tell("condition", refinement.conditionLevel);
    tell("after", refinement.levelAfter);
    text << refinement.evaluations << " evaluations";
    return text.str();
}


Foam::wordList Foam::refinementColumns()
{
    return {"conditionLevel", "level", "levelAfter", "evaluations"};
}


void Foam::writeRefinement
(
    Ostream& os,
    const surrogate::Refinement& refinement
)
{
    for
    (
        const double level
      : {refinement.conditionLevel, refinement.level, refinement.levelAfter}
    )
    {
        os << tab;
        level < 0 ? os << word("nan") : os << level;
    }
    os << tab << refinement.evaluations;
}


// ************************************************************************* //
