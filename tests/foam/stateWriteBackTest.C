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

#include "foamTest.H"
#include "foam/stateWriteBack.H"

#include "boxFlow.H"

#include "core/noise.h"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

using namespace Foam;

namespace
{

const scalar deltaT = 0.02;

//- The solver steps that one step of the model stands for
const label nInModelStep = 5;

//- A jump that starts after nBefore steps and takes two steps of the model,
//  whose states are the solver's own to single precision, plus noise
struct stateWriteBackTest
:
    public ::testing::Test
{
    const label nBefore = 20;
    const label nAfter = nBefore + 2*nInModelStep;

    autoPtr<gridMap> map = gridMap::New("identity", testMesh());
    const stateTransfer transfer
    {
        map(), {{{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}}}
    };
    stateWriteBack writeBack{transfer, {}};

    // Of the solver alone
    surrogate::State first, second;
    scalarField energy;
    scalar energyAfter, continuityAfter;
    vectorField UAfter;
    scalarField pBefore, gradPBefore;

    void SetUp()
    {
        writeBack.handOver();   // drops the rates of the test before
        boxFlow reference(testMesh(), deltaT);
        for (label i = 0; i < nAfter; ++i)
        {
            reference.step();
            if (i + 1 == nBefore + nInModelStep) transfer.gather(first);
            energy.append(reference.energy());
        }
        transfer.gather(second);
        pBefore = reference.p.primitiveField();

        reference.step();
        energyAfter = reference.energy();
        continuityAfter = continuityError(reference.phi);
        UAfter = reference.U.primitiveField();
    }

    static void perturb(surrogate::State& state, const scalar amplitude)
    {
        const surrogate::Noise noise(1);
        for (std::size_t i = 0; i < state.values.size(); ++i)
        {
            state.values[i] =
                float(state.values[i]) + amplitude*noise.normal(0, i);
        }
    }

    //- Leaves the solver before its first step after the jump
    void jump(boxFlow& s, FluxReport& report)
    {
        for (label i = 0; i < nBefore; ++i) s.step();
        writeBack.measureUsual();

        for (const surrogate::State* state : {&first, &second})
        {
            s.runTime.setDeltaT(nInModelStep*deltaT, false);
            ++s.runTime;
            report = writeBack.write(*state);
        }
        writeBack.complete();
        writeBack.handOver();
    }

    //- Part of the usual change of energy that ours may differ by: the
    //  Crank-Nicolson scheme begins with a step of Euler's
    static scalar energyTolerance()
    {
        return
            word(testMesh().ddtScheme("ddt(U)")) == "CrankNicolson" ? 0.1 : 0.01;
    }

    static scalar relativeError(const vectorField& a, const vectorField& b)
    {
        return Foam::sqrt(gSum(magSqr(a - b)())/gSum(magSqr(b)()));
    }
};

} // End anonymous namespace


TEST_F(stateWriteBackTest, firstStepAfterAJumpIsAsCleanAsAnyOther)
{
    perturb(first, 0);
    perturb(second, 0);

    boxFlow s(testMesh(), deltaT);
    FluxReport report;
    jump(s, report);

    EXPECT_EQ(s.runTime.timeIndex(), nBefore + 2);
    EXPECT_NEAR(s.runTime.value(), nAfter*deltaT, 1e-10);
    EXPECT_LE(continuityError(s.phi), 2e-8);

    // The energy lost in one step, in the jump of the true fields and in ours
    const scalar usual = energyAfter - energy.last();
    const scalar before = s.energy();
    EXPECT_NEAR(before, energy.last(), 1e-6*before);

    s.step();
    const scalar ours = s.energy() - before;

    Info<< "continuity error of the first step " << continuityError(s.phi)
        << ", usually " << continuityAfter
        << ", of the interpolated velocity " << writeBack.usual() << nl
        << "change of kinetic energy " << ours << ", usually " << usual << nl
        << "relative difference of U "
        << relativeError(s.U.primitiveField(), UAfter) << endl;

    EXPECT_LE(continuityError(s.phi), 3*continuityAfter + 1e-9);
    EXPECT_NEAR(ours, usual, energyTolerance()*mag(usual));
    EXPECT_LE(relativeError(s.U.primitiveField(), UAfter), 5e-4);
}


TEST_F(stateWriteBackTest, divergentVelocityIsRepaired)
{
    perturb(first, 5e-3);
    perturb(second, 5e-3);

    boxFlow s(testMesh(), deltaT);
    FluxReport report;
    jump(s, report);

    EXPECT_GE(report.before, 1.5*writeBack.usual());
    EXPECT_LE(continuityError(s.phi), 2e-8);

    // The interpolate of U is closer to conservative, too
    const scalar ofU = continuityError(s.U);
    EXPECT_LE(ofU, 0.7*report.before);

    const scalar before = s.energy();
    s.step();
    Info<< "continuity error of the first step " << continuityError(s.phi)
        << ", usually " << continuityAfter << ", of U before and after "
        << report.before << ' ' << ofU << nl
        << "change of kinetic energy " << s.energy() - before
        << ", usually " << energyAfter - energy.last() << endl;

    EXPECT_LE(continuityError(s.phi), 3*continuityAfter + 1e-9);
    EXPECT_NEAR
    (
        s.energy() - before, energyAfter - energy.last(),
        0.2*mag(energyAfter - energy.last())
    );
}


TEST_F(stateWriteBackTest, velocityWithinItsToleranceIsLeftAlone)
{
    perturb(first, 5e-3);
    perturb(second, 5e-3);
    stateWriteBack::Options options;
    options.velocityTolerance = 1;
    stateWriteBack lenient(transfer, options);

    boxFlow s(testMesh(), deltaT);
    for (label i = 0; i < nBefore; ++i) s.step();
    lenient.measureUsual();
    s.runTime.setDeltaT(nInModelStep*deltaT, false);
    ++s.runTime;
    EXPECT_GE(lenient.write(first).before, 1.5*lenient.usual());

    // As the model gave it, and with a conservative flux nevertheless
    surrogate::State now;
    transfer.gather(now);
    EXPECT_EQ(now.values, first.values);
    lenient.complete();
    transfer.gather(now);
    EXPECT_EQ(now.values, first.values);
    EXPECT_LE(continuityError(s.phi), 2e-8);

    lenient.handOver();
}


TEST_F(stateWriteBackTest, recoveredPressureIsTheSolvers)
{
    boxFlow s(testMesh(), deltaT);
    FluxReport report;
    jump(s, report);

    const scalarField ours(s.p.primitiveField() - gAverage(s.p.primitiveField()));
    const scalarField theirs(pBefore - gAverage(pBefore));
    const scalar difference =
        Foam::sqrt(gSumSqr(ours - theirs)/gSumSqr(theirs));
    Info<< "relative difference of p " << difference << endl;
    EXPECT_LE(difference, 0.03);
}


TEST_F(stateWriteBackTest, streamFunctionVelocityNeedsNoSolve)
{
    // Central differences of psi on a periodic grid
    surrogate::State& state = second;
    const surrogate::Grid& grid = state.grid;
    const auto psi = [&](label i, label j)
    {
        const scalar x = (i + 0.5)*grid.spacing(0), y = (j + 0.5)*grid.spacing(1);
        return Foam::sin(2*x + y) + 0.3*Foam::cos(3*y)*Foam::sin(x);
    };
    for (label j = 0; Pstream::master() && j < grid.cells[1]; ++j)
    {
        for (label i = 0; i < grid.cells[0]; ++i)
        {
            state.channel(0)[grid.index(i, j)] = (psi(i, j + 1) - psi(i, j - 1))/(2*grid.spacing(1));
            state.channel(1)[grid.index(i, j)] = -(psi(i + 1, j) - psi(i - 1, j))/(2*grid.spacing(0));
        }
    }

    boxFlow s(testMesh(), deltaT);
    writeBack.write(state);
    const vectorField before(s.U.primitiveField());
    const FluxReport report = writeBack.complete();
    EXPECT_LE(report.before, 1e-13);
    EXPECT_EQ(report.before, report.after);
    EXPECT_EQ(s.U.primitiveField(), before);
}


TEST_F(stateWriteBackTest, oldTimesAreTheStatesBefore)
{
    boxFlow s(testMesh(), deltaT);
    FluxReport report;
    jump(s, report);

    const vectorField atHandOver(s.U.primitiveField());
    s.step();
    EXPECT_EQ(s.U.oldTime().primitiveField(), atHandOver);
    EXPECT_NEAR(s.runTime.deltaT0Value(), nInModelStep*deltaT, 1e-12);

    if (word(testMesh().ddtScheme("ddt(U)")) == "backward")
    {
        surrogate::State old;
        s.U == s.U.oldTime().oldTime();
        transfer.gather(old);
        for (std::size_t i = 0; i < old.values.size(); ++i)
        {
            ASSERT_NEAR(old.values[i], first.values[i], 1e-6);
        }
    }
}


TEST_F(stateWriteBackTest, stepAfterACorrectionIsAsAnyOther)
{
    boxFlow s(testMesh(), deltaT);
    for (label i = 0; i < nBefore; ++i) s.step();
    const vectorField U0(s.U.primitiveField());
    const vectorField old0(s.U.oldTime().primitiveField());
    const scalarField phi0(s.phi.primitiveField());
    const scalarField oldPhi0(s.phi.oldTime().primitiveField());

    // Dissipation then is 1.01^2 of what it was
    surrogate::State state;
    transfer.gather(state);
    for (double& value : state.values) value *= 1.01;

    writeBack.measureUsual();
    const FluxReport report = writeBack.replace(state);
    EXPECT_LE(report.after, 1e-8);
    EXPECT_EQ(report.after, continuityError(s.phi));
    EXPECT_EQ(s.runTime.timeIndex(), nBefore);
    EXPECT_LE(relativeError(s.U.primitiveField(), 1.01*U0), 1e-12);

    // The old levels have been moved by the same
    const vectorField moved(s.U.oldTime().primitiveField() - old0);
    EXPECT_LE(relativeError(moved, s.U.primitiveField() - U0), 1e-12);
    EXPECT_LE
    (
        gMax
        (
            mag
            (
                s.phi.oldTime().primitiveField() - oldPhi0
              - (s.phi.primitiveField() - phi0)
            )()
        ),
        1e-14
    );

    const scalar before = s.energy();
    s.step();
    const scalar usual = energy[nBefore] - energy[nBefore - 1];
    Info<< "change of kinetic energy " << s.energy() - before << ", usually "
        << usual << ", continuity error of the step " << continuityError(s.phi)
        << ", usually " << continuityAfter << endl;

    EXPECT_NEAR
    (
        s.energy() - before, sqr(1.01)*usual, energyTolerance()*mag(usual)
    );
    EXPECT_LE(continuityError(s.phi), 3*continuityAfter + 1e-9);
}


// ************************************************************************* //
