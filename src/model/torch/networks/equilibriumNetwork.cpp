#include "model/torch/networks/equilibriumNetwork.h"

#include "core/error.h"

namespace surrogate
{

using torch::Tensor;

namespace
{

const char* const section = "equilibrium";

} // namespace

EquilibriumNetwork::EquilibriumNetwork(const std::string& name, const NetworkShape& shape, const Settings& all,
    const LatentMaker& make)
:
    name_(name)
{
    all.section(section).requireOnly({"merge", "tolerance", "maxIter", "depth", "phantom", "damping"});
    trained_.tolerance = all.get("equilibrium.tolerance", trained_.tolerance);
    trained_.maxIter = all.get("equilibrium.maxIter", trained_.maxIter);
    trained_.depth = all.get("equilibrium.depth", trained_.depth);
    used_ = trained_;
    phantom_ = all.get("equilibrium.phantom", phantom_);
    damping_ = all.get("equilibrium.damping", damping_);

    const std::string where = all.where() + "." + section;
    const auto refuse = [&](const char* entry, const std::string& expected, const std::string& found)
    {
        throw Error({"The network's options do not fit", where + ", entry " + entry, expected, found, {}});
    };
    if (!(trained_.tolerance > 0)) refuse("tolerance", "above 0", std::to_string(trained_.tolerance));
    if (trained_.maxIter < 1) refuse("maxIter", "1 or more", std::to_string(trained_.maxIter));
    if (trained_.depth < 1) refuse("depth", "1 or more", std::to_string(trained_.depth));
    if (phantom_ < 0) refuse("phantom", "0 or more", std::to_string(phantom_));
    if (!(damping_ > 0 && damping_ <= 1)) refuse("damping", "above 0, at most 1", std::to_string(damping_));

    step_ = register_module("step", LatentStep(shape, all, section, make));
}

std::vector<std::string> EquilibriumNetwork::controls() const
{
    std::vector<std::string> all = step_->network().controls();
    for (const char* control : {"iterations", "tolerance", "relTol", "maxIter"}) all.push_back(control);
    return all;
}

void EquilibriumNetwork::setControls(const NetworkControls& given)
{
    given.requireOnly(controls(), name_);
    used_ = trained_;
    if (given.iterations > 0)
    {
        used_.tolerance = 0;
        used_.maxIter = given.iterations;
    }
    if (given.adaptive())
    {
        used_.tolerance = given.tolerance;
        used_.relTol = given.relTol;
    }
    if (given.maxIter > 0) used_.maxIter = given.maxIter;
    NetworkControls ofNetwork;
    ofNetwork.patchCycle = given.patchCycle;
    step_->network().setControls(ofNetwork);
}

Network::Output EquilibriumNetwork::evaluate(const Tensor& x, const std::vector<Tensor>& numbers)
{
    TORCH_CHECK(numbers.empty(), name_, " is not conditioned by numbers, was given ", numbers.size());
    const Tensor c = step_->network().encode(x);
    AndersonIteration::Result solved;
    {
        const torch::NoGradGuard noGradient;
        const Tensor fixed = c.detach();
        solved = AndersonIteration::run([&](const Tensor& z) { return step_(fixed, z); }, torch::zeros_like(fixed),
            is_training() ? trained_ : used_);
    }
    convergence_.clear();
    for (const auto& m : solved.members) convergence_.push_back({name_, m.initialResidual, m.finalResidual, m.iterations});
    if (!is_training()) return {step_->network().decode(solved.z, x), {}};

    return {step_->network().decode(phantom_ > 0 ? phantom(c, solved.z) : implicit(c, solved.z), x), {}};
}

Tensor EquilibriumNetwork::phantom(const Tensor& c, const Tensor& solution)
{
    Tensor z = solution;
    for (int i = 0; i < phantom_; ++i) z = (1 - damping_)*z + damping_*step_(c, z);
    return z;
}

Tensor EquilibriumNetwork::implicit(const Tensor& c, const Tensor& solution)
{
    Tensor z = step_(c, solution);
    if (!z.requires_grad()) return z;

    // d z = J d z + ..: the gradient g of z becomes y = J^T y + g
    const Tensor state = solution.detach().requires_grad_();
    const Tensor image = step_(c.detach(), state);
    z.register_hook([image, state, options = trained_](const Tensor& gradient)
    {
        return AndersonIteration::run
        (
            [&](const Tensor& y)
            {
                return torch::autograd::grad({image}, {state}, {y.to(image.scalar_type())}, true)[0].to(y.scalar_type()) + gradient;
            },
            gradient, options
        ).z;
    });
    return z;
}

Settings EquilibriumNetwork::settings() const
{
    Settings settings(section);
    settings.set("tolerance", trained_.tolerance);
    settings.set("maxIter", long(trained_.maxIter));
    settings.set("depth", long(trained_.depth));
    settings.set("phantom", long(phantom_));
    settings.set("damping", damping_);
    return step_->settings(settings);
}

} // namespace surrogate
