#include "model/torch/networks/latentStep.h"

namespace surrogate
{

using torch::Tensor;

LatentStepImpl::LatentStepImpl(const NetworkShape& shape, const Settings& all, const std::string& section, const LatentMaker& make)
:
    section_(section),
    mergeKind_(all.get(section + ".merge", "weights"))
{
    Settings ofNetwork(all.where());
    for (const auto& [keyword, value] : all.all())
    {
        if (keyword.rfind(section + ".", 0) != 0) ofNetwork.set(keyword, value);
    }
    NetworkShape merged = shape;
    merged.latents = LatentMergeImpl::latents(mergeKind_);
    network_ = register_module("network", make(merged, ofNetwork));
    merge_ = register_module("merge", LatentMerge(mergeKind_, network_->nChannels(), all.where() + "." + section));
}

Tensor LatentStepImpl::forward(const Tensor& c, const Tensor& z)
{
    return network_->process(merge_(c, z));
}

Settings LatentStepImpl::settings(const Settings& more) const
{
    Settings all = network_->settings();
    all.set(section_ + ".merge", mergeKind_);
    for (const auto& [keyword, value] : more.all()) all.set(section_ + "." + keyword, value);
    return all;
}

} // namespace surrogate
