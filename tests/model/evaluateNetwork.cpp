// What the C++ code makes of files that python/surrogate_foam wrote, for the tests in tests/python.
//   evaluateNetwork network MODEL INPUT OUTPUT BATCH [NUMBERS...]   INPUT: float64 [batch][inputs][(z)][y][x]; NUMBERS: of each member
//       OUTPUT: float64, the values and then each head's logits
//   evaluateNetwork step MODEL DATASET SNAPSHOT OUTPUT              OUTPUT: float64, the state one step after a snapshot
//   evaluateNetwork copy DATASET COPY                               COPY: the same data set, read and written by C++
//   evaluateNetwork untrained MODEL COPY                            COPY: the same manifest, with weights that C++ made
#include "core/bundle.h"
#include "core/noise.h"
#include "dataset/datasetReader.h"
#include "dataset/datasetWriter.h"
#include "model/surrogate.h"
#include "model/torch/diffusion/denoiser.h"
#include "model/torch/emulator.h"
#include "model/torch/weights.h"

#include <fstream>
#include <iostream>

using namespace surrogate;

namespace
{

void write(std::ofstream& file, const torch::Tensor& values)
{
    const torch::Tensor all = values.to(torch::kDouble).contiguous();
    file.write(reinterpret_cast<const char*>(all.data_ptr<double>()), std::streamsize(all.numel()*sizeof(double)));
}

void network(const std::vector<std::string>& words)
{
    const Bundle bundle = Bundle::read(words[0]);
    std::unique_ptr<Denoiser> denoiser;
    std::unique_ptr<IncrementModel> model;
    if (!DenoisingMethod::find(bundle.manifest.method)) model = std::make_unique<IncrementModel>(bundle.manifest, words[0]);
    else denoiser = std::make_unique<Denoiser>(bundle.manifest, words[0]);
    Network& net = model ? *model->network : denoiser->network();
    loadWeights(net, bundle, words[0]);
    net.to(torch::kDouble);

    const std::int64_t n = std::stol(words[3]);
    std::ifstream file(words[1], std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::int64_t> sizes{n, -1};
    const auto& cells = bundle.manifest.grid.cells;
    if (bundle.manifest.grid.dimensions == 3) sizes.push_back(cells[2]);
    sizes.insert(sizes.end(), {cells[1], cells[0]});
    const torch::Tensor x = torch::from_blob(bytes.data(), {std::int64_t(bytes.size()/sizeof(double))}, torch::kDouble).reshape(sizes);
    std::vector<torch::Tensor> numbers;
    for (std::size_t i = 4; i < words.size(); ++i) numbers.push_back(torch::full({n}, std::stod(words[i]), torch::kFloat));
    torch::NoGradGuard noGradient;
    const Network::Output output = net.evaluate(x, numbers);
    std::ofstream out(words[2], std::ios::binary);
    write(out, output.values);
    for (const torch::Tensor& logits : output.levels) write(out, logits);
}

void step(const std::vector<std::string>& words)
{
    RuntimeOptions options;
    options.device = "cpu";
    options.precision = "float64";
    const auto stepper = loadSurrogate(words[0], options);
    const DatasetReader data(words[1]);
    const std::size_t index = std::stoul(words[2]), history = std::size_t(stepper->manifest().history);
    const auto state = [&](std::size_t i) { return data.read(0, i, stepper->manifest().fields.names()); };
    std::vector<State> members{state(index)};
    Memory past;   // the data set's, where it has them all
    for (std::size_t k = 1; k < history && index + 1 >= history; ++k) past["past" + std::to_string(k)] = {state(index - k)};
    stepper->setMemory(past);
    stepper->advance(members, Noise(1));
    std::ofstream out(words[3], std::ios::binary);
    out.write(reinterpret_cast<const char*>(members[0].values.data()), std::streamsize(members[0].values.size()*sizeof(double)));
}

void copy(const std::vector<std::string>& words)
{
    const DatasetReader data(words[0]);
    DatasetWriter::Info info;
    info.name = "copy";
    info.interval = data.interval();
    info.simulationParameters = data.simulationParameters();
    info.geometry = data.geometry();
    DatasetWriter writer(words[1], data.grid(), data.fields(), info);
    for (std::size_t i = 0; i < data.nTimes(); ++i) writer.append(data.read(0, i));
}

} // namespace

int main(int argc, char* argv[])
try
{
    const std::vector<std::string> words(argv + std::min(argc, 2), argv + argc);
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "network" && words.size() >= 4) network(words);
    else if (what == "step" && words.size() == 4) step(words);
    else if (what == "copy" && words.size() == 2) copy(words);
    else if (what == "untrained" && words.size() == 2) writeUntrainedSurrogate(words[1], Bundle::read(words[0]).manifest, 1, 1);
    else return 2;
    return 0;
}
catch (const std::exception& error)
{
    std::cerr << error.what() << std::endl;
    return 1;
}
