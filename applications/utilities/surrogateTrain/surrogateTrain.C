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
    surrogateTrain

Group
    grpSurrogateUtilities

Description
    Trains a model on recorded data sets, as a dictionary says.

    Writes the model file, beside it NAME.checkpoint (a killed training goes
    on from there when started again) and NAME.losses.csv: of an emulator the
    validation's vrmse and correlation, with a history also vrmseOfStart (where
    no state before the present one is known), of a hierarchical one also
    vrmseOfHints (given the true hints), of a diffusion model noiseError,
    levelEntropy and levelError.

    history, target, noise, inferenceNoise and the penalty are an emulator's;
    unroll and unrollEvery are, too, and a hierarchicalEmulator's, with its
    hierarchyCoeffs; levelBias, levelWeight and diffusionCoeffs a diffusion
    model's.

Usage
    \b surrogateTrain [OPTIONS]

      - \par -dict \<file\>
        Dictionary, by default system/surrogateTrainDict.

      - \par -parallel
        Under mpirun: each process takes its share of every batch (which must
        be a multiple of their number) and the gradients are averaged, so that
        the training is that of one process but for rounding. The case need not
        be decomposed; all processes must see the data sets.

    Example of system/surrogateTrainDict:
    \verbatim
    model           "constant/kolmogorov.safetensors";
    objective       emulator;
    trainingData    ("recorded/seed1.h5" "recorded/seed2.h5");
    validationData  ("recorded/seed3.h5");
    variables       vorticity;
    stride          2;

    network         uNet;
    networkCoeffs
    {
        width           64;
        multipliers     (1 1 1);
        blocks          1;
        patch           2;
        positions       (0 4);
    }

    iterations      20000;
    batch           16;
    unroll          3;
    unrollEvery     5000;
    learningRate    1e-3;
    \endverbatim

    A diffusion model, here a corrector (see doc/correctors.md):
    \verbatim
    model           "constant/kolmogorov-sns.safetensors";
    objective       sns;
    trainingData    ("recorded/seed1.h5" "recorded/seed2.h5");
    validationData  ("recorded/seed3.h5");
    variables       vorticity;
    stride          2;
    symmetries      ("reflect x y");

    networkCoeffs
    {
        width           48;
        multipliers     (1 1 1);
        blocks          1;
        patch           2;
        conditioning    sum;
        headFeatures    1024;
    }

    diffusionCoeffs
    {
        schedule        cosine;
        levels          200;
    }
    levelBias       2;

    iterations      10000;
    learningRate    1.5e-3;
    \endverbatim

    A hierarchical implicit emulator (see doc/hierarchy.md):
    \verbatim
    model           "constant/kolmogorov-hierarchy.safetensors";
    objective       hierarchicalEmulator;
    hierarchyCoeffs
    {
        pool            (2 8);
    }
    trainingData    ("recorded/seed1.h5" "recorded/seed2.h5");
    validationData  ("recorded/seed3.h5");
    variables       vorticity;

    network         hineUNet;
    networkCoeffs
    {
        width           24;
        positions       (0 4);
    }
    \endverbatim

    Where:
    \table
        Keyword         | Description                           | Req'd | Default
        model           | Model file to write                   | yes   |
        objective       | emulator, hierarchicalEmulator, sns, snsLagged, thermalizer, acdm, cleanCondition or pdeRefiner | no | emulator
        trainingData    | Data sets (HDF5)                      | yes   |
        validationData  | Data sets that training never sees    | yes   |
        fields          | Fields to learn; empty: all           | no    | ()
        variables       | fields or vorticity (2-D, periodic)   | no    | fields
        geometry        | What of walls and bodies the network sees: fluid (fraction of the cell), distance (to the nearest wall);
                          of a mesh's own cells distance, size, boundary (kinds that the cell touches) | no | ()
        distanceCells   | Cells, of the median size where there is no grid, beyond which distances look alike:
                          tanh(distance/length) | no | 8
        stride          | Snapshots to a model time step        | no    | 1
        history         | States that an emulator sees: the present one and those of the model steps before it | no | 1
        historyDropout  | With a history, part of the samples of which only the last states are known, as where a run begins | no | 0.1
        symmetries      | Of the flow: by each, half of the samples are mapped ("reflect x y", "shift y 0.25") | no | ()
        network         | Network: uNet, hineUNet, fno, vit, recurrFno, recurrVit, deqFno or deqVit;
                          of data of a mesh's own cells upt, recurrUpt or deqUpt | no | uNet
        networkCoeffs   | Its options, see the header of each in src/model/torch/networks | no |
        iterations      | Updates of the weights                | no    | 10000
        batch           | Samples an update                     | no    | 16
        unroll          | Model steps of the loss, at the end   | no    | 1
        unrollEvery     | Iterations between its growth by one; 0: at once | no | 0
        target          | increment (of the truth) or state (towards the truth) | no | increment
        noise           | Between unrolled steps, in standard deviations | no | 0
        inferenceNoise  | The model adds that noise to each of its steps, too | no | no
        jacobianWeight  | Of a penalty on the emulator's Jacobian; 0: none | no | 0
        jacobianProbe   | Length of its finite difference, in standard deviations | no | 0.01
        hierarchyCoeffs.pool | Cells along a side of the blocks that hint 1, 2, .. averages over, growing; (): no hints | no | (8 32)
        hierarchyCoeffs.startUp | Probability of each case of starting up | no | 0.075
        hierarchyCoeffs.hintWeight | Of each hint's loss, beside 1 of the state's | no | 0.5
        hierarchyCoeffs.norm | l1l2 (mean square plus mean magnitude) or l2 (mean square) | no | l1l2
        diffusionCoeffs.schedule | Of diffusion models: cosine, linear or exponential, see doc/model-file.md | no | cosine
        diffusionCoeffs.levels | Their number of noise levels; of a PDE-Refiner its refinements and one | of them |
        diffusionCoeffs.minNoise | Variance of the noise at level 0, of schedule exponential | no | 4e-7
        diffusionCoeffs.maxLag | Of snsLagged: largest lag, model steps | no | 1
        levelBias       | Levels are drawn as levels*u^levelBias; above 1: more low ones | no | 1
        levelWeight     | Of a level's cross entropy, beside the noise's error | no | 0.1
        learningRate    | Largest learning rate                 | no    | 1e-3
        finalLearningRate | At the end of the cosine schedule   | no    | 1e-6
        schedule        | cosine or step                        | no    | cosine
        warmUp          | Iterations of linear growth           | no    | 500
        decayEvery      | Iterations, of the step schedule      | no    | 5000
        decayFactor     | Of the step schedule                  | no    | 0.5
        weightDecay     | Of AdamW                              | no    | 1e-4
        gradientClip    | Largest norm of the gradient; 0: any  | no    | 1
        ema             | Decay of the weights' moving average  | no    | 0.999
        seed            | Of weights and sampling               | no    | 1
        validateEvery   | Iterations                            | no    | 1000
        validationSteps | Length of an emulator's validation rollouts | no | 15
        checkpointEvery | Seconds                               | no    | 180
        stopAfter       | Iterations of this call, resumed by the next; 0: all | no | 0
        storage         | Of the weights: bfloat16 or float32   | no    | bfloat16
        device          | auto, cpu, cuda, cuda:N or staged     | no    | auto
        precision       | auto, float32, bfloat16 or float64    | no    | auto
        threads         | 0: OMP_NUM_THREADS, or all cores; of several processes one each | no | 0
    \endtable

See also
    Foam::functionObjects::fieldSnapshots
    Foam::functionObjects::surrogateStep
    Foam::functionObjects::surrogateCorrector
    surrogateRollout

\*---------------------------------------------------------------------------*/

#include "foam/modelCall.H"
#include "foam/openfoamVersion.H"
#include "foam/optionsFromDict.H"
#include "foam/processorTeam.H"
#include "model/training.h"

#include "IOdictionary.H"
#include "OSspecific.H"
#include "Pstream.H"
#include "Time.H"
#include "argList.H"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

using namespace Foam;

//- Collective. The processes that mpirun started, as the training sees them.
static surrogate::Processes processesOfRun()
{
    const stringList hosts(hostsOfProcessors());

    surrogate::Processes processes;
    processes.rank = Pstream::myProcNo();
    processes.size = Pstream::nProcs();
    processes.localRank = rankOnHost(hosts, Pstream::myProcNo());
    for (const string& host : hosts)
    {
        if (host != hosts[0])
        {
            processes.host = hosts[0];
        }
    }
    processes.fromMaster = [](const std::string& text)
    {
        string all(text);
        broadcast(all);
        return std::string(all);
    };
    return processes;
}


int main(int argc, char *argv[])
{
    argList::addNote("Train a model on recorded data sets");
    argList::noCheckProcessorDirectories();
    argList::addOption
    (
        "dict",
        "file",
        "Dictionary, by default system/surrogateTrainDict"
    );

    #include "setRootCase.H"
    #include "createTime.H"

    const fileName dictFile
    (
        args.lookupOrDefault<fileName>("dict", "system/surrogateTrainDict")
    );
    IOdictionary dict
    (
        IOobject(dictFile, runTime, IOobject::MUST_READ, IOobject::NO_WRITE)
    );

    // Paths in the dictionary are those of the case
    chDir(runTime.globalPath());

    const surrogate::Processes processes(processesOfRun());

    reportErrors(dict, [&]()
    {
        auto options =
            surrogate::TrainingOptions::read(optionsFromDict(dict));
        options.reproduce = "surrogateTrain -dict " + dictFile;
        surrogate::train(options, processes);
    });

    Info<< "End\n" << endl;

    return 0;
}


// ************************************************************************* //
