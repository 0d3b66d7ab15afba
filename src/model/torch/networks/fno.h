#pragma once

#include "model/torch/networks/fourierLayer.h"
#include "model/torch/networks/latentNetwork.h"

namespace surrogate
{

//- Fourier neural operator in 1, 2 or 3 dimensions (Li et al. 2021): a pointwise lift, Fourier layers, a pointwise projection with
//  one hidden layer. Of its layers the first and the last ones may belong to the encoder and the decoder; what is between is the
//  processor, which RecurrSim (Majid et al. 2026) repeats.
//
//  options       | meaning                                                                  | default
//  width         | channels of the latent state                                             | 32
//  modes         | along each axis (x y z), |k| below; at most half of the cells            | 16, or half of the cells
//  layers        | Fourier layers of the processor                                          | 4
//  encoderLayers | of the encoder, behind the lift                                          | 0
//  decoderLayers | of the decoder, before the projection                                    | 0
//  hidden        | channels of the projection's hidden layer                                | 128
//  activation    | gelu or silu                                                             | gelu
//  continuation  | of an axis that is not periodic: zeros beyond it, in lengths of the axis | 0.25
//  positions     | wave number of the forcing along each axis, as uNet's                    | ()
class Fno : public LatentNetwork
{
public:

    Fno(const NetworkShape& shape, const Settings& settings);

    torch::Tensor encode(const torch::Tensor& x) override;
    torch::Tensor process(const torch::Tensor& latent) override;
    torch::Tensor decode(const torch::Tensor& latent, const torch::Tensor& x) override;
    int nChannels() const override { return width_; }

    Settings settings() const override;
    Tiling tiling() const override { refuseTiling("Fourier layers"); }
    void scaleOutput(double factor) override;

private:

    void addLayers(std::vector<FourierLayer>& layers, const char* name, int n, int inputs);

    NetworkShape shape_;
    Axes axes_;
    int width_, nLayers_, nEncoderLayers_, nDecoderLayers_, hidden_;
    double continuation_;
    std::vector<long> modes_, positions_;
    std::string activationName_;
    Activation activation_;
    torch::Tensor positionChannels_;
    std::shared_ptr<FourierModes> fourier_;
    torch::nn::Linear lift_{nullptr}, hiddenLayer_{nullptr}, project_{nullptr};
    std::vector<FourierLayer> encoder_, processor_, decoder_;
};

} // namespace surrogate
