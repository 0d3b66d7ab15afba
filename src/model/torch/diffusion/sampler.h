#pragma once

#include "core/settings.h"
#include "model/torch/diffusion/schedule.h"

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

struct ModelStatistics;

//- How a noisy state is taken to a cleaner one
struct SamplerOptions
{
    //- ddpm: ancestral, with fresh noise in each step (Ho et al. 2020); with `evaluations` given, that of the levels that are
    //        stepped on (DDIM with eta = 1).
    //  ddim: deterministic, first order.
    //  dpmSolver: orders 1 to 3 from the estimated noise (Lu et al. 2022).
    //  dpmSolverPP: orders 1 to 3 from the estimated clean state (Lu et al. 2022, DPM-Solver++); the one to take.
    //  dpmSolverV3: orders 1 to 3 with the network's own statistics (Zheng et al. 2023); needs ModelStatistics.
    //  deis: orders 1 to 4 from the estimated noise (Zhang & Chen 2023).
    std::string name = "dpmSolverPP";

    //- Empty: the first of
    //  dpmSolver: singlestep | multistep; dpmSolverPP: multistep | singlestep; deis: tAB | rhoAB | rhoRK (orders 1 to
    //  3: Euler, Heun, Kutta) | iPNDM (coefficients of even steps: its orders 3 and 4 converge as order 2 does). The others
    //  have none.
    std::string variant;

    //- Of accuracy; ddpm and ddim have order 1 whatever it says. The last step to the clean level is of order 1 in all.
    int order = 2;

    //- Calls of the network; 0: one a level from start to end, on the whole levels
    int evaluations = 0;

    //- How given evaluations spread over the levels: logSNR | uniform | quadratic
    std::string spacing = "logSNR";

    //- Leave out evaluations that can be extrapolated, see sada.h
    bool sada = false;

    static SamplerOptions read(const Settings& settings);
    static std::vector<std::string> keywords();

    //- Throws Error naming the entry and the valid choices
    void check(const std::string& where) const;
};

//- x [member][channel](z)[y][x] and the members' levels to the estimated noise eps, shaped like x
using NoiseEstimate = std::function<torch::Tensor(const torch::Tensor& x, const std::vector<double>& levels)>;

//- Standard normal numbers of the shape, precision and device of `like`; any numbers for members that are not `active`, which
//  must not use up random numbers: what a member gets would depend on the others
using NoiseSource = std::function<torch::Tensor(const torch::Tensor& like, const std::vector<bool>& active)>;

class Sampler
{
public:

    struct Result
    {
        torch::Tensor x;
        int evaluations;                 //!< calls of the network that were made for the batch
        std::vector<int> ofMembers;      //!< of these, during which each member was on its way
    };

    virtual ~Sampler() = default;

    //- Takes x [member][channel](z)[y][x], whose member i is at level from[i], to level `to` (-1: clean). Members have start
    //  levels of their own; one at or below `to` is handed back as it is. Coefficients are worked out in double precision, the
    //  state keeps its own. No gradients.
    //  Where `evaluations` is 0, members that have fewer levels to go wait for the others; the network is always given all.
    //  Throws Error where levels do not fit x or the schedule, or the estimate does not fit x.
    virtual Result sample(torch::Tensor x, const std::vector<double>& from, double to, const NoiseEstimate& estimate,
        const NoiseSource& noise) const = 0;

    //- Calls of the network for one member (SADA may leave some out)
    virtual int evaluations(double from, double to) const = 0;
};

//- Throws Error on options that do not pass check() and on dpmSolverV3 without statistics
std::unique_ptr<Sampler> makeSampler(const SamplerOptions& options, const Schedule& schedule,
    const ModelStatistics* statistics = nullptr);

} // namespace surrogate
