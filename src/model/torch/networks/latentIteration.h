#pragma once

#include "core/networkControls.h"

#include <torch/torch.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace surrogate
{

//- When the iteration of a latent state ends, for each member of a batch on its own: after a number of iterations, or by what has
//  been reached. The residual of an iteration is the relative change of the member's latent state, |z_k - z_(k-1)|/|z_k|.
class LatentIteration
{
public:

    //- name: in reports, such as RecurrFNO; usual: iterations where the controls ask for nothing
    LatentIteration(const std::string& name, int usual) : name_(name), usual_(usual) {}

    static std::vector<std::string> controls() { return {"iterations", "tolerance", "relTol", "maxIter", "timeBudget", "warmStart"}; }

    void setControls(const NetworkControls& controls) { controls_ = controls; }

    //- From here the time budget counts
    void begin() { began_ = std::chrono::steady_clock::now(); }

    //- Iterates z <- step(z, members), z: [n][..]; members: the indices [n] of those that still iterate, undefined: all of the batch
    torch::Tensor run(torch::Tensor z, const std::function<torch::Tensor(const torch::Tensor&, const torch::Tensor&)>& step);

    //- Of the last run, one a member
    const std::vector<Convergence>& convergence() const { return convergence_; }

private:

    int limit() const;

    //- Those of the members that need not iterate further
    std::vector<bool> finished(const torch::Tensor& residuals, const std::vector<std::size_t>& members, int iteration);

    std::string name_;
    int usual_;
    NetworkControls controls_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::vector<Convergence> convergence_;
};

//- |b - a|/|b| of each member: [n], on the CPU, float64
torch::Tensor relativeChange(const torch::Tensor& a, const torch::Tensor& b);

} // namespace surrogate
