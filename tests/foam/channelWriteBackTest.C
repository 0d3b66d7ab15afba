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

Description
    A model's change written into a flow through makeChannel's case: inlet,
    outlet, walls and a body in a mesh that is not the grid.

\*---------------------------------------------------------------------------*/

#include "boxFlow.H"
#include "meshGrid.H"
#include "foam/stateWriteBack.H"

#include "wallFvPatch.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

namespace
{

struct channelWriteBack
:
    public ::testing::Test
{
    autoPtr<gridMap> map = mapTo(testGrid());
    const surrogate::FieldList fields{{{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}}};
    const stateTransfer transfer{map(), fields};
    stateWriteBack writeBack{transfer, {}};
    boxFlow flow{testMesh(), 0.005};

    //- A flow that fits the boundaries
    void SetUp()
    {
        writeBack.handOver();
        flow.U = dimensionedVector("U", dimVelocity, vector(1, 0, 0));
        flow.U.correctBoundaryConditions();
        flow.phi = fvc::flux(flow.U);
        for (label i = 0; i < 20; ++i) flow.step();
        writeBack.measureUsual();
    }

    scalar fluxThrough(const word& patch) const
    {
        const label patchi = testMesh().boundary().findPatchID(patch);
        return gSum(flow.phi.boundaryField()[patchi]);
    }

    //- Swirls that are not free of divergence
    surrogate::State changed(const surrogate::State& state) const
    {
        surrogate::State result(state);
        const surrogate::Grid& grid = state.grid;
        for (std::size_t i = 0; Pstream::master() && i < grid.nCells(); ++i)
        {
            const scalar x = grid.spacing(0)*(i % grid.cells[0]);
            const scalar y = grid.spacing(1)*(i/grid.cells[0]);
            result.channel(0)[i] += 0.1*Foam::sin(2*x)*Foam::cos(y);
            result.channel(1)[i] += 0.1*Foam::cos(x)*Foam::sin(2*y);
        }
        return result;
    }
};

} // End anonymous namespace


TEST_F(channelWriteBack, keepsBoundaryFluxesAndContinuity)
{
    surrogate::State before;
    transfer.gather(before);
    const vectorField UBefore(flow.U.primitiveField());
    flow.runTime.setDeltaT(0.05, false);
    ++flow.runTime;
    writeBack.write(changed(before), &before);
    const FluxReport report = writeBack.complete();

    EXPECT_GT(report.before, 1e-6);
    EXPECT_LT(report.after, 1.01e-8);
    EXPECT_EQ(continuityError(flow.phi), report.after);
    EXPECT_GT(gMax(mag(flow.U.primitiveField() - UBefore)()), 0.05);

    // 4 wide, 1 thick, velocity 1; what flows in flows out
    EXPECT_NEAR(fluxThrough("inlet"), -4, 1e-10);
    EXPECT_NEAR(fluxThrough("outlet"), 4, 1e-6);
    forAll(testMesh().boundary(), patchi)
    {
        if (isA<wallFvPatch>(testMesh().boundary()[patchi]))
        {
            EXPECT_EQ(gSumMag(flow.phi.boundaryField()[patchi]), 0);
        }
    }
    const scalar energy = writeBack.kineticEnergy();
    EXPECT_GT(energy, 0.4);
    EXPECT_LT(energy, 0.8);
}


TEST_F(channelWriteBack, nothingChangedLeavesTheSolversVelocity)
{
    surrogate::State before;
    transfer.gather(before);
    const vectorField U(flow.U.primitiveField());
    const scalarField phi(flow.phi.primitiveField());
    ++flow.runTime;
    writeBack.write(before, &before);
    writeBack.complete();

    EXPECT_EQ(flow.U.primitiveField(), U);
    EXPECT_LT(gMax(mag(flow.phi.primitiveField() - phi)()), 0.02*gMax(mag(phi)()));
}


TEST_F(channelWriteBack, pressureIsTheSolvers)
{
    const scalarField p(flow.p.primitiveField());
    surrogate::State before;
    transfer.gather(before);
    ++flow.runTime;
    writeBack.write(before, &before);
    writeBack.complete();

    const scalarField difference(flow.p.primitiveField() - p);
    const scalar error =
        Foam::sqrt(gSum(sqr(difference)())/gSum(sqr(p - gAverage(p))()));
    EXPECT_LT(error, 0.15);
    RecordProperty("error", std::to_string(error));
    Info<< "Error of the recovered pressure: " << error << endl;
}


TEST_F(channelWriteBack, solverGoesOn)
{
    surrogate::State before;
    transfer.gather(before);
    flow.runTime.setDeltaT(0.05, false);
    ++flow.runTime;
    writeBack.write(changed(before), &before);
    writeBack.complete();
    writeBack.handOver();
    const scalar energy = writeBack.kineticEnergy();
    for (label i = 0; i < 20; ++i) flow.step();
    EXPECT_NEAR(writeBack.kineticEnergy(), energy, 0.05*energy);
    EXPECT_LT(continuityError(flow.phi), 1e-6);
}


// ************************************************************************* //
