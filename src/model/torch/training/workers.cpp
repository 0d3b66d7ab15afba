#include "model/torch/training/workers.h"

#include "core/error.h"

// Which LibTorch has Gloo is told by its own definition; its headers need Gloo's, which a distribution may pack apart
#if defined(USE_C10D_GLOO) && __has_include(<gloo/algorithm.h>)
    #include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
    #include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

namespace surrogate
{

using torch::Tensor;

#if defined(USE_C10D_GLOO) && __has_include(<gloo/algorithm.h>)

struct Workers::Group
{
    c10::intrusive_ptr<c10d::ProcessGroupGloo> processes;
};

namespace
{

//- Small enough to stay in the caches' reach, large enough that calls cost little
constexpr std::size_t bucketBytes = 25 << 20;

//- Longer than a validation of the first process, in which the others wait
constexpr std::chrono::hours patience(24);

//- The port at which the first process serves, told to all; each has the store
c10::intrusive_ptr<c10d::Store> connect(const Processes& processes)
{
    c10d::TCPStoreOptions options;
    options.numWorkers = std::size_t(processes.size);
    options.waitWorkers = false;
    options.port = 0;
    c10::intrusive_ptr<c10d::TCPStore> store;
    std::string port;
    if (processes.master())
    {
        // the others wait for the port: they must hear of a failure, too
        try
        {
            options.isServer = true;
            store = c10::make_intrusive<c10d::TCPStore>("localhost", options);
            port = std::to_string(store->getPort());
        }
        catch (const std::exception& error)
        {
            port = std::string("no server: ") + error.what();
        }
    }
    port = processes.fromMaster(port);
    if (port.rfind("no server", 0) == 0)
    {
        throw Error({"The processes of the training cannot find each other", processes.host, "a free port", port, {}});
    }
    if (processes.master()) return store;
    options.isServer = false;
    options.port = std::uint16_t(std::stoi(port));
    return c10::make_intrusive<c10d::TCPStore>(processes.host, options);
}

} // namespace

Workers::Workers(const Processes& processes) : processes_(processes)
{
    if (size() == 1) return;
    const auto options = c10d::ProcessGroupGloo::Options::create(patience);
    options->devices.push_back
    (
        processes.host == "localhost"
      ? c10d::ProcessGroupGloo::createDeviceForHostname("localhost")
      : c10d::ProcessGroupGloo::createDefaultDevice()
    );
    group_ = std::make_unique<Group>();
    group_->processes = c10::make_intrusive<c10d::ProcessGroupGloo>(connect(processes), rank(), size(), options);
}

template<class Call>
void Workers::inBuckets(const std::vector<Tensor>& tensors, Call&& call)
{
    const torch::NoGradGuard noGradient;
    for (std::size_t begin = 0, end = 0; begin < tensors.size(); begin = end)
    {
        std::vector<Tensor> flat;
        std::size_t bytes = 0;
        while (end < tensors.size() && (end == begin || bytes + tensors[end].nbytes() <= bucketBytes))
        {
            bytes += tensors[end].nbytes();
            flat.push_back(tensors[end++].reshape({-1}));
        }
        std::vector<Tensor> bucket{torch::cat(flat).to(torch::kCPU)};
        call(bucket);
        std::int64_t position = 0;
        for (std::size_t i = begin; i < end; ++i)
        {
            Tensor into = tensors[i];
            into.copy_(bucket[0].narrow(0, position, into.numel()).reshape(into.sizes()));
            position += into.numel();
        }
    }
}

void Workers::average(const std::vector<Tensor>& tensors)
{
    if (!group_) return;
    inBuckets(tensors, [this](std::vector<Tensor>& bucket)
    {
        group_->processes->allreduce(bucket)->wait();
        bucket[0].div_(size());
    });
}

void Workers::broadcast(const std::vector<Tensor>& tensors)
{
    if (!group_) return;
    inBuckets(tensors, [this](std::vector<Tensor>& bucket) { group_->processes->broadcast(bucket)->wait(); });
}

#else

struct Workers::Group {};

Workers::Workers(const Processes& processes) : processes_(processes)
{
    if (size() == 1) return;
    throw Error({"A training of several processes needs a LibTorch with Gloo, and Gloo's headers, when surrogateFoam is built",
        "option -parallel", "package libgloo-dev beside libtorch-dev, or one process", std::to_string(size()) + " processes", {}});
}

void Workers::average(const std::vector<Tensor>&) {}
void Workers::broadcast(const std::vector<Tensor>&) {}

#endif

Workers::~Workers() = default;

} // namespace surrogate
