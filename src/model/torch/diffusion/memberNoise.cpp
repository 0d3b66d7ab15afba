#include "model/torch/diffusion/memberNoise.h"

namespace surrogate
{

MemberNoise::MemberNoise(const Noise& noise, const std::vector<std::size_t>& members)
{
    for (std::size_t member : members)
    {
        generators_.push_back(at::detail::createCPUGenerator(noise.ofMember(std::uint32_t(member)).below(~0ull, 0, 0)));
    }
}

torch::Tensor MemberNoise::draw(const torch::Tensor& like)
{
    TORCH_CHECK(like.size(0) == std::int64_t(generators_.size()), "MemberNoise: ", generators_.size(), " members expected, found ",
        like.size(0));
    std::vector<torch::Tensor> each;
    for (at::Generator& generator : generators_) each.push_back(torch::randn(like.sizes().slice(1), generator));
    return torch::stack(each).to(like.options());
}

} // namespace surrogate
