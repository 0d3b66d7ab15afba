#include "model/torch/training/validationMeasures.h"

#include <numeric>

namespace surrogate
{

using torch::Tensor;

double meanCorrelation(const Tensor& a, const Tensor& b, const FlowGeometry& geometry)
{
    const auto centred = [&](const Tensor& x)
    {
        Tensor mean = geometry.cellMean(x);
        while (mean.dim() < x.dim()) mean = mean.unsqueeze(-1);
        return x - mean;
    };
    const Tensor x = centred(a.to(torch::kDouble)), y = centred(b.to(torch::kDouble));
    const Tensor scale = torch::sqrt(geometry.cellMean(x.square())*geometry.cellMean(y.square()));
    return (geometry.cellMean(x*y)/scale.clamp_min(1e-30)).mean().item<double>();
}

double meanVrmse(const Tensor& prediction, const Tensor& truth, const FlowGeometry& geometry)
{
    const Tensor error = geometry.cellMean((prediction - truth).square());
    // of the truth's own square, so that it does not depend on units
    const Tensor least = 1e-7*geometry.cellMean(truth.square()).clamp_min(1e-30);
    return torch::sqrt(error/(geometry.cellVariance(truth) + least)).mean().item<double>();
}

std::vector<int> upTo(int last)
{
    std::vector<int> numbers(last + 1);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

} // namespace surrogate
