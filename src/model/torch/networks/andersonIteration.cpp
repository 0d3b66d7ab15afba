#include "model/torch/networks/andersonIteration.h"

#include "model/torch/networks/latentIteration.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Weights [n][m], of sum 1, that make the sum of the residuals [n][m][d] smallest
Tensor mixingWeights(const Tensor& residuals)
{
    const Tensor products = torch::bmm(residuals, residuals.transpose(1, 2));
    const std::int64_t m = products.size(1);
    const Tensor scale = products.diagonal(0, 1, 2).mean(1).clamp_min(1e-30).view({-1, 1, 1});
    const Tensor ones = torch::ones({products.size(0), m, 1}, products.options());
    const Tensor weights = torch::linalg_solve(products/scale + 1e-4*torch::eye(m, products.options()), ones, true).squeeze(2);
    return weights/weights.sum(1, true);
}

} // namespace

AndersonIteration::Result AndersonIteration::run(const std::function<Tensor(const Tensor&)>& f, const Tensor& start,
    const Options& options)
{
    Result result{start, std::vector<Report>(std::size_t(start.size(0)))};
    std::vector<Tensor> images, residuals;   // [n][d] each, float32 or wider
    const auto flat = [](const Tensor& x)
    {
        const Tensor rows = x.flatten(1);
        return rows.scalar_type() == torch::kDouble ? rows : rows.to(torch::kFloat);
    };
    for (int k = 1; k <= options.maxIter; ++k)
    {
        const Tensor image = f(result.z);
        const Tensor change = relativeChange(result.z, image);
        bool all = true;
        for (std::size_t i = 0; i < result.members.size(); ++i)
        {
            Report& report = result.members[i];
            const bool before = k > 1 && (report.finalResidual < options.tolerance
                || report.finalResidual < options.relTol*report.initialResidual);
            if (before) continue;
            report.finalResidual = change[std::int64_t(i)].item<double>();
            report.iterations = k;
            if (k == 1) report.initialResidual = report.finalResidual;
            all = all && (report.finalResidual < options.tolerance || report.finalResidual < options.relTol*report.initialResidual);
        }
        if (all)
        {
            result.z = image;
            break;
        }
        images.push_back(flat(image));
        residuals.push_back(images.back() - flat(result.z));
        if (images.size() > std::size_t(options.depth))
        {
            images.erase(images.begin());
            residuals.erase(residuals.begin());
        }
        const Tensor weights = mixingWeights(torch::stack(residuals, 1)).unsqueeze(1);
        result.z = torch::bmm(weights, torch::stack(images, 1)).view(start.sizes()).to(start.scalar_type());
    }
    return result;
}

} // namespace surrogate
