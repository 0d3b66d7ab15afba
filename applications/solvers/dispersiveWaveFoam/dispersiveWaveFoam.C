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

Application
    dispersiveWaveFoam

Group
    grpSurrogateSolvers

Description
    Solver of waves that steepen, diffuse, disperse and grow, along a line:

        u_t + a (u^2/2)_x = nu u_xx - b u_xxx - c u_xx - d u_xxxx

    With nu alone this is Burgers' equation, with b the one of Korteweg and de
    Vries, with c and d that of Kuramoto and Sivashinsky.

    The mesh is a uniform block with one cell in z, periodic in x, with cells
    in y for as many lines as are to be solved at once, each by itself: an
    ensemble, which the function object fieldSnapshots records with
    "trajectories y;". Any other mesh is refused.

    Linear terms are integrated exactly in time, so that none of them limits
    the time step: they are diagonal in the waves of a periodic line. The
    convection is explicit, with a Courant number below 1 for ETDRK4 with
    spectral convection and with central2, 1.3 and 1.7 times less with
    central4 and central6.

    The order of the scheme in space is that of central differences, 2, 4 or
    6, with convection in the form that conserves the integrals of u and u^2.
    The spectral scheme is as exact as the solution is smooth; of the
    convection's products it keeps the waves below a third of the number of
    cells. Convection by the Kurganov scheme, as in rhoCentralFoam, with a
    limited interpolation of u is for shocks that the mesh does not resolve;
    second order. In time, ETDRK4 has fourth order (observed: 3.7 where d makes
    the short waves stiff) and ETDRK2 second.

    A decomposed case gives the numbers of a serial one, but not faster: the
    master takes the steps.

Usage
    \b dispersiveWaveFoam [OPTION]

    The coefficients are entries of constant/waveProperties. Those left out are
    0, and a is 1:
    \verbatim
    a               1;
    nu              0.01;       // [m2/s]
    \endverbatim

    \table
        Property | Description                              | Required | Default
        a        | of the convection [-]                    | no       | 1
        nu       | viscosity [m2/s]                         | no       | 0
        b        | dispersion [m3/s]                        | no       | 0
        c        | growth [m2/s]                            | no       | 0
        d        | damping of short waves [m4/s]            | no       | 0
    \endtable

    The schemes are those of the sub-dictionary lineSchemes of
    system/fvSchemes:
    \verbatim
    lineSchemes
    {
        linear          spectral;
        convection      spectral;
        time            ETDRK4;
    }
    \endverbatim

    \table
        Property   | Description                            | Required | Default
        linear     | derivatives of the linear terms: spectral, central2,
                     central4 or central6                   | no | spectral
        convection | these, or Kurganov, with reconstruct(u) of
                     interpolationSchemes                   | no | as linear
        time       | ETDRK4 or ETDRK2                       | no | ETDRK4
    \endtable

    The field is 0/u. With adjustTimeStep in controlDict, maxCo and maxDeltaT
    set the time step.

See also
    Foam::functionObjects::fieldSnapshots

\*---------------------------------------------------------------------------*/

#include "dispersiveWave.H"

#include "argList.H"
#include "Time.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- By the Courant number of the present time step, where controlDict asks for
static void setTimeStep(Time& runTime, const scalar courant)
{
    const dictionary& controls = runTime.controlDict();
    if (!controls.getOrDefault("adjustTimeStep", false))
    {
        return;
    }
    const scalar maxCo = controls.getOrDefault<scalar>("maxCo", 0.5);
    const scalar maxDeltaT = controls.getOrDefault<scalar>("maxDeltaT", GREAT);
    runTime.setDeltaT
    (
        min(runTime.deltaTValue()*maxCo/(courant + SMALL), maxDeltaT)
    );
    Info<< "deltaT = " << runTime.deltaTValue() << endl;
}


int main(int argc, char *argv[])
{
    argList::addNote
    (
        "Solver of the equations of Burgers, of Korteweg and de Vries and of"
        " Kuramoto and Sivashinsky along periodic lines"
    );

    argList args(argc, argv);
    Time runTime(Time::controlDictName, args);
    fvMesh mesh
    (
        IOobject
        (
            fvMesh::defaultRegion, runTime.timeName(), runTime,
            IOobject::MUST_READ
        )
    );
    volScalarField u
    (
        IOobject
        (
            "u", runTime.timeName(), mesh,
            IOobject::MUST_READ, IOobject::AUTO_WRITE
        ),
        mesh
    );
    dispersiveWave wave(u);

    Info<< "Starting time loop" << nl << endl;

    while (runTime.run())
    {
        setTimeStep(runTime, wave.courantNumber());

        ++runTime;
        Info<< "Time = " << runTime.timeName() << nl << endl;

        wave.step();

        runTime.write();
        runTime.printExecutionTime(Info);
    }

    Info<< "End" << nl << endl;

    return 0;
}


// ************************************************************************* //
