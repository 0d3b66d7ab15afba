#include "model/torch/perChannel.h"

#include "core/error.h"
#include "model/torch/tensorState.h"

namespace surrogate
{

torch::Tensor perChannel(const std::vector<double>& values, const Grid& grid)
{
    std::vector<std::int64_t> sizes(spatialSizes(grid).size() + 2, 1);
    sizes[1] = std::int64_t(values.size());
    return torch::tensor(values, torch::kDouble).reshape(sizes);
}

std::vector<double> toVector(const torch::Tensor& x)
{
    const torch::Tensor values = x.to(torch::kDouble).contiguous();
    return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

void requireStatistics(const Manifest& manifest, const Variables& variables, const std::string& where)
{
    const auto require = [&](const std::string& entry, std::size_t expected, std::size_t found)
    {
        if (expected != found)
        {
            throw Error({"The manifest does not fit its variables", where + ", entry " + entry,
                std::to_string(expected) + " numbers", std::to_string(found), {}});
        }
    };
    require("mean", variables.names().size(), manifest.mean.size());
    require("stddev", variables.names().size(), manifest.stddev.size());
    require("incrementStddev", variables.nPredicted(), manifest.incrementStddev.size());
}

} // namespace surrogate
