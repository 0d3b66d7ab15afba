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

#include "boxFlow.H"
#include "foamTest.H"

#include "foam/stepResidual.H"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

namespace Foam
{

//- After five steps of the solver
static stepResidual::Sample later(boxFlow& flow, const stepResidual& residual)
{
    for (label i = 0; i < 5; ++i)
    {
        flow.step();
    }
    stepResidual::Sample sample;
    residual.take(sample);
    return sample;
}


TEST(stepResidualTest, tellsSolverStatesFromOthers)
{
    boxFlow flow(testMesh(), 0.01);
    stepResidual residual(testMesh(), "U", "phi");
    const auto start = later(flow, residual);
    const auto a = later(flow, residual);
    const auto level = residual.between(start, a);
    const auto b = later(flow, residual);

    EXPECT_GT(level.momentum, 0);
    EXPECT_LT(residual.between(a, b).momentum, 2*level.momentum);
    EXPECT_LT(residual.between(a, b).energy, 2*level.energy);

    // A state of another time, and one with a little too much
    auto wrong = start;
    wrong.time = b.time;
    EXPECT_GT(residual.between(a, wrong).momentum, 3*level.momentum);

    const volVectorField kept("kept", flow.U);
    forAll(flow.U, celli)
    {
        const vector& x = testMesh().C()[celli];
        flow.U[celli] += 0.1*vector(Foam::cos(3*x.y()), Foam::cos(3*x.x()), 0);
    }
    flow.U.correctBoundaryConditions();
    flow.phi = fvc::flux(flow.U);
    stepResidual::Sample perturbed;
    residual.take(perturbed);
    EXPECT_GT(residual.between(a, perturbed).momentum, 3*level.momentum);
    EXPECT_GT(residual.between(a, perturbed).energy, 3*level.energy);
    flow.U = kept;
}


TEST(stepResidualTest, namesWhatIsMissing)
{
    stepResidual residual(testMesh(), "velocity", "phi");
    stepResidual::Sample sample;
    EXPECT_TRUE
    (
        contains(errorOf([&] { residual.take(sample); }), "volVectorField velocity")
    );
}

} // End namespace Foam


// ************************************************************************* //
