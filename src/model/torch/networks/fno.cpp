#include "model/torch/networks/fno.h"

#include "core/error.h"
#include "model/torch/networks/layers.h"
#include "model/torch/networks/positions.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;

namespace
{

std::vector<long> usualModes(const Grid& grid)
{
    std::vector<long> modes;
    for (int axis = 0; axis < grid.dimensions; ++axis) modes.push_back(std::min<long>(16, std::max(1, grid.cells[axis]/2)));
    return modes;
}

} // namespace

Fno::Fno(const NetworkShape& shape, const Settings& settings)
:
    shape_(shape),
    axes_(shape.grid),
    width_(settings.get("width", 32)),
    nLayers_(settings.get("layers", 4)),
    nEncoderLayers_(settings.get("encoderLayers", 0)),
    nDecoderLayers_(settings.get("decoderLayers", 0)),
    hidden_(settings.get("hidden", 128)),
    continuation_(settings.get("continuation", 0.25)),
    modes_(settings.get("modes", usualModes(shape.grid))),
    positions_(settings.get("positions", std::vector<long>{})),
    activationName_(settings.get("activation", "gelu")),
    activation_(activationName_ == "silu" ? Activation::silu : Activation::gelu)
{
    settings.requireOnly({"width", "modes", "layers", "encoderLayers", "decoderLayers", "hidden", "activation", "continuation",
        "positions"});
    const auto atLeast = [&](const char* entry, int value, int least)
    {
        if (value >= least) return;
        throw Error({"The network's options do not fit", settings.where() + ", entry " + entry, std::to_string(least) + " or more",
            std::to_string(value), {}});
    };
    atLeast("width", width_, 1);
    atLeast("layers", nLayers_, 1);
    atLeast("encoderLayers", nEncoderLayers_, 0);
    atLeast("decoderLayers", nDecoderLayers_, 0);
    atLeast("hidden", hidden_, 1);
    if (activationName_ != "gelu" && activationName_ != "silu")
    {
        throw Error({"The network's options do not fit", settings.where() + ", entry activation", "one of the names below",
            activationName_, {"gelu", "silu"}});
    }
    fourier_ = std::make_shared<FourierModes>(shape_.grid, modes_, continuation_, settings.where());
    positionChannels_ = positionChannels(shape_, positions_, settings.where());

    const int inputs = shape_.inputs + (positionChannels_.defined() ? int(positionChannels_.size(1)) : 0);
    lift_ = register_module("lift", torch::nn::Linear(inputs, width_));
    addLayers(encoder_, "encoder", nEncoderLayers_, width_);
    addLayers(processor_, "layer", nLayers_, width_*shape_.latents);
    addLayers(decoder_, "decoder", nDecoderLayers_, width_);
    hiddenLayer_ = register_module("hidden", torch::nn::Linear(width_, hidden_));
    project_ = register_module("project", torch::nn::Linear(hidden_, shape_.outputs));
}

void Fno::addLayers(std::vector<FourierLayer>& layers, const char* name, int n, int inputs)
{
    for (int i = 0; i < n; ++i)
    {
        layers.push_back(register_module(name + std::to_string(i), FourierLayer(fourier_, i ? width_ : inputs, width_, activation_)));
    }
}

Tensor Fno::encode(const Tensor& x)
{
    Tensor h = withPositions(x, positionChannels_);
    h = (axes_.dimensions == 1 ? h.squeeze(2) : h).movedim(1, -1);
    h = linear(lift_, h.contiguous()).to(precision.value_or(x.scalar_type()));
    for (FourierLayer& layer : encoder_) h = layer(h);
    return h;
}

Tensor Fno::process(const Tensor& latent)
{
    Tensor h = latent;
    for (FourierLayer& layer : processor_) h = layer(h);
    return h;
}

Tensor Fno::decode(const Tensor& latent, const Tensor&)
{
    Tensor h = latent;
    for (FourierLayer& layer : decoder_) h = layer(h);
    h = linear(project_, pointwiseActivation(linear(hiddenLayer_, h), activation_)).movedim(-1, 1);
    return axes_.dimensions == 1 ? h.unsqueeze(2) : h;
}

Settings Fno::settings() const
{
    Settings settings("fno");
    settings.set("width", long(width_));
    settings.set("modes", modes_);
    settings.set("layers", long(nLayers_));
    settings.set("encoderLayers", long(nEncoderLayers_));
    settings.set("decoderLayers", long(nDecoderLayers_));
    settings.set("hidden", long(hidden_));
    settings.set("activation", activationName_);
    settings.set("continuation", continuation_);
    settings.set("positions", positions_);
    return settings;
}

void Fno::scaleOutput(double factor)
{
    torch::NoGradGuard noGradient;
    project_->weight.mul_(factor);
    project_->bias.mul_(factor);
}

} // namespace surrogate
