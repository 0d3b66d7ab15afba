#include "model/torch/networks/latentIteration.h"

#include <algorithm>
#include <numeric>

namespace surrogate
{

using torch::Tensor;

Tensor relativeChange(const Tensor& a, const Tensor& b)
{
    const auto type = b.scalar_type() == torch::kDouble ? torch::kDouble : torch::kFloat;
    const auto norm = [type](const Tensor& x) { return torch::sqrt(x.flatten(1).to(type).square().sum(1)); };
    return (norm(b - a)/norm(b).clamp_min(1e-30)).to(torch::kCPU, torch::kDouble);
}

int LatentIteration::limit() const
{
    if (controls_.adaptive()) return controls_.maxIter > 0 ? controls_.maxIter : 4*usual_;
    return controls_.iterations > 0 ? controls_.iterations : usual_;
}

std::vector<bool> LatentIteration::finished(const Tensor& residuals, const std::vector<std::size_t>& members, int iteration)
{
    const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    std::vector<bool> ends(members.size(), controls_.timeBudget > 0 && spent > controls_.timeBudget);
    for (std::size_t i = 0; i < members.size(); ++i)
    {
        Convergence& c = convergence_[members[i]];
        c.finalResidual = residuals[std::int64_t(i)].item<double>();
        if (iteration == 1) c.initialResidual = c.finalResidual;
        c.iterations = iteration;
        if (c.finalResidual < controls_.tolerance || c.finalResidual < controls_.relTol*c.initialResidual) ends[i] = true;
    }
    return ends;
}

Tensor LatentIteration::run(Tensor z, const std::function<Tensor(const Tensor&, const Tensor&)>& step)
{
    const auto n = std::size_t(z.size(0));
    const int last = limit();
    convergence_.assign(n, {name_, 0, 0, 0});

    std::vector<std::size_t> members(n);
    std::iota(members.begin(), members.end(), 0);
    Tensor result = z, index;   // index undefined: all are still there
    for (int k = 1; k <= last; ++k)
    {
        const Tensor next = step(z, index);
        const bool ends = k == last;
        if (controls_.adaptive() || k == 1 || ends)
        {
            const std::vector<bool> done = finished(relativeChange(z, next), members, k);
            if (!ends && std::find(done.begin(), done.end(), true) != done.end())
            {
                // what has ended leaves the batch
                if (!index.defined()) result = torch::empty_like(z);
                std::vector<std::int64_t> leave, leaveAs, stay;
                std::vector<std::size_t> left;
                for (std::size_t i = 0; i < members.size(); ++i)
                {
                    if (done[i]) leave.push_back(std::int64_t(i)), leaveAs.push_back(std::int64_t(members[i]));
                    else stay.push_back(std::int64_t(i)), left.push_back(members[i]);
                }
                const auto on = [&](const std::vector<std::int64_t>& v) { return torch::tensor(v).to(z.device()); };
                result.index_copy_(0, on(leaveAs), next.index_select(0, on(leave)));
                members = left;
                if (members.empty()) return result;
                index = on({members.begin(), members.end()});
                z = next.index_select(0, on(stay));
                continue;
            }
        }
        z = next;
    }
    if (!index.defined()) return z;
    result.index_copy_(0, index, z);
    return result;
}

} // namespace surrogate
