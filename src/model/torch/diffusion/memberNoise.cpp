#include "model/torch/diffusion/memberNoise.h"

namespace surrogate
{

MemberNoise::MemberNoise(const Noise& noise, const std::vector<std::size_t>& members, const torch::Tensor& mask)
:
    mask_(mask)
{
    for (std::size_t member : members)
    {
        generators_.push_back(at::detail::createCPUGenerator(noise.ofMember(std::uint32_t(member)).below(~0ull, 0, 0)));
    }
}

torch::Tensor MemberNoise::draw(const torch::Tensor& like, const std::vector<bool>& active)
{
    TORCH_CHECK(like.size(0) == std::int64_t(generators_.size()), "MemberNoise: ", generators_.size(), " members expected, found ",
        like.size(0));
    std::vector<torch::Tensor> each;
    for (std::size_t i = 0; i < generators_.size(); ++i)
    {
        const auto sizes = like.sizes().slice(1);
        each.push_back(active.empty() || active[i] ? torch::randn(sizes, generators_[i]) : torch::zeros(sizes));
    }
    const torch::Tensor numbers = torch::stack(each).to(like.options());
    return mask_.defined() ? numbers*mask_ : numbers;
}

} // namespace surrogate
