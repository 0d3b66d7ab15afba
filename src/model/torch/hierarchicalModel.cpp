#include "model/torch/hierarchicalModel.h"

#include "model/torch/perChannel.h"

namespace surrogate
{

using torch::Tensor;

namespace
{

//- [n] to be multiplied with x: [n][1][1]..
Tensor perMember(const Tensor& values, const Tensor& x)
{
    std::vector<std::int64_t> sizes(std::size_t(x.dim()), 1);
    sizes[0] = values.size(0);
    return values.reshape(sizes);
}

Tensor like(const Tensor& values, const Tensor& x) { return values.to(x.device(), x.scalar_type()); }

} // namespace

HierarchicalModel::HierarchicalModel(const Manifest& manifest, const std::string& where)
:
    model(manifest, where), levels(manifest)
{
    stddevs_.push_back(model.incrementStddev);
    for (const auto& stddev : manifest.hierarchy->incrementStddev) stddevs_.push_back(perChannel(stddev, manifest.grid));
}

Tensor HierarchicalModel::normalised(const Tensor& inputs, const std::vector<Tensor>& present, const std::vector<Tensor>& hints,
    const Tensor& known, const FlowGeometry& geometry) const
{
    const Tensor variables = geometry.masked((inputs - like(model.mean, inputs))/like(model.stddev, inputs));
    if (nHints() == 0) return variables;
    std::vector<Tensor> channels{variables};
    for (int level = 1; level <= nHints(); ++level)
    {
        const std::size_t l = std::size_t(level);
        const Tensor change = (hints[l - 1] - present[l])/(level*like(stddevs_[l], inputs));
        const Tensor shown = change*perMember((known >= level).to(change.scalar_type()), change);
        channels.push_back(geometry.masked(levels.repeated(shown, level)));
    }
    std::vector<std::int64_t> sizes = inputs.sizes().vec();
    sizes[1] = 1;
    channels.push_back(perMember(known, inputs).expand(sizes));
    return torch::cat(channels, 1);
}

HierarchicalModel::Prediction HierarchicalModel::predict(const Tensor& inputs, const std::vector<Tensor>& hints, const Tensor& known,
    const std::vector<FlowGeometry>& geometries, torch::ScalarType precision) const
{
    const int nPredicted = model.variables->nPredicted();
    const auto type = inputs.scalar_type();
    Prediction prediction;
    for (int level = 0; level <= nHints(); ++level)
    {
        prediction.present.push_back(levels.coarse(inputs.narrow(1, 0, nPredicted), 0, level, geometries));
    }
    const FlowGeometry& whole = geometries[0];
    const Tensor seen = whole.withChannels(normalised(inputs, prediction.present, hints, known, whole).to(precision));
    const Tensor out = whole.masked(model.network->forward(seen).to(type));
    const Tensor all = known == nHints();
    for (int level = 0; level <= nHints(); ++level)
    {
        const std::size_t l = std::size_t(level);
        Tensor its = out.narrow(1, std::int64_t(level)*nPredicted, nPredicted);
        if (level < nHints())
        {
            // the next hint is of the same time
            const Tensor hinted = levels.repeated(hints[l] - prediction.present[l + 1], level + 1)/((level + 1)*like(stddevs_[l], inputs));
            its = its + whole.masked(torch::where(perMember(all, hinted), hinted, torch::zeros_like(hinted)));
        }
        prediction.changes.push_back(levels.coarse(its, 0, level, geometries));
    }
    return prediction;
}

Tensor HierarchicalModel::predicted(const Prediction& prediction, int level) const
{
    const Tensor& present = prediction.present[std::size_t(level)];
    return present + (level + 1)*like(stddevs_[std::size_t(level)], present)*prediction.changes[std::size_t(level)];
}

Tensor HierarchicalModel::change(const Prediction& prediction, int level, const Tensor& truth) const
{
    return (truth - prediction.present[std::size_t(level)])/((level + 1)*like(stddevs_[std::size_t(level)], truth));
}

void HierarchicalModel::startUp(const Tensor& inputs, std::vector<Tensor>& hints, const Tensor& starting,
    const std::vector<FlowGeometry>& geometries, torch::ScalarType precision) const
{
    for (int known = 0; known < nHints(); ++known)
    {
        const Tensor knownOf = torch::full({inputs.size(0)}, nHints(), inputs.options()).masked_fill(starting, known);
        const Tensor hint = predicted(predict(inputs, hints, knownOf, geometries, precision), known + 1);
        hints[std::size_t(known)] = torch::where(perMember(starting, hint), hint, hints[std::size_t(known)]);
    }
}

Tensor HierarchicalModel::advance(const Tensor& inputs, std::vector<Tensor>& hints, const std::vector<FlowGeometry>& geometries,
    torch::ScalarType precision) const
{
    const Tensor known = torch::full({inputs.size(0)}, nHints(), inputs.options());
    const Prediction prediction = predict(inputs, hints, known, geometries, precision);
    for (int level = 1; level <= nHints(); ++level) hints[std::size_t(level - 1)] = predicted(prediction, level);
    return predicted(prediction, 0);
}

std::vector<Tensor> HierarchicalModel::noHints(const Tensor& inputs) const
{
    std::vector<Tensor> hints;
    for (int level = 1; level <= nHints(); ++level)
    {
        std::vector<std::int64_t> sizes = levels.sizes(inputs, level);
        sizes[1] = model.variables->nPredicted();
        hints.push_back(torch::zeros(sizes, inputs.options()));
    }
    return hints;
}

void HierarchicalModel::to(torch::Device device, torch::ScalarType precision)
{
    model.to(device, precision);
    for (Tensor& stddev : stddevs_) stddev = stddev.to(device);
}

} // namespace surrogate
