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

#include "foam/timeSteps.H"

// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

bool Foam::isMultiple(const scalar t, const scalar deltaT)
{
    return mag(t/deltaT - round(t/deltaT)) < 1e-6*max(scalar(1), t/deltaT);
}


bool Foam::adjustsTimeStep(const Time& runTime)
{
    return runTime.controlDict().getOrDefault("adjustTimeStep", false);
}


Foam::scalar Foam::timeTolerance(const Time& runTime, const scalar interval)
{
    return min(1e-3*interval, 1e-2*runTime.deltaTValue());
}


void Foam::reduceTimeStep(const Time& runTime, const scalar ahead)
{
    const scalar deltaT = runTime.deltaTValue();
    const scalar nSteps = ceil(ahead/deltaT - 1e-6);

    if (nSteps < labelMax && nSteps*deltaT > ahead)
    {
        const_cast<Time&>(runTime).setDeltaT(ahead/nSteps, false);
    }
}


// ************************************************************************* //
