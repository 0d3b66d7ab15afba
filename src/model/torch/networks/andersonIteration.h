#pragma once

#include <torch/torch.h>

#include <functional>
#include <vector>

namespace surrogate
{

//- A fixed point z = f(z) of each member of a batch, z: [n][..], by Anderson's mixing (Walker and Ni 2011): the next state is the
//  combination of the last ones' f whose residual f(z) - z is smallest
class AndersonIteration
{
public:

    struct Options
    {
        double tolerance = 1e-3;   //!< of |f(z) - z|/|f(z)|
        double relTol = 0;         //!< of that of the first iteration
        int maxIter = 24;
        int depth = 5;             //!< states that are combined
    };

    //- Of one member
    struct Report { double initialResidual = 0, finalResidual = 0; int iterations = 0; };

    struct Result { torch::Tensor z; std::vector<Report> members; };

    //- Until all members have converged, or maxIter
    static Result run(const std::function<torch::Tensor(const torch::Tensor&)>& f, const torch::Tensor& start, const Options& options);
};

} // namespace surrogate
