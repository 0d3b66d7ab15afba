// Times a model file's network, its whole step and a training step, and writes the network's input and output, so that another
// implementation can be held against it (comparePyTorch).
//
// usage: modelBenchmark MODEL [--precision float32|bfloat16|float64] [--threads N] [--repeats N] [--batch N]
//                             [--dump PREFIX] [--manifest FILE.json]
//   prints one line of JSON: medians in milliseconds
//   --manifest      first writes MODEL, untrained, after a manifest in JSON as modelInfo prints it (doc/model-file.md)
//   --dump PREFIX   only writes PREFIX.input and PREFIX.output: raw float32 [1][channel][(z)][y][x]

#include "core/bundle.h"
#include "core/error.h"
#include "model/surrogate.h"
#include "model/torch/device.h"
#include "model/torch/emulator.h"
#include "model/torch/tensorState.h"
#include "model/torch/training/optimiser.h"
#include "model/torch/weights.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>

using namespace surrogate;
using torch::Tensor;

namespace
{

double median(int repeats, const std::function<void()>& call)
{
    for (int i = 0; i < 3; ++i) call();
    std::vector<double> times;
    for (int i = 0; i < repeats; ++i)
    {
        const auto start = std::chrono::steady_clock::now();
        call();
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + repeats/2, times.end());
    return times[repeats/2];
}

Tensor randomInput(const Manifest& manifest, int batch, int channels)
{
    std::vector<std::int64_t> sizes{batch, channels};
    for (std::int64_t n : spatialSizes(manifest.grid)) sizes.push_back(n);
    torch::manual_seed(1);
    return torch::randn(sizes);
}

//- Of the variables, in all states that the network sees
int inputChannels(const Manifest& manifest) { return manifest.history*int(manifest.mean.size()); }

//- A body in the middle, half as long as the grid along each axis; null for a model that needs none
std::shared_ptr<const Geometry> body(const Manifest& manifest)
{
    if (!manifest.geometry) return {};
    const Grid& grid = manifest.grid;
    auto geometry = std::make_shared<Geometry>();
    for (int z = 0; z < grid.cells[2]; ++z)
    {
        for (int y = 0; y < grid.cells[1]; ++y)
        {
            for (int x = 0; x < grid.cells[0]; ++x)
            {
                const std::array<int, 3> cell{{x, y, z}};
                double distance = -Geometry::noWall;
                for (int axis = 0; axis < grid.dimensions; ++axis)
                {
                    const double fromMiddle = std::abs(cell[axis] + 0.5 - 0.5*grid.cells[axis])*grid.spacing(axis);
                    distance = std::max(distance, fromMiddle - 0.25*grid.cells[axis]*grid.spacing(axis));
                }
                geometry->fluid.push_back(distance > 0);
                geometry->distance.push_back(distance);
            }
        }
    }
    return geometry;
}

FlowGeometry flowGeometry(const Manifest& manifest)
{
    const auto geometry = body(manifest);
    return geometry ? makeFlowGeometry(*geometry, manifest.grid, &*manifest.geometry) : FlowGeometry();
}

void dump(const std::string& path, const Tensor& x)
{
    const Tensor values = x.to(torch::kFloat).contiguous();
    std::ofstream(path, std::ios::binary).write(static_cast<const char*>(values.data_ptr()), values.numel()*4);
}

double timeTrainingStep(const Bundle& bundle, const Runtime& runtime, int batch, int repeats)
{
    IncrementModel model(bundle.manifest, "benchmark");
    loadWeights(*model.network, bundle, "benchmark");
    model.to(torchDevice(runtime), torch::kFloat);
    Optimiser optimiser(model.network->parameters(), {});
    const FlowGeometry geometry = flowGeometry(bundle.manifest).to(torchDevice(runtime), torch::kFloat);
    const Tensor x = toDevice(randomInput(bundle.manifest, batch, inputChannels(bundle.manifest)), runtime);
    const Tensor y = toDevice(randomInput(bundle.manifest, batch, int(bundle.manifest.incrementStddev.size())), runtime);
    return median(repeats, [&]
    {
        (model.normalisedIncrement(x, geometry, torchPrecision(runtime)) - y).square().mean().backward();
        optimiser.step(1e-6);
    });
}

} // namespace

int main(int argc, char* argv[])
try
{
    std::map<std::string, std::string> option{{"--precision", "auto"}, {"--threads", "1"}, {"--repeats", "50"}, {"--batch", "16"}};
    for (int i = 2; i + 1 < argc; i += 2) option[argv[i]] = argv[i + 1];
    if (argc < 2) throw Error({"usage: modelBenchmark MODEL [--precision P] [--threads N] [--repeats N] [--batch N]", "", "", "", {}});

    RuntimeOptions runtimeOptions;
    runtimeOptions.precision = option["--precision"];
    runtimeOptions.threads = std::stoi(option["--threads"]);
    const Runtime runtime = Runtime::choose(runtimeOptions);
    const int repeats = std::stoi(option["--repeats"]);

    if (option.count("--manifest"))
    {
        std::ifstream file(option["--manifest"]);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        writeUntrainedSurrogate(argv[1], manifestFromJson(text, option["--manifest"]), 1, 1.0);
    }
    const Bundle bundle = Bundle::read(argv[1]);
    IncrementModel model(bundle.manifest, argv[1]);
    loadWeights(*model.network, bundle, argv[1]);
    model.network->eval();
    model.to(torchDevice(runtime), torchPrecision(runtime));
    const int geometryChannels = bundle.manifest.geometry ? int(bundle.manifest.geometry->channels.size()) : 0;
    const Tensor input = randomInput(bundle.manifest, 1, inputChannels(bundle.manifest) + geometryChannels);

    double network = 0;
    {
        const torch::InferenceMode inference;
        const Tensor x = toDevice(input, runtime).to(torchPrecision(runtime));
        if (option.count("--dump"))
        {
            dump(option["--dump"] + ".input", input);
            dump(option["--dump"] + ".output", model.network->forward(x).cpu());
            return 0;
        }
        network = median(repeats, [&] { model.network->forward(x).cpu(); });
    }

    const auto stepper = loadSurrogate(argv[1], runtimeOptions);
    State state(bundle.manifest.grid, bundle.manifest.fields);
    state.geometry = body(bundle.manifest);
    Noise(1).normal(0, state.values.data(), state.values.size());
    const State start = state;
    const double step = median(repeats, [&] { state = start; stepper->advance(state, Noise()); });
    const double training = timeTrainingStep(bundle, runtime, std::stoi(option["--batch"]), std::max(5, repeats/10));

    std::printf("{\"network\": %.4f, \"step\": %.4f, \"trainingStep\": %.3f, \"precision\": \"%s\", \"threads\": %d, \"batch\": %s}\n",
        network, step, training, toString(runtime.precision).c_str(), runtime.threads, option["--batch"].c_str());
    return 0;
}
catch (const std::exception& error)
{
    std::cerr << "modelBenchmark: " << error.what() << std::endl;
    return 1;
}
