#include "model/torch/training/trainer.h"

#include "core/bundle.h"
#include "core/error.h"
#include "core/floatingPointGuard.h"
#include "core/progress.h"
#include "core/version.h"
#include "model/torch/device.h"
#include "model/torch/weights.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Replaces `path` in one step
void rename(const std::string& from, const std::string& path)
{
    if (std::rename(from.c_str(), path.c_str()) != 0) throw Error({"Cannot write a file", path, "a writable folder", "", {}});
}

//- The log of losses, opened to go on after iteration `from`: what a killed run logged later is dropped, as it is done again
std::ofstream openLog(const std::string& path, int from, const std::vector<std::string>& measures)
{
    std::string kept = "iteration,seconds,learningRate,unroll,trainingLoss";
    for (const std::string& measure : measures) kept += "," + measure;
    kept += "\n";
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

Trainer::Trainer(const TrainingOptions& options, const Processes& processes)
:
    options_(options),
    workers_(processes),
    runtime_(Runtime::choose(options.runtime, true, processes)),
    training_(options.trainingData, options.fields, options.stride, options.symmetries),
    validation_(options.validationData, options.fields, options.stride),
    objective_(((void)torch::manual_seed(options.seed), makeObjective(options, training_, runtime_)))
{
    training_.requireSameGrid(validation_, "validation data");
    if (options.batch%workers_.size() != 0)
    {
        throw Error({"The batch cannot be shared evenly among the processes", options.model + ", entry batch", "a multiple of "
            + std::to_string(workers_.size()), std::to_string(options.batch), {}});
    }
    optimiser_ = std::make_unique<Optimiser>(objective_->parameters(),
        Optimiser::Options{options.weightDecay, options.gradientClip, options.ema});
}

double Trainer::iterate(int iteration)
{
    Tensor value = objective_->loss(training_, iteration, BatchShare(workers_.rank(), workers_.size(), options_.batch));
    value.backward();
    value = value.detach();
    std::vector<Tensor> shared{value};
    for (const Tensor& parameter : objective_->parameters())
    {
        if (parameter.grad().defined()) shared.push_back(parameter.grad());
    }
    workers_.average(shared);
    const double number = value.item<double>();
    if (!std::isfinite(number))
    {
        throw Error({"The loss is not finite", "iteration " + std::to_string(iteration), "a finite number; a smaller learningRate"
            " or gradientClip often helps", std::to_string(number), {}});
    }
    optimiser_->step(options_.rate(iteration));
    return number;
}

Validation Trainer::validate()
{
    const torch::NoGradGuard noGradient;
    optimiser_->swapAverage();
    objective_->network().eval();
    const std::vector<std::string> names = objective_->measures();
    const std::vector<double> values = objective_->validate(validation_);
    objective_->network().train();
    optimiser_->swapAverage();
    Validation result;
    for (std::size_t i = 0; i < names.size(); ++i) result[names[i]] = values[i];
    return result;
}

void Trainer::writeModel(const Validation& validation, int iteration)
{
    Bundle bundle{objective_->manifest(), {}};
    optimiser_->swapAverage();
    bundle.tensors = storeWeights(objective_->network(), options_.storage == "bfloat16" ? "BF16" : "F32");
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
    for (const auto& [name, value] : validation) origin["validation." + name] = std::to_string(value);
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

int Trainer::start()
{
    const int from = workers_.master() ? loadCheckpoint() : 0;
    const Tensor numbers = torch::tensor({std::int64_t(from), optimiser_->nSteps()}, torch::kLong);
    workers_.broadcast({numbers});
    workers_.broadcast(optimiser_->state());
    optimiser_->setSteps(numbers[1].item<std::int64_t>());
    return int(numbers[0].item<std::int64_t>());
}

Validation Trainer::run()
{
    const int from = start();
    const int to = options_.stopAfter > 0 ? std::min(from + options_.stopAfter, options_.iterations) : options_.iterations;
    if (workers_.master()) return runRecorded(from, to);
    for (int iteration = from; iteration < to; ++iteration) iterate(iteration);
    return {};
}

Validation Trainer::runRecorded(int from, int to)
{
    using Clock = std::chrono::steady_clock;
    std::cout << "surrogateTrain: ";
    if (workers_.size() > 1) std::cout << workers_.size() << " processes, each ";
    std::cout << runtime_.line << "\n    network " << options_.network << ", "
        << objective_->network().nParameters() << " parameters; " << training_.nSnapshots() << " training and "
        << validation_.nSnapshots() << " validation snapshots, model step " << objective_->manifest().timeStep << " s" << std::endl;

    if (from) std::cout << "resuming from " << options_.model << ".checkpoint at iteration " << from << std::endl;
    const std::vector<std::string> measures = objective_->measures();
    std::ofstream log = openLog(options_.model + ".losses.csv", from, measures);

    Validation latest;
    Progress progress("training", options_.iterations, from);
    const auto start = Clock::now();
    auto lastCheckpoint = start;
    double sum = 0;
    int nSum = 0;
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
            std::ostringstream note, line;
            line.precision(9);
            note << "iteration " << done << "  loss " << sum/nSum << "  validation";
            line << done << "," << std::chrono::duration<double>(Clock::now() - start).count() << ","
                << options_.rate(iteration) << "," << options_.unrollAt(iteration) << "," << sum/nSum;
            for (const std::string& measure : measures)
            {
                note << " " << measure << " " << latest[measure];
                line << "," << latest[measure];
            }
            progress.note(note.str());
            log << line.str() << std::endl;
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

Validation train(const TrainingOptions& options, const Processes& processes)
{
    const FloatingPointGuard guard;
    options.check("training options");
    return translateErrors(options.model, [&] { return Trainer(options, processes).run(); });
}

} // namespace surrogate
