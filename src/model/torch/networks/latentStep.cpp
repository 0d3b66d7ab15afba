#include "model/torch/networks/latentStep.h"

#include "core/error.h"

namespace surrogate
{

using torch::Tensor;

LatentStepImpl::LatentStepImpl(const NetworkShape& shape, const Settings& all, const std::string& section, const LatentMaker& make)
:
    section_(section),
    mergeKind_(all.get(section + ".merge", "weights")),
    norm_(all.get(section + ".norm", "rms"))
{
    const std::string where = all.where() + "." + section;
    if (norm_ != "rms" && norm_ != "none")
    {
        throw Error({"Unknown norm of the latent state", where + ", entry norm", "one of the names below", norm_, {"rms", "none"}});
    }
    Settings ofNetwork(all.where());
    for (const auto& [keyword, value] : all.all())
    {
        if (keyword.rfind(section + ".", 0) != 0) ofNetwork.set(keyword, value);
    }
    NetworkShape merged = shape;
    merged.latents = LatentMergeImpl::latents(mergeKind_);
    network_ = register_module("network", make(merged, ofNetwork));
    merge_ = register_module("merge", LatentMerge(mergeKind_, network_->nChannels(), where));
}

Tensor LatentStepImpl::forward(const Tensor& c, const Tensor& z)
{
    const Tensor next = network_->process(merge_(c, z));
    if (norm_ == "none") return next;
    return next*torch::rsqrt(next.square().mean(-1, true) + 1e-6);
}

Settings LatentStepImpl::settings(const Settings& more) const
{
    Settings all = network_->settings();
    all.set(section_ + ".merge", mergeKind_);
    all.set(section_ + ".norm", norm_);
    for (const auto& [keyword, value] : more.all()) all.set(section_ + "." + keyword, value);
    return all;
}

} // namespace surrogate
