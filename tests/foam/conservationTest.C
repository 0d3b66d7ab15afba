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
#include "foam/conservation/untouchedFields.H"

#include "boxFlow.H"

#include "core/noise.h"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

using namespace Foam;

namespace
{

const scalar deltaT = 0.02;

surrogate::Settings settingsOf
(
    const std::vector<std::string>& conserve,
    const std::map<std::string, surrogate::Settings::Value>& more = {}
)
{
    surrogate::Settings settings("testDict");
    settings.set("conserve", conserve);
    for (const auto& entry : more)
    {
        settings.set(entry.first, entry.second);
    }
    return settings;
}

scalar mean(const scalarField& values)
{
    const scalarField& V = testMesh().V().field();
    return gSumProd(values, V)/gSum(V);
}

vector meanOf(const vectorField& values)
{
    const scalarField& V = testMesh().V().field();
    return gSum((V*values)())/gSum(V);
}

scalar energyOf(const vectorField& values)
{
    return 0.5*mean(magSqr(values)());
}

autoPtr<volScalarField> newScalar(const word& name)
{
    autoPtr<volScalarField> s
    (
        new volScalarField
        (
            IOobject
            (
                name, testMesh().time().timeName(), testMesh(),
                IOobject::NO_READ, IOobject::AUTO_WRITE
            ),
            testMesh(),
            dimensionedScalar(dimless, Zero)
        )
    );
    forAll(s(), celli)
    {
        const vector& C = testMesh().C()[celli];
        s()[celli] = 0.5 + 0.45*Foam::sin(C.x())*Foam::cos(2*C.y());
    }
    s->correctBoundaryConditions();
    return s;
}

//- A box flow after some steps, and a state that a bad model made of it
struct conservationTest
:
    public ::testing::Test
{
    boxFlow flow{testMesh(), deltaT};
    autoPtr<volScalarField> T = newScalar("T");
    autoPtr<gridMap> map = gridMap::New("identity", testMesh());
    const stateTransfer transfer
    {
        map(),
        {{
            {"U", 2, {{0, 1, -1, 0, 0, 0, 0}}},
            {"T", 1, {{0, 0, 0, 0, 0, 0, 0}}}
        }}
    };

    surrogate::State state;
    vector meanBefore;
    scalar energyBefore, integralBefore;

    void SetUp()
    {
        for (label i = 0; i < 3; ++i) flow.step();

        // Not at rest
        flow.U.primitiveFieldRef() += vector(0.3, -0.1, 0);
        flow.U.correctBoundaryConditions();
        flow.phi = fvc::flux(flow.U);

        meanBefore = meanOf(flow.U);
        energyBefore = energyOf(flow.U);
        integralBefore = mean(T());

        transfer.gather(state);
        const surrogate::Noise noise(1);
        const std::size_t n = state.grid.nCells();
        for (std::size_t i = 0; i < state.values.size(); ++i)
        {
            state.values[i] = i < 2*n
              ? 1.1*state.values[i] + 0.05 + 0.02*noise.normal(0, i)
              : 1.3*state.values[i] - 0.1;
        }
    }

    //- One step of the model, with what a solver's velocity is usually
    FluxReport step(stateWriteBack& writeBack)
    {
        writeBack.check();
        writeBack.measureUsual();
        flow.runTime.setDeltaT(5*deltaT, false);
        ++flow.runTime;
        return writeBack.write(state);
    }

    stateWriteBack with(const surrogate::Settings& settings)
    {
        return stateWriteBack
        (
            transfer, stateWriteBack::Options::read(settings)
        );
    }

    std::string refusal(const surrogate::Settings& settings)
    {
        return errorOf([&] { with(settings).check(); });
    }

    scalar reported(const stateWriteBack& writeBack, const std::string& name)
    {
        for (const auto& amount : writeBack.repairs())
        {
            if (amount.first == name) return amount.second;
        }
        ADD_FAILURE() << name << " is not reported";
        return 0;
    }
};

} // End anonymous namespace


TEST_F(conservationTest, withoutItNothingIsRestored)
{
    stateWriteBack writeBack(with(settingsOf({})));
    step(writeBack);
    EXPECT_GE(mag(meanOf(flow.U) - meanBefore), 0.05);
    EXPECT_GE(mag(energyOf(flow.U) - energyBefore), 0.1*energyBefore);
    EXPECT_TRUE(writeBack.repairs().empty());
}


TEST_F(conservationTest, massMomentumAndEnergyHoldTogether)
{
    stateWriteBack writeBack(with(settingsOf({"mass", "momentum", "energy"})));
    const FluxReport report = step(writeBack);

    EXPECT_LE(report.after, 2e-8);
    EXPECT_EQ(report.after, continuityError(flow.phi));
    EXPECT_LE(mag(meanOf(flow.U) - meanBefore), 1e-12);
    EXPECT_NEAR(energyOf(flow.U), energyBefore, 1e-12*energyBefore);

    // phi is that of the restored velocity, up to the projection
    const scalar far =
        gSumMag((flow.phi - fvc::flux(flow.U)())().primitiveField())
       /gSumMag(flow.phi.primitiveField());
    EXPECT_LE(far, 0.02);

    EXPECT_GE(reported(writeBack, "meanVelocityAdded"), 0.05);
    EXPECT_LE(reported(writeBack, "energyRepair"), -0.05);

    // And when the solver takes over
    EXPECT_LE(writeBack.complete().after, 2e-8);
    EXPECT_LE(mag(meanOf(flow.U) - meanBefore), 1e-12);
    EXPECT_NEAR(energyOf(flow.U), energyBefore, 1e-12*energyBefore);
}


TEST_F(conservationTest, massAloneIsConservedAtEachStep)
{
    stateWriteBack usual(with(settingsOf({})));
    usual.setUsual(1);   // any velocity will do
    flow.runTime.setDeltaT(5*deltaT, false);
    ++flow.runTime;
    EXPECT_GE(usual.write(state).after, 1e-4);

    stateWriteBack writeBack(with(settingsOf({"mass"})));
    writeBack.setUsual(1);
    EXPECT_LE(writeBack.write(state).after, 2e-8);
}


TEST_F(conservationTest, momentumIsThatOfTheUser)
{
    stateWriteBack writeBack
    (
        with
        (
            settingsOf
            (
                {"momentum"},
                {{"conserveCoeffs.momentum", std::vector<double>{1, 0.5, 7}}}
            )
        )
    );
    step(writeBack);
    EXPECT_LE(mag(meanOf(flow.U) - vector(1, 0.5, 0)), 1e-12);
}


TEST_F(conservationTest, energyMayChangeWithinItsBudget)
{
    stateWriteBack writeBack
    (
        with
        (
            settingsOf
            (
                {"energy"},
                {
                    {"conserveCoeffs.energyGain", 0.03},
                    {"conserveCoeffs.energyLoss", 0.5}
                }
            )
        )
    );
    step(writeBack);
    EXPECT_NEAR(energyOf(flow.U), 1.03*energyBefore, 1e-12*energyBefore);

    for (double& value : state.values) value *= 0.8;
    const scalar before = energyOf(flow.U);
    ++flow.runTime;
    writeBack.write(state);
    EXPECT_LE(energyOf(flow.U), before);
    EXPECT_GE(energyOf(flow.U), 0.5*before);
    EXPECT_EQ(reported(writeBack, "energyRepair"), 0);
}


TEST_F(conservationTest, correctionKeepsThemToo)
{
    stateWriteBack writeBack(with(settingsOf({"momentum", "energy", "T"})));
    writeBack.measureUsual();
    const FluxReport report = writeBack.replace(state);
    EXPECT_LE(report.after, 2e-8);
    EXPECT_LE(mag(meanOf(flow.U) - meanBefore), 1e-12);
    EXPECT_NEAR(energyOf(flow.U), energyBefore, 1e-12*energyBefore);
    EXPECT_NEAR(mean(T()), integralBefore, 1e-13);
}


TEST_F(conservationTest, valuesAreClipped)
{
    stateWriteBack writeBack
    (
        with(settingsOf({}, {{"bounds.T", std::vector<long>{0, 1}}}))
    );
    step(writeBack);
    EXPECT_EQ(gMin(T->primitiveField()), 0);
    EXPECT_EQ(gMax(T->primitiveField()), 1);
    EXPECT_GE(reported(writeBack, "T.clippedCells"), 10);
    EXPECT_GE(reported(writeBack, "T.clipped"), 1e-3);
}


TEST_F(conservationTest, integralHoldsWithinTheBounds)
{
    std::map<std::string, scalar> lowest;
    for (const char* how : {"additive", "multiplicative"})
    {
        stateWriteBack writeBack
        (
            with
            (
                settingsOf
                (
                    {"T"},
                    {
                        {"bounds.T", std::vector<double>{0.1, 0.8}},
                        {"conserveCoeffs.T", std::string(how)}
                    }
                )
            )
        );
        // Higher than that of the state
        T() = newScalar("other")() + dimensionedScalar("rise", dimless, 0.2);
        const scalar before = mean(T());
        step(writeBack);

        EXPECT_NEAR(mean(T()), before, 1e-13);
        EXPECT_EQ(gMax(T->primitiveField()), 0.8);
        EXPECT_GE(gMin(T->primitiveField()), 0.1);
        EXPECT_GE(reported(writeBack, "T.added"), 0.01);

        lowest[how] = gMin(T->primitiveField());
    }

    // In proportion: the lowest get least
    EXPECT_LE(lowest["multiplicative"], lowest["additive"] - 0.01);
}


TEST_F(conservationTest, integralThatDoesNotFitIsRefused)
{
    stateWriteBack writeBack
    (
        with(settingsOf({"T"}, {{"bounds.T", std::vector<double>{0, 0.3}}}))
    );
    const std::string message = errorOf([&] { step(writeBack); });
    EXPECT_TRUE(contains(message, "field T"));
    EXPECT_TRUE(contains(message, "no room within the bounds"));
}


TEST_F(conservationTest, optionsAreChecked)
{
    const auto inverted = refusal
    (
        settingsOf({}, {{"bounds.T", std::vector<long>{1, 0}}})
    );
    EXPECT_TRUE(contains(inverted, "The bounds are inverted"));
    EXPECT_TRUE(contains(inverted, "(1 0)"));

    const auto unknown = refusal
    (
        settingsOf({}, {{"bounds.alpha", std::vector<long>{0, 1}}})
    );
    EXPECT_TRUE(contains(unknown, "entry bounds"));
    EXPECT_TRUE(contains(unknown, "alpha"));
    EXPECT_TRUE(contains(unknown, "valid:    T"));

    EXPECT_TRUE(contains(refusal(settingsOf({"mess"})), "found:    mess"));
    EXPECT_TRUE(contains(refusal(settingsOf({"U"})), "found:    U"));
    EXPECT_TRUE
    (
        contains
        (
            refusal
            (
                settingsOf({"mass"}, {{"conserveCoeffs.energyGain", 0.1}})
            ),
            "energyGain"
        )
    );
    EXPECT_TRUE
    (
        contains
        (
            refusal
            (
                settingsOf
                (
                    {"T"}, {{"conserveCoeffs.T", std::string("both")}}
                )
            ),
            "additive, multiplicative"
        )
    );
}


TEST_F(conservationTest, energyOfAMeanFlowAloneCannotBeScaled)
{
    stateWriteBack writeBack(with(settingsOf({"energy"})));
    const std::size_t n = state.grid.nCells();
    std::fill(state.values.begin(), state.values.end(), 0.2);
    if (Pstream::master())
    {
        ASSERT_EQ(state.values.size(), 3*n);
    }
    EXPECT_TRUE
    (
        contains
        (
            errorOf([&] { step(writeBack); }),
            "The kinetic energy cannot be restored"
        )
    );
}


// In a box with walls at bottom and top

TEST(conservationWallsTest, meanIsFreeAlongTheWallsAlone)
{
    boxFlow flow(testMesh(), deltaT);
    const volVectorField& U = flow.U;
    conservation::Options options;
    options.where = "testDict";
    options.momentum = options.momentumGiven = true;
    options.meanVelocity = vector(2, 3, 4);
    conservation repair(testMesh(), options, "U");
    repair.measure();
    const vector before(meanOf(U));
    const scalar error = continuityError(flow.phi);
    repair.restoreVelocity(flow.U, &flow.phi);

    EXPECT_NEAR(meanOf(U).x(), 2, 1e-12);
    EXPECT_NEAR(meanOf(U).y(), before.y(), 1e-12);
    EXPECT_LE(continuityError(flow.phi), error + 1e-12);
    forAll(testMesh().boundary(), patchi)
    {
        if (testMesh().boundary()[patchi].type() == "wall")
        {
            EXPECT_LE(gMax(mag(flow.phi.boundaryField()[patchi])()), 1e-14);
        }
    }
}


// Fields that the model does not know

namespace
{

struct untouchedFieldsTest
:
    public conservationTest
{
    autoPtr<volScalarField> s = newScalar("s");
    const stateWriteBack::Options names;

    autoPtr<untouchedFields> fieldsOf(const surrogate::Settings& settings)
    {
        return autoPtr<untouchedFields>
        (
            new untouchedFields
            (
                testMesh(), untouchedFields::Options::read(settings), names,
                transfer.fields()
            )
        );
    }

    static surrogate::Settings transported(const double D)
    {
        surrogate::Settings settings("testDict");
        settings.set("untouched.s", std::string("transport"));
        settings.set("untouchedCoeffs.s.diffusivity", D);
        return settings;
    }
};

} // End anonymous namespace


TEST_F(untouchedFieldsTest, solvedFieldMustBePlanned)
{
    surrogate::Settings none("testDict");

    // fvSolution has a solver for it
    auto fields = fieldsOf(none);
    const std::string message = errorOf([&] { fields->check(); });
    EXPECT_TRUE(contains(message, "field s"));
    EXPECT_TRUE(contains(message, "untouched of testDict"));
    EXPECT_TRUE(contains(message, "hold, transport, turbulence"));
    s.reset(nullptr);

    // Nothing tells of an equation but its old-time level
    auto other = newScalar("other");
    fieldsOf(none)->check();
    other->oldTime();
    EXPECT_TRUE
    (
        contains
        (
            errorOf([&] { fieldsOf(none)->check(); }), "field other"
        )
    );
}


TEST_F(untouchedFieldsTest, heldFieldStays)
{
    surrogate::Settings hold("testDict");
    hold.set("untouched.s", std::string("hold"));
    s->oldTime();
    auto fields = fieldsOf(hold);
    fields->check();
    EXPECT_FALSE(fields->solves());
    const scalarField before(s->primitiveField());
    flow.step();
    fields->advance();
    EXPECT_EQ(s->primitiveField(), before);
}


TEST_F(untouchedFieldsTest, transportIsTheSolversOwnInSubSteps)
{
    auto fields = fieldsOf(transported(0.01));
    fields->check();
    EXPECT_TRUE(fields->solves());
    fields->setSolverTimeStep(deltaT);

    const scalarField before(s->primitiveField());
    flow.runTime.setDeltaT(5*deltaT, false);
    ++flow.runTime;
    const label index = flow.runTime.timeIndex();
    fields->advance();

    EXPECT_EQ(flow.runTime.timeIndex(), index);
    EXPECT_NEAR(flow.runTime.deltaTValue(), 5*deltaT, 1e-15);
    EXPECT_EQ(s->oldTime().primitiveField(), before);
    EXPECT_EQ(s->oldTime().primitiveField(), before);   // asking changes none

    // The same by hand
    auto other = newScalar("other");
    for (label i = 0; i < 5; ++i)
    {
        flow.runTime.setDeltaT(deltaT, false);
        ++flow.runTime;
        fvScalarMatrix equation
        (
            fvm::ddt(other())
          + fvm::div(flow.phi, other(), "div(phi,s)")
          - fvm::laplacian(dimensionedScalar("D", dimViscosity, 0.01), other())
        );
        equation.solve(testMesh().solverDict("s"));
    }
    const scalar change =
        gMax(mag(other->primitiveField() - before)());
    EXPECT_GE(change, 1e-2);
    EXPECT_LE
    (
        gMax(mag(other->primitiveField() - s->primitiveField())()),
        1e-6*change
    );

    // Then the solver goes on from it
    const scalarField after(s->primitiveField());
    EXPECT_EQ(s->oldTime().primitiveField(), after);
}


TEST_F(untouchedFieldsTest, entriesAreChecked)
{
    const auto refused = [&]
    (
        const std::string& keyword,
        const surrogate::Settings::Value& value
    )
    {
        surrogate::Settings settings("testDict");
        settings.set(keyword, value);
        return errorOf([&] { fieldsOf(settings)->check(); });
    };
    const auto word = [](const char* text) { return std::string(text); };

    EXPECT_TRUE(contains(refused("untouched.none", word("hold")), "none of that name"));
    EXPECT_TRUE(contains(refused("untouched.T", word("hold")), "does not set"));
    EXPECT_TRUE(contains(refused("untouched.s", word("turbulence")), "no such model"));
    EXPECT_TRUE(contains(refused("untouched.s", word("keep")), "found:    keep"));
    EXPECT_TRUE(contains(refused("untouched.s", word("transport")), "No diffusivity"));
    EXPECT_TRUE(contains(refused("untouchedCoeffs.s.diffusivity", 1.0), "s.diffusivity"));
}


// ************************************************************************* //
