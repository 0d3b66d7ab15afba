#include "model/torch/training/trainer.h"

#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "core/progress.h"
#include "core/version.h"
#include "model/torch/device.h"
#include "model/torch/tensorState.h"
#include "model/torch/weights.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Largest number of snapshots from which means and standard deviations are taken
constexpr int statisticsSamples = 512;

//- Over all but the channel axis
Tensor channelMean(const Tensor& x) { return x.transpose(0, 1).flatten(1).mean(1); }

std::vector<double> toVector(const Tensor& x)
{
    const Tensor values = x.to(torch::kDouble).contiguous();
    return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

//- Pearson's coefficient of each sample and channel: [n][c][..] -> mean
double meanCorrelation(const Tensor& a, const Tensor& b)
{
    const Tensor x = a.flatten(2).to(torch::kDouble), y = b.flatten(2).to(torch::kDouble);
    const Tensor dx = x - x.mean(2, true), dy = y - y.mean(2, true);
    return ((dx*dy).sum(2)/torch::sqrt(dx.square().sum(2)*dy.square().sum(2)).clamp_min(1e-30)).mean().item<double>();
}

//- Replaces `path` in one step
void rename(const std::string& from, const std::string& path)
{
    if (std::rename(from.c_str(), path.c_str()) != 0) throw Error({"Cannot write a file", path, "a writable folder", "", {}});
}

//- The log of losses, opened to go on after iteration `from`: what a killed run logged later is dropped, as it is done again
std::ofstream openLog(const std::string& path, int from)
{
    std::string kept = "iteration,seconds,learningRate,unroll,trainingLoss,validationVrmse,validationCorrelation\n";
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    while (from > 0 && std::getline(in, line))
    {
        if (std::atoi(line.c_str()) <= from) kept += line + "\n";
    }
    in.close();
    std::ofstream log(path);
    log << kept;
    return log;
}

} // namespace

Trainer::Trainer(const TrainingOptions& options)
:
    options_(options),
    runtime_(Runtime::choose(options.runtime, true)),
    training_(options.trainingData, options.fields, options.stride),
    validation_(options.validationData, options.fields, options.stride),
    manifest_(makeManifest()),
    model_((void(torch::manual_seed(options.seed)), manifest_), options.model)
{
    if (!training_.grid().matches(validation_.grid()))
    {
        throw Error({"Training and validation data have different grids", options.model, training_.grid().describe(),
            validation_.grid().describe(), {}});
    }
    manifest_.networkSettings = model_.network->settings();
    model_.to(torchDevice(runtime_), torch::kFloat);   // master weights; operations run in the runtime's precision
    optimiser_ = std::make_unique<Optimiser>(model_.network->parameters(),
        Optimiser::Options{options.weightDecay, options.gradientClip, options.ema});
}

Manifest Trainer::makeManifest() const
{
    Manifest manifest;
    manifest.method = options_.objective;
    manifest.network = options_.network;
    manifest.networkSettings = options_.networkSettings;
    manifest.fields = training_.fields();
    manifest.grid = training_.grid();
    manifest.variables = options_.variables;
    manifest.timeStep = training_.timeStep();

    const auto variables = makeVariables(manifest.variables, manifest.grid, manifest.fields);
    manifest.variableNames = variables->names();

    torch::NoGradGuard noGradient;
    const Tensor pairs = training_.spread(statisticsSamples, 1);
    const Tensor first = variables->inputs(pairs[0]), second = variables->inputs(pairs[1]);
    const Tensor mean = channelMean(first);
    const Tensor increment = (second - first).narrow(1, 0, variables->nPredicted());
    manifest.mean = toVector(mean);
    manifest.stddev = toVector(torch::sqrt(channelMean(first.square()) - mean.square()).clamp_min(1e-12));
    manifest.incrementStddev = toVector(torch::sqrt(channelMean(increment.square())).clamp_min(1e-12));
    return manifest;
}

Tensor Trainer::loss(const Tensor& window, int iteration) const
{
    const int steps = int(window.size(0)) - 1, nPredicted = model_.variables->nPredicted();
    const auto precision = torchPrecision(runtime_);
    at::Generator generator = at::detail::createCPUGenerator(Noise(options_.seed, iteration).below(~0ull, 1, 0));

    Tensor fields = window[0], inputs = model_.variables->inputs(fields), truth = inputs.narrow(1, 0, nPredicted), sum;
    for (int step = 0; step < steps; ++step)
    {
        const Tensor next = model_.variables->inputs(window[step + 1]).narrow(1, 0, nPredicted);
        const Tensor now = inputs.narrow(1, 0, nPredicted);
        const Tensor increment = model_.normalisedIncrement(inputs, precision);
        const Tensor target = (next - (options_.target == "state" ? now : truth))/model_.incrementStddev.to(torch::kFloat);
        const Tensor error = (increment - target).square().mean();
        sum = sum.defined() ? sum + error : error;
        if (step + 1 == steps) break;

        Tensor predicted = now + model_.incrementStddev.to(torch::kFloat)*increment;
        if (options_.noise > 0)
        {
            const Tensor z = torch::randn(predicted.sizes(), generator).to(predicted.device());
            predicted = predicted + options_.noise*model_.stddev.narrow(1, 0, nPredicted).to(torch::kFloat)*z;
        }
        fields = model_.variables->fields(predicted, fields);
        inputs = model_.variables->inputs(fields);
        truth = next;
    }
    return sum/steps;
}

double Trainer::iterate(int iteration)
{
    const int steps = options_.unrollAt(iteration);
    const Tensor window = toDevice(training_.sample(options_.batch, steps, Noise(options_.seed, iteration)), runtime_);
    const Tensor value = loss(window, iteration);
    const double number = value.item<double>();
    if (!std::isfinite(number))
    {
        throw Error({"The loss is not finite", "iteration " + std::to_string(iteration), "a finite number; a smaller learningRate"
            " or gradientClip often helps", std::to_string(number), {}});
    }
    value.backward();
    optimiser_->step(options_.rate(iteration));
    return number;
}

Validation Trainer::validate()
{
    const torch::NoGradGuard noGradient;
    const int nPredicted = model_.variables->nPredicted(), starts = 16, steps = options_.validationSteps;
    const auto precision = torchPrecision(runtime_);
    const Tensor incrementStddev = model_.incrementStddev.to(torch::kFloat);
    optimiser_->swapAverage();

    Validation result;
    const Tensor pairs = toDevice(validation_.spread(128, 1), runtime_);
    const Tensor inputs = model_.variables->inputs(pairs[0]), truth = model_.variables->inputs(pairs[1]).narrow(1, 0, nPredicted);
    const Tensor predicted = inputs.narrow(1, 0, nPredicted) + incrementStddev*model_.normalisedIncrement(inputs, precision);
    const Tensor error = (predicted - truth).flatten(2).square().mean(2), variance = truth.flatten(2).var(2, true);
    result.vrmse = torch::sqrt(error/(variance + 1e-7)).mean().item<double>();

    const Tensor window = toDevice(validation_.spread(starts, steps), runtime_);
    Tensor fields = window[0];
    for (int step = 0; step < steps; ++step)
    {
        const Tensor x = model_.variables->inputs(fields);
        fields = model_.variables->fields
        (
            x.narrow(1, 0, nPredicted) + incrementStddev*model_.normalisedIncrement(x, precision), fields
        );
    }
    result.correlation = meanCorrelation(model_.variables->inputs(fields).narrow(1, 0, nPredicted),
        model_.variables->inputs(window[steps]).narrow(1, 0, nPredicted));
    optimiser_->swapAverage();
    return result;
}

void Trainer::writeModel(const Validation& validation, int iteration)
{
    Bundle bundle{manifest_, {}};
    optimiser_->swapAverage();
    bundle.tensors = storeWeights(*model_.network, options_.storage == "bfloat16" ? "BF16" : "F32");
    optimiser_->swapAverage();

    auto& origin = bundle.manifest.origin;
    origin["code"] = version;
    origin["reproduce"] = options_.reproduce;
    origin["data"] = join(options_.trainingData);
    origin["dataDigest"] = training_.digest();
    origin["snapshots"] = std::to_string(training_.nSnapshots());
    origin["options"] = options_.fingerprint();
    origin["iterations"] = std::to_string(iteration) + " of " + std::to_string(options_.iterations);
    origin["seed"] = std::to_string(options_.seed);
    origin["validationVrmse"] = std::to_string(validation.vrmse);
    origin["validationCorrelation"] = std::to_string(validation.correlation) + " after "
        + std::to_string(options_.validationSteps) + " steps";
    bundle.write(options_.model);
}

void Trainer::saveCheckpoint(int iteration) const
{
    torch::serialize::OutputArchive archive;
    optimiser_->save(archive);
    archive.write("iteration", torch::tensor(std::int64_t(iteration)));
    archive.write("options", c10::IValue(options_.fingerprint()));
    const std::string path = options_.model + ".checkpoint";
    archive.save_to(path + ".new");
    rename(path + ".new", path);
}

int Trainer::loadCheckpoint()
{
    const std::string path = options_.model + ".checkpoint";
    if (!std::ifstream(path)) return 0;
    return translateErrors(path, [&]
    {
        torch::serialize::InputArchive archive;
        archive.load_from(path, torchDevice(runtime_));
        c10::IValue found;
        archive.read("options", found);
        if (found.toStringRef() != options_.fingerprint())
        {
            throw Error({"The checkpoint belongs to a training with other options: remove it to start afresh", path,
                options_.fingerprint(), found.toStringRef(), {}});
        }
        optimiser_->load(archive);
        Tensor iteration;
        archive.read("iteration", iteration);
        return int(iteration.item<std::int64_t>());
    });
}

Validation Trainer::run()
{
    using Clock = std::chrono::steady_clock;
    std::cout << "surrogateTrain: " << runtime_.line << "\n    network " << options_.network << ", "
        << model_.network->nParameters() << " parameters; " << training_.nSnapshots() << " training and "
        << validation_.nSnapshots() << " validation snapshots, model step " << manifest_.timeStep << " s" << std::endl;

    const int from = loadCheckpoint();
    if (from) std::cout << "resuming from " << options_.model << ".checkpoint at iteration " << from << std::endl;
    std::ofstream log = openLog(options_.model + ".losses.csv", from);

    Validation latest;
    Progress progress("training", options_.iterations, from);
    const auto start = Clock::now();
    auto lastCheckpoint = start;
    double sum = 0;
    int nSum = 0;
    const int to = options_.stopAfter > 0 ? std::min(from + options_.stopAfter, options_.iterations) : options_.iterations;
    for (int iteration = from; iteration < to; ++iteration)
    {
        sum += iterate(iteration);
        ++nSum;
        const int done = iteration + 1;
        const bool last = done == to;
        char text[96];
        std::snprintf(text, sizeof text, "loss %.4e  unroll %d", sum/nSum, options_.unrollAt(iteration));
        progress.update(done, text);

        if (last || done%options_.validateEvery == 0)
        {
            latest = validate();
            std::snprintf(text, sizeof text, "iteration %d  loss %.4e  validation VRMSE %.5f, correlation %.4f", done, sum/nSum,
                latest.vrmse, latest.correlation);
            progress.note(text);
            log << done << "," << std::chrono::duration<double>(Clock::now() - start).count() << "," << options_.rate(iteration)
                << "," << options_.unrollAt(iteration) << "," << sum/nSum << "," << latest.vrmse << "," << latest.correlation
                << std::endl;
            sum = 0;
            nSum = 0;
        }
        if (last || std::chrono::duration<double>(Clock::now() - lastCheckpoint).count() > options_.checkpointEvery)
        {
            saveCheckpoint(done);
            writeModel(latest, done);
            lastCheckpoint = Clock::now();
        }
    }
    return latest;
}

Validation train(const TrainingOptions& options)
{
    const FloatingPointGuard guard;
    options.check("training options");
    return translateErrors(options.model, [&] { return Trainer(options).run(); });
}

} // namespace surrogate
