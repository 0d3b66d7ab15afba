#include "model/torch/networks/recurrentNetwork.h"

#include "core/error.h"
#include "model/torch/diffusion/memberNoise.h"

#include <cmath>
#include <numeric>

namespace surrogate
{

using torch::Tensor;

namespace
{

const char* const section = "recurrence";

//- Of the numbers that begin() draws
constexpr std::uint32_t iterationsStream = 0x4b, stateStream = 0x7a30;

//- By inversion; the mean is at most some hundreds
int poisson(double mean, double uniform)
{
    double probability = std::exp(-mean), sum = probability;
    int k = 0;
    while (sum < uniform && k < 10000)
    {
        ++k;
        probability *= mean/k;
        sum += probability;
    }
    return k;
}

} // namespace

RecurrentNetwork::RecurrentNetwork(const std::string& name, const NetworkShape& shape, const Settings& all, const LatentMaker& make)
:
    name_(name),
    iterations_(all.get("recurrence.iterations", 8)),
    backpropagated_(all.get("recurrence.backpropagated", 4)),
    spread_(all.get("recurrence.spread", 0.5)),
    iteration_(name, iterations_),
    trainingIterations_(iterations_)
{
    all.section(section).requireOnly({"merge", "iterations", "backpropagated", "spread"});
    const std::string where = all.where() + "." + section;
    const auto refuse = [&](const char* entry, const std::string& expected, const std::string& found)
    {
        throw Error({"The network's options do not fit", where + ", entry " + entry, expected, found, {}});
    };
    if (iterations_ < 1 || iterations_ > 500) refuse("iterations", "1 to 500", std::to_string(iterations_));
    if (backpropagated_ < 1) refuse("backpropagated", "1 or more", std::to_string(backpropagated_));
    if (!(spread_ >= 0 && spread_ <= 2)) refuse("spread", "0 to 2", std::to_string(spread_));

    step_ = register_module("step", LatentStep(shape, all, section, make));
}

std::vector<std::string> RecurrentNetwork::controls() const
{
    std::vector<std::string> all = step_->network().controls();
    for (const std::string& control : LatentIteration::controls()) all.push_back(control);
    return all;
}

void RecurrentNetwork::setControls(const NetworkControls& given)
{
    given.requireOnly(controls(), name_);
    iteration_.setControls(given);
    warmStart_ = given.warmStart;
    if (!warmStart_) latest_ = Tensor();
    NetworkControls ofNetwork;
    ofNetwork.patchCycle = given.patchCycle;
    step_->network().setControls(ofNetwork);
}

void RecurrentNetwork::begin(const Noise& noise, int first)
{
    step_->network().begin(noise, first);
    iteration_.begin();
    noise_ = noise;
    first_ = first;
    if (!is_training()) return;
    const double v = std::log(double(iterations_)) - spread_*spread_/2 + spread_*noise.normal(iterationsStream, 0);
    trainingIterations_ = 1 + poisson(std::exp(v), noise.uniform(iterationsStream, 1));
}

Tensor RecurrentNetwork::initialState(const Tensor& c)
{
    if (is_training())
    {
        std::vector<std::size_t> samples(std::size_t(c.size(0)));
        std::iota(samples.begin(), samples.end(), std::size_t(first_));
        return MemberNoise(noise_.withSeed(noise_.seed() ^ stateStream), samples).draw(c);
    }
    if (warmStart_ && latest_.defined() && latest_.size(0) == c.size(0) && latest_.numel() == c.numel())
    {
        return latest_.to(c.options()).view_as(c);
    }
    std::vector<std::int64_t> sizes = c.sizes().vec();
    sizes[0] = 1;
    if (!initial_.defined() || initial_.sizes() != torch::IntArrayRef(sizes) || initial_.options().device() != c.device()
        || initial_.scalar_type() != c.scalar_type())
    {
        at::Generator generator = at::detail::createCPUGenerator(stateStream);
        initial_ = torch::randn(sizes, generator).to(c.device(), c.scalar_type());
    }
    return initial_.expand(c.sizes());
}

Tensor RecurrentNetwork::train(const Tensor& c)
{
    Tensor z = initialState(c);
    const int followed = std::min(trainingIterations_, backpropagated_);
    {
        const torch::NoGradGuard noGradient;
        for (int k = followed; k < trainingIterations_; ++k) z = step_(c, z);
    }
    for (int k = 0; k < followed; ++k) z = step_(c, z);
    return z;
}

Network::Output RecurrentNetwork::evaluate(const Tensor& x, const std::vector<Tensor>& numbers)
{
    TORCH_CHECK(numbers.empty(), name_, " is not conditioned by numbers, was given ", numbers.size());
    const Tensor c = step_->network().encode(x);
    const Tensor z = is_training() ? train(c) : iteration_.run(initialState(c), [&](const Tensor& state, const Tensor& members)
    {
        return step_(members.defined() ? c.index_select(0, members) : c, state);
    });
    if (warmStart_ && !is_training()) latest_ = z;
    return {step_->network().decode(z, x), {}};
}

Settings RecurrentNetwork::settings() const
{
    Settings settings(section);
    settings.set("iterations", long(iterations_));
    settings.set("backpropagated", long(backpropagated_));
    settings.set("spread", spread_);
    return step_->settings(settings);
}

} // namespace surrogate
