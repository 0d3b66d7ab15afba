#pragma once

#include "core/options.h"
#include "core/settings.h"

#include <functional>
#include <string>
#include <vector>

namespace surrogate
{

//- A training, as system/surrogateTrainDict describes it
struct TrainingOptions
{
    std::string model;                          //!< model file to write
    std::string objective = "emulator";
    std::vector<std::string> trainingData;      //!< data sets (HDF5)
    std::vector<std::string> validationData;    //!< data sets of trajectories that the training never sees
    std::vector<std::string> fields;            //!< names in the data sets; empty: all
    std::string variables = "fields";
    int stride = 1;                             //!< snapshots to a model time step

    std::string network = "uNet";
    Settings networkSettings;

    int iterations = 10000;
    int batch = 16;
    int unroll = 1;                             //!< model steps through which the loss is followed, at the end
    int unrollEvery = 0;                        //!< iterations after which the unroll grows by one, from 1; 0: at once
    std::string target = "increment";           //!< increment: the true x_n+1 - x_n at every unrolled step; state: x_n+1 - x^_n
    double noise = 0;                           //!< between unrolled steps, in standard deviations of the variables
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

//- What a validation measured, with the moving average of the weights
struct Validation
{
    double vrmse = 0;         //!< one step, mean over samples and predicted variables
    double correlation = 0;   //!< Pearson's, after validationSteps steps, mean over starts and predicted variables
};

//- Trains, writing MODEL.safetensors, MODEL.checkpoint (resumed where it is there and fits) and MODEL.losses.csv. The training
//  data are sampled as a pure function of (seed, iteration), so that a resumed training equals an uninterrupted one.
//  Throws Error on bad options or data, and when the loss is not finite.
Validation train(const TrainingOptions& options);

} // namespace surrogate
