#pragma once

#include "core/options.h"
#include "core/settings.h"
#include "model/processes.h"

#include <map>
#include <string>
#include <vector>

namespace surrogate
{

//- Of objective hierarchicalEmulator
struct HierarchyOptions
{
    std::vector<int> pool{8, 32};     //!< cells along a side of the blocks of hint 1, 2, ..; empty: no hints
    double startUp = 0.075;           //!< probability of each case of starting up, of which there are as many as hints
    double hintWeight = 0.5;          //!< of each hint's loss, where the state's has 1
    std::string norm = "l1l2";        //!< l1l2: mean square plus mean magnitude; l2: mean square

    //- Throws Error that names the entry
    static HierarchyOptions read(const Settings& settings);
    void check(const std::string& where) const;
    std::string fingerprint() const;
};

//- A training, as system/surrogateTrainDict describes it
struct TrainingOptions
{
    std::string model;                          //!< model file to write
    std::string objective = "emulator";
    std::vector<std::string> trainingData;      //!< data sets (HDF5)
    std::vector<std::string> validationData;    //!< data sets of trajectories that the training never sees
    std::vector<std::string> fields;            //!< names in the data sets; empty: all
    std::string variables = "fields";
    std::vector<std::string> geometry;          //!< what of walls and bodies the network sees: fluid, distance; of points distance,
                                                //!< size, boundary; empty: nothing
    double distanceCells = 8;                   //!< length by which distances are bounded, tanh(d/length), in cells (of points: in
                                                //!< median ones)
    int stride = 1;                             //!< snapshots to a model time step
    std::vector<std::string> symmetries;        //!< of the flow, by which the data are multiplied: "reflect x y", "shift y 0.25"

    int history = 1;                            //!< states that an emulator sees: the present one and those before it
    double historyDropout = 0.1;                //!< part of the samples of which not all of them are known

    std::string network = "uNet";
    Settings networkSettings;

    int iterations = 10000;
    int batch = 16;
    int unroll = 1;                             //!< model steps through which the loss is followed, at the end
    int unrollEvery = 0;                        //!< iterations after which the unroll grows by one, from 1; 0: at once
    std::string target = "increment";           //!< increment: the true x_n+1 - x_n at every unrolled step; state: x_n+1 - x^_n
    double noise = 0;                           //!< between unrolled steps, in standard deviations of the variables
    bool inferenceNoise = false;                //!< whether the model adds that noise to each of its steps, too
    double jacobianWeight = 0;                  //!< of the penalty on the emulator's Jacobian; 0: none
    double jacobianProbe = 0.01;                //!< length of its finite difference, in standard deviations
    Settings diffusionSettings;                 //!< of diffusion models: schedule, levels, minNoise, maxLag
    HierarchyOptions hierarchy;                 //!< of a hierarchical emulator
    double levelBias = 1;                       //!< levels are drawn as levels*u^levelBias, u uniform; above 1: more low ones
    double levelWeight = 0.1;                   //!< of the cross entropy of a level, where the loss of the noise has 1
    double learningRate = 1e-3;
    double finalLearningRate = 1e-6;            //!< of the cosine schedule
    std::string schedule = "cosine";            //!< cosine | step
    int warmUp = 500;                           //!< iterations of linear growth
    int decayEvery = 5000;                      //!< of the step schedule
    double decayFactor = 0.5;                   //!< of the step schedule
    double weightDecay = 1e-4;
    double gradientClip = 1;                    //!< largest norm of the gradient; 0: any
    double ema = 0.999;                         //!< decay of the moving average of the weights, which is what is kept; 0: none
    int seed = 1;
    int stopAfter = 0;                          //!< iterations of this call, to be resumed by the next; 0: to the end

    int validateEvery = 1000;                   //!< iterations
    int validationSteps = 15;                   //!< length of the validation's rollouts, in model steps
    double checkpointEvery = 180;               //!< seconds
    std::string storage = "bfloat16";           //!< of the weights in the model file: bfloat16 | float32

    RuntimeOptions runtime;
    std::string reproduce;                      //!< command that makes the model file again, for its origin

    //- Throws Error that names the entry
    static TrainingOptions read(const Settings& settings);
    void check(const std::string& where) const;

    //- Learning rate at an iteration (0-based)
    double rate(int iteration) const;

    //- Unrolled steps at an iteration
    int unrollAt(int iteration) const;

    //- What must be equal for a checkpoint to be resumed
    std::string fingerprint() const;
};

//- What the last validation measured, with the moving average of the weights, by name: vrmse and correlation of an emulator,
//  vrmseOfStart of one with a history, vrmseOfHints of a hierarchical one; noiseError, levelEntropy and levelError of a diffusion model
using Validation = std::map<std::string, double>;

//- Trains, writing MODEL.safetensors, MODEL.checkpoint (resumed where it is there and fits) and MODEL.losses.csv. The training
//  data are sampled as a pure function of (seed, iteration), so that a resumed training equals an uninterrupted one.
//  Collective where there are several processes: each takes its share of every batch and the gradients are averaged, so that the
//  training is that of one process but for rounding. All of them must see the data sets; the first one validates and writes.
//  Throws Error on bad options or data, when the loss is not finite, where a batch cannot be shared evenly, and where another
//  process has gone; not on all processes alike: whoever calls must end all where one throws. The last validation is returned
//  by the first process alone.
Validation train(const TrainingOptions& options, const Processes& processes = {});

//- The objectives that a training may have
std::vector<std::string> objectiveNames();

} // namespace surrogate
