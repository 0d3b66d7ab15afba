#pragma once

#include "core/noise.h"
#include "model/torch/diffusion/sampler.h"
#include "model/torch/flowGeometry.h"

namespace surrogate
{

//- What DPM-Solver-v3 (Zheng et al. 2023, "empirical model statistics") knows of a network, as functions of
//  lambda = log(alpha/sigma), piecewise linear between the nodes and constant beyond them
struct ModelStatistics
{
    std::vector<double> lambda;   //!< rising
    torch::Tensor l;              //!< [node][channel]
    torch::Tensor s;              //!< [node][channel]
    torch::Tensor b;              //!< [node][channel]

    //- Throws Error on shapes that do not fit each other and on nodes that do not rise
    void check() const;
};

//- The statistics of a network on data [n][channel](z)[y][x], scaled as the network wants it. For a state x at lambda,
//      f = (sigma eps(x) - l x)/alpha,   f' = df/dlambda along the probability flow:
//  l: the mean of sigma times the diagonal of d eps/dx, which minimises E |sigma d eps/dx - l|^2 (Frobenius) and so the slope
//     of f in x. From one random sign vector z a sample (Hutchinson 1990), z (eps(x + d z) - eps(x - d z))/(2 d), d = sigma/20;
//  s, b: the linear regression f' = s f + b. f' from estimates at lambda +- 1/50 along the flow, with l' from the table of l.
//  All are means over samples and space, one a channel; the paper keeps each pixel's own, which needs more data and a fixed
//  grid. States are data with noise on it, as a trained network's own states are distributed like them.
//  nNodes are evenly spaced in lambda from the last level (lambda >= leastLambda) to level 0. The levels that the network is asked at
//  may lie between whole ones. Each node costs 5 evaluations of all data. Cells count by their fraction of fluid, `geometry`.
ModelStatistics estimateStatistics(const NoiseEstimate& estimate, const Schedule& schedule, const torch::Tensor& data,
    const Noise& noise, int nNodes, const FlowGeometry& geometry = {});

} // namespace surrogate
