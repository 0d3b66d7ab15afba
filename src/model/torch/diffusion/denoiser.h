#pragma once

#include "core/manifest.h"
#include "core/team.h"
#include "model/torch/diffusion/denoisingMethod.h"
#include "model/torch/diffusion/schedule.h"
#include "model/torch/flowGeometry.h"
#include "model/torch/networks/network.h"
#include "model/torch/variables/variables.h"

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- Frames as a denoising network takes them: the predicted variables, normalised, [n][variable][(z)][y][x], float32, and 0 in
//  cells without fluid. Those that its method has not are undefined.
struct Frames
{
    torch::Tensor past;        //!< clean
    torch::Tensor condition;   //!< one model step before `state`
    torch::Tensor state;
    torch::Tensor lag;         //!< [n], model steps from `past` to `state`, float32
    FlowGeometry geometry;     //!< float32
};

//- Estimated noise, [n][variable][..] each; `condition` is undefined where the condition is not noised
struct NoiseOfFrames { torch::Tensor condition, state; };

//- Level logits, [n][levels] each; undefined where there is no such head
struct LevelsOfFrames { torch::Tensor condition, state; };

//- A network that denoises, with all that its model file says of it. Shared by correctors, Steppers and the training.
class Denoiser
{
public:

    //- Builds variables, schedule and network after the manifest; weights as initialised. Throws Error. Where the network's
    //  heads, levels and embeddings are not set, they become what the method needs; where they are, they must be that.
    Denoiser(const Manifest& manifest, const std::string& where);

    const DenoisingMethod& method() const { return method_; }
    const Schedule& schedule() const { return schedule_; }
    const Variables& variables() const { return *variables_; }
    Network& network() { return *network_; }

    //- Largest lag that it was trained with, in model steps
    int maxLag() const { return maxLag_; }

    void to(torch::Device device, torch::ScalarType precision);

    //- Evaluates the network tile by tile from now on, shared among the team (null: none), see tiledNetwork.h. After to(), for
    //  inference alone. Throws Error.
    void divide(const std::vector<long>& tiles, std::shared_ptr<Team> team);

    //- Fields, physical, to normalised predicted variables, float32
    torch::Tensor encode(const torch::Tensor& fields, const FlowGeometry& geometry) const;

    //- The reverse, in the type of `fields`, which tell what the variables do not hold, and what is in cells without fluid
    torch::Tensor decode(const torch::Tensor& normalised, const torch::Tensor& fields, const FlowGeometry& geometry) const;

    //- What is denoised, of a next state given the one before: the state, or the normalised increment
    torch::Tensor target(const torch::Tensor& state, const torch::Tensor& condition) const;

    //- The reverse
    torch::Tensor state(const torch::Tensor& target, const torch::Tensor& condition) const;

    //- Root mean square, over the fluid, of each member's change from the condition to the state, over that of the data's changes
    std::vector<double> relativeChange(const Frames& frames) const;

    //- Root mean square of the data's changes over a model step, in standard deviations of the variables
    double usualChange() const;

    //- What the network gives, float32: all predicted frames side by side, and the logits. levels: of the state, one a member,
    //  which only a network that is told them reads.
    Network::Output evaluate(const Frames& frames, const torch::Tensor& levels);

    //- 0 in cells without fluid
    NoiseOfFrames noise(const Frames& frames, const std::vector<double>& levels);

    LevelsOfFrames levels(const Frames& frames);

private:

    torch::Tensor input(const Frames& frames) const;
    std::vector<torch::Tensor> numbers(const Frames& frames, const torch::Tensor& levels) const;

    DenoisingMethod method_;
    Schedule schedule_;
    std::unique_ptr<Variables> variables_;
    std::string networkName_;
    NetworkShape networkShape_;
    std::shared_ptr<Network> network_;
    int maxLag_;
    torch::Tensor mean_, stddev_;       //!< [1][predicted][1][1], float64
    torch::Tensor incrementScale_;      //!< standard deviation of normalised increments, [1][predicted][1][1], float32
};

//- Numbers, one a member, to be multiplied with `like`: [n][1][1].., in its precision and on its device
torch::Tensor perMember(const std::vector<double>& numbers, const torch::Tensor& like);

} // namespace surrogate
