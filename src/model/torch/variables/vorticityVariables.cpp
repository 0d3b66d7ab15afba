#include "model/torch/variables/vorticityVariables.h"

#include "core/error.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

VorticityVariables::VorticityVariables(const Grid& grid, const FieldList& fields)
{
    const bool fits = grid.dimensions == 2 && grid.periodic[0] && grid.periodic[1] && fields.size() == 1
        && fields[0].components == 2;
    if (!fits)
    {
        throw Error
        ({
            "Variables 'vorticity' do not fit", "entry variables", "a 2-D grid periodic in both directions and one vector field",
            grid.describe() + ", fields " + join(fields.names()), {"fields"}
        });
    }

    sizes_ = {grid.cells[1], grid.cells[0]};
    const auto frequencies = [&](int axis, bool half)
    {
        const double h = grid.spacing(axis);
        const auto options = torch::TensorOptions(torch::kDouble);
        return 2*M_PI*(half ? torch::fft::rfftfreq(grid.cells[axis], h, options) : torch::fft::fftfreq(grid.cells[axis], h, options));
    };
    const auto difference = [&](const Tensor& k, int axis)
    {
        const double h = grid.spacing(axis);
        const Tensor s = torch::sin(k*h)/h;
        return torch::where(s.abs()*h < 1e-12, torch::zeros_like(s), s);   // exactly zero at Nyquist
    };

    const Tensor kx = frequencies(0, true).unsqueeze(0), ky = frequencies(1, false).unsqueeze(1);
    const Tensor sx = difference(kx, 0), sy = difference(ky, 1);
    const Tensor k = torch::sqrt(kx*kx + ky*ky), s = torch::sqrt(sx*sx + sy*sy);
    const Tensor inverseS = torch::where(s > 0, 1/s.clamp_min(1e-300), torch::zeros_like(s));
    const Tensor inverseK = torch::where(k > 0, 1/k.clamp_min(1e-300), torch::zeros_like(k));
    const auto imaginary = [](const Tensor& x) { return torch::complex(torch::zeros_like(x), x); };

    reference_.vorticityFromU = imaginary(-sy*k*inverseS);
    reference_.vorticityFromV = imaginary(sx*k*inverseS);
    reference_.uFromVorticity = imaginary(sy*inverseS*inverseK);
    reference_.vFromVorticity = imaginary(-sx*inverseS*inverseK);
}

const VorticityVariables::Symbols& VorticityVariables::symbols(const Tensor& like) const
{
    const auto type = like.scalar_type() == torch::kDouble ? torch::kComplexDouble : torch::kComplexFloat;
    if (!inUse_.uFromVorticity.defined() || inUse_.uFromVorticity.scalar_type() != type
     || inUse_.uFromVorticity.device() != like.device())
    {
        const auto convert = [&](const Tensor& x) { return x.to(like.device(), type); };
        inUse_ =
        {
            convert(reference_.vorticityFromU), convert(reference_.vorticityFromV),
            convert(reference_.uFromVorticity), convert(reference_.vFromVorticity)
        };
    }
    return inUse_;
}

Tensor VorticityVariables::inputs(const Tensor& fields) const
{
    const Symbols& symbol = symbols(fields);
    const Tensor spectrum = torch::fft::rfft2(fields);
    const Tensor vorticity = torch::fft::irfft2
    (
        symbol.vorticityFromU*spectrum.select(1, 0) + symbol.vorticityFromV*spectrum.select(1, 1), sizes_
    );
    return torch::cat({vorticity.unsqueeze(1), fields}, 1);
}

Tensor VorticityVariables::fields(const Tensor& predicted, const Tensor& previous) const
{
    const Symbols& symbol = symbols(predicted);
    const Tensor spectrum = torch::fft::rfft2(predicted.select(1, 0));
    const Tensor u = torch::fft::irfft2
    (
        torch::stack({symbol.uFromVorticity*spectrum, symbol.vFromVorticity*spectrum}, 1), sizes_
    );
    return u + previous.mean({2, 3}, true);
}

} // namespace surrogate
