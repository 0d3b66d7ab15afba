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
    surrogateRollout

Group
    grpSurrogateUtilities

Description
    Runs a model from several starts at once, as one batch, for any number of
    steps, without a mesh: long-term statistics, and what a corrector does to
    them.

    Writes into the output folder
    - statistics.csv: step, time, member, kineticEnergy (mean of 0.5 |U|^2),
      enstrophy (mean of 0.5 omega^2, in 2-D), rateOfChange (root mean square
      of the change over the last step, of the vorticity in 2-D, of U
      otherwise), and of that step's corrector or sampler conditionLevel,
      level, levelAfter (-1: none) and evaluations; of a network that iterates
      these are its iterations
    - levels.csv: member, level, condition, state: how many of all steps had
      that estimated level, rounded, of the condition and of the state
    - memberN.h5: snapshots, the start included, as data sets
    - memberN-end.h5: each of the last denseSteps steps
    - summary.json: what ran, milliseconds per step (of the whole batch, and
      of a member), evaluations per step of a member, and failures
    - checkpoint.json, checkpoint-STEP.safetensors

    A member whose values stop being finite, or whose kinetic energy passes
    100 times its start's, leaves the batch and the others go on: its last line
    in statistics.csv is that of the step at which it failed, with nan for
    what is not known.

    A killed rollout goes on from its checkpoint with -resume and gives the
    same numbers as one that was not. So does a finished one whose steps are
    raised.

Usage
    \b surrogateRollout [OPTIONS]

      - \par -dict \<file\>
        Dictionary, by default system/surrogateRolloutDict.

      - \par -resume
        Go on from the output folder's checkpoint, where there is one. Without
        it a folder with a checkpoint is refused.

    Example of system/surrogateRolloutDict:
    \verbatim
    model           "constant/kolmogorov.safetensors";
    corrector       "constant/kolmogorov-sns.safetensors";
    correctorCoeffs
    {
        activation      2;
        path            A;
    }

    starts          ("recorded/seed7.h5" "recorded/seed8.h5");
    members         16;

    steps           100000;
    statisticsEvery 10;
    snapshotEvery   500;
    denseSteps      300;
    output          "rollouts/sns";
    \endverbatim

    Where:
    \table
        Keyword         | Description                           | Req'd | Default
        model           | Model file                            | yes   |
        corrector       | Model file of a corrector             | no    | none
        correctorCoeffs | Its options, see doc/correctors.md    | no    |
        samplerCoeffs   | How a diffusion model draws the next state, the same options | no |
        networkControls | Of a network that has such: iterations; or tolerance, relTol, maxIter, timeBudget, warmStart;
                          patch or patchCycle. See doc/controls.md | no |
        starts          | Data sets (HDF5) on the model's grid  | yes   |
        startTimes      | Start from each data set at each of these times [s]; empty: at its first | no | ()
        members         | Starts spread evenly over all snapshots; 0: see startTimes | no | 0
        steps           | Of the model                          | yes   |
        statisticsEvery | Steps                                 | no    | 10
        snapshotEvery   | Steps; 0: no snapshots                | no    | 0
        denseSteps      | Last steps that are recorded one by one | no  | 0
        conserve        | Fields whose mean over the grid each step keeps, as surrogateFoam's conserve | no | ()
        velocity        | Field of the statistics               | no    | U
        vorticity       | The same where the velocity is no field but the vorticity is: in 2-D, periodic in x and y | no | none
        output          | Folder                                | no    | rollout
        seed            | Of the random numbers                 | no    | 1
        stopOnFailure   | A member that fails ends the rollout with an error | no | no
        checkpointEvery | Seconds                               | no    | 180
        stopAfter       | Steps of this call, resumed by the next; 0: all | no | 0
        device          | auto, cpu, cuda, cuda:N or staged     | no    | auto
        precision       | auto, float32, bfloat16 or float64    | no    | auto
        threads         | 0: one                                | no    | 0
        tiles           | The network is evaluated in so many parts along x, y, z, see doc/parallel.md | no | ()
    \endtable

See also
    surrogateTrain
    surrogateCompare

\*---------------------------------------------------------------------------*/

#include "rollout.h"

#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"

#include "IOdictionary.H"
#include "Time.H"
#include "argList.H"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

using namespace Foam;

int main(int argc, char *argv[])
{
    argList::addNote("Run a model for any number of steps on its grid");
    argList::noParallel();
    argList::addOption
    (
        "dict",
        "file",
        "Dictionary, by default system/surrogateRolloutDict"
    );
    argList::addBoolOption
    (
        "resume",
        "Go on from the output folder's checkpoint, where there is one"
    );

    #include "setRootCase.H"
    #include "createTime.H"

    const fileName dictFile
    (
        args.lookupOrDefault<fileName>("dict", "system/surrogateRolloutDict")
    );
    IOdictionary dict
    (
        IOobject(dictFile, runTime, IOobject::MUST_READ, IOobject::NO_WRITE)
    );

    // Paths in the dictionary are those of the case
    chDir(runTime.path());

    callOnMaster(dict, [&]()
    {
        surrogate::rollout
        (
            surrogate::RolloutOptions::read(optionsFromDict(dict)),
            args.found("resume")
        );
    });

    Info<< "End\n" << endl;

    return 0;
}


// ************************************************************************* //
