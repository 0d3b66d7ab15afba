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
    quasiGeostrophicFoam

Group
    grpSurrogateSolvers

Description
    Solver of quasi-geostrophic flow in layers, on a plane of x and y that is
    periodic in both. For layer i, from the top down, with J(a, b) =
    a_x b_y - a_y b_x:

        q_i,t + J(psi_i, q_i) + U_i q_i,x + Q_i psi_i,x =
            - r_i laplacian(psi_i) + nu laplacian(q_i) - nu4 laplacian^2(q_i)
            + forcing_i

        q_i = laplacian(psi_i) + sum_j S_ij psi_j

    q is the potential vorticity without the mean flow's and beta y, S the
    stretching of the layers' interfaces and Q_i = beta - sum_j S_ij U_j. For
    two layers, S is ((-F1 F1) (F2 -F2)) with F1 = 1/(r^2 (1 + d)), F2 = d F1,
    d the ratio of the upper depth to the lower one and r the radius of
    deformation. With one layer S is 0, and the flow is that of a beta plane.

    The drag r is drag in all layers, and bottomDrag more in the lowest. The
    forcing is that of the upper layer, -A (k cos(k x) + l cos(l y)).

    psi follows from q by one elliptic equation for each vertical mode, solved
    with the linear solver that fvSolution has for psiMode1, psiMode2, ...; the
    barotropic one is singular, and psi is given the mean of 0. Its tolerance
    is the accuracy of all the rest; conservation asks for about 1e-10. On a
    uniform mesh, "solver FFT;" solves the same equations to round-off on the
    master: on 128 x 128 cells and one processor its time steps take a sixth of
    GAMG's time and a ninth of that of PCG, both with tolerance 1e-8.

    Second order in space. Convection by Arakawa's Jacobian conserves energy
    and enstrophy in a uniform mesh but for the error of the time step. By
    flux, with div(phi1,q1), ... of divSchemes (linear, or limited) and a flux
    phi free of divergence, it conserves the integral of q, and linear its
    square. In time, the Runge-Kutta method of fourth order, all terms
    explicit: the time step must be below 0.3 dx^2/nu and 0.04 dx^4/nu4.

    Energy and enstrophy, printed after each step, are without the mean flow.

Usage
    \b quasiGeostrophicFoam [OPTION]

    The coefficients are entries of constant/quasiGeostrophicProperties:
    \verbatim
    layers              2;
    depths              (1 10);
    deformationRadii    (15000);
    U                   (0.025 0);
    beta                1e-11;
    bottomDrag          7e-8;
    \endverbatim

    \table
        Property | Description                              | Required | Default
        layers   | number of layers                         | no       | 1
        depths   | of each layer; only their ratios matter  | with 2 or more | -
        deformationRadii | of each interface, as if the two layers that it parts
                   were alone [m]                           | with 2 or more | -
        U        | velocity along x of each layer's mean flow [m/s] | no | 0
        beta     | gradient along y of planetary vorticity [1/(m s)] | no | 0
        drag     | linear, in all layers [1/s]              | no       | 0
        bottomDrag | linear, in the lowest layer [1/s]      | no       | 0
        nu       | viscosity [m2/s]                         | no       | 0
        nu4      | of the fourth derivatives [m4/s]         | no       | 0
        forcing.amplitude | A, entry amplitude of the sub-dictionary forcing
                   [m/s2]                                   | no       | 1
        forcing.waveNumbers | (k l), of whole numbers of waves on the mesh
                   [1/m]                                    | with forcing | -
    \endtable

    Entry of the sub-dictionary layerSchemes of system/fvSchemes:
    \table
        Property   | Description                            | Required | Default
        convection | Arakawa or flux                        | no | Arakawa
    \endtable

    The fields are 0/q1, 0/q2, ... Written with them are psi1, ... [m2/s] and
    the velocities U1, ... with the mean flow [m/s]. With adjustTimeStep in
    controlDict, maxCo and maxDeltaT set the time step.

See also
    dispersiveWaveFoam

\*---------------------------------------------------------------------------*/

#include "quasiGeostrophicLayers.H"

#include "argList.H"
#include "Time.H"

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

int main(int argc, char *argv[])
{
    argList::addNote
    (
        "Solver of quasi-geostrophic flow in layers on a doubly periodic plane"
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
    quasiGeostrophicLayers layers(mesh);
    layers.printBudget();

    Info<< nl << "Starting time loop" << nl << endl;

    while (runTime.run())
    {
        const scalar CoNum = layers.courantNumber();
        #include "createTimeControls.H"
        #include "setDeltaT.H"

        ++runTime;
        Info<< "Time = " << runTime.timeName() << nl << endl;

        layers.step();
        layers.printBudget();

        runTime.write();
        runTime.printExecutionTime(Info);
    }

    Info<< "End" << nl << endl;

    return 0;
}


// ************************************************************************* //
