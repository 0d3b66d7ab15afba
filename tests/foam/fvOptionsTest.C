/*---------------------------------------------------------------------------*\
  =========                 |
  \\      /  F ield         | OpenFOAM: The Open Source CFD Toolbox
   \\    /   O peration     |
    \\  /    A nd           | www.openfoam.com
     \\/     M anipulation  |
-------------------------------------------------------------------------------
    Copyright (C) 2026 the surrogateFoam authors
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
    What sinusoidalForcing and linearDrag add to a momentum equation, against
    their formulas cell by cell.

\*---------------------------------------------------------------------------*/

#include "foamTest.H"

#include "fvMatrices.H"
#include "fvOption.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

namespace Foam
{

//- An equation for U, and the option of the dictionary
class fvOptionsTest
:
    public ::testing::Test
{
protected:

    volVectorField U_
    {
        IOobject("U", testMesh().time().timeName(), testMesh()),
        testMesh(),
        dimensionedVector(dimVelocity, Zero)
    };

    volScalarField rho_
    {
        IOobject("rho", testMesh().time().timeName(), testMesh()),
        testMesh(),
        dimensionedScalar("rho", dimDensity, 1.5)
    };

    volScalarField alpha_
    {
        IOobject("alpha", testMesh().time().timeName(), testMesh()),
        testMesh(),
        dimensionedScalar("alpha", dimless, 0.4)
    };

    const vectorField centres_ = testMesh().C().primitiveField();
    const scalarField volumes_ = testMesh().V().field();

    fvVectorMatrix equation() const
    {
        return fvVectorMatrix(U_, dimVolume*dimVelocity/dimTime);
    }

    autoPtr<fv::option> option(const char* text) const
    {
        IStringStream is
        (
            string("libs (surrogateFvOptions); selectionMode all; ") + text
        );
        return fv::option::New("option", dictionary(is), testMesh());
    }
};


TEST_F(fvOptionsTest, forcingIsASineTimesVolume)
{
    auto forcing = option
    (
        "type sinusoidalForcing; amplitude (0.5 -2 0);"
        "waveVector (1 4 0); phase 0.3;"
    );
    EXPECT_EQ(forcing->applyToField("U"), 0);
    EXPECT_EQ(forcing->applyToField("T"), -1);

    fvVectorMatrix plain(equation()), dense(equation()), phase(equation());
    forcing->addSup(plain, 0);
    forcing->addSup(rho_, dense, 0);
    forcing->addSup(alpha_, rho_, phase, 0);

    scalar largest = 0;
    forAll(centres_, celli)
    {
        const vector& x = centres_[celli];
        const vector force =
            vector(0.5, -2, 0)*std::sin(x.x() + 4*x.y() + 0.3)*volumes_[celli];
        largest = max(largest, mag(force));

        // A matrix's source stands on the left of the equals sign
        EXPECT_NEAR(mag(plain.source()[celli] + force), 0, 1e-14);
        EXPECT_NEAR(mag(dense.source()[celli] + 1.5*force), 0, 1e-14);
        EXPECT_NEAR(mag(phase.source()[celli] + 0.6*force), 0, 1e-14);
    }
    EXPECT_GT(largest, 0);
}


TEST_F(fvOptionsTest, dragIsImplicit)
{
    auto drag = option("type linearDrag; coefficient 0.1;");

    fvVectorMatrix plain(equation()), dense(equation()), phase(equation());
    drag->addSup(plain, 0);
    drag->addSup(rho_, dense, 0);
    drag->addSup(alpha_, rho_, phase, 0);

    forAll(volumes_, celli)
    {
        EXPECT_DOUBLE_EQ(plain.diag()[celli], -0.1*volumes_[celli]);
        EXPECT_DOUBLE_EQ(dense.diag()[celli], -0.1*1.5*volumes_[celli]);
        EXPECT_NEAR(phase.diag()[celli], -0.06*volumes_[celli], 1e-15);
        EXPECT_EQ(plain.source()[celli], vector::zero);
    }
}


TEST_F(fvOptionsTest, fieldsMayBeNamed)
{
    auto drag = option("type linearDrag; coefficient 0.1; U Uwater;");
    EXPECT_EQ(drag->applyToField("Uwater"), 0);
    EXPECT_EQ(drag->applyToField("U"), -1);
}

} // End namespace Foam


// ************************************************************************* //
