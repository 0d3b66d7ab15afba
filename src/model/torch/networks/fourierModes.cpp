#include "model/torch/networks/fourierModes.h"

#include "core/error.h"

#include <cmath>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- Rows: mode, columns: cell
struct Waves { Tensor cosine, sine; };

Waves wavesOf(const Tensor& wave, std::int64_t cells, std::int64_t period)
{
    const Tensor phase = 2*M_PI/double(period)*torch::outer(wave, torch::arange(cells, torch::kDouble));
    return {torch::cos(phase), torch::sin(phase)};
}

//- The product of complex numbers held as (real, imaginary) one behind the other
Tensor complexMatrix(const Tensor& real, const Tensor& imaginary)
{
    return torch::cat({torch::cat({real, -imaginary}, 1), torch::cat({imaginary, real}, 1)}, 0);
}

} // namespace

FourierModes::FourierModes(const Grid& grid, const std::vector<long>& modes, double continuation, const std::string& where)
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, const std::string& found)
    {
        throw Error({"The network's options do not fit", where + ", entry " + entry, expected, found, {}});
    };
    if (int(modes.size()) != grid.dimensions)
    {
        refuse("modes", std::to_string(grid.dimensions) + " numbers, one an axis", std::to_string(modes.size()));
    }
    if (!(continuation >= 0)) refuse("continuation", "0 or more", std::to_string(continuation));

    for (int axis = grid.dimensions - 1; axis >= 0; --axis)
    {
        const std::int64_t cells = grid.cells[axis], kept = modes[std::size_t(axis)];
        if (kept < 1 || kept > std::max<std::int64_t>(cells/2, 1))
        {
            refuse("modes", "1 to " + std::to_string(cells/2) + " along " + std::string(1, "xyz"[axis]) + ", half of its cells",
                std::to_string(kept));
        }
        const std::int64_t period = grid.periodic[axis] ? cells : cells + std::int64_t(std::ceil(continuation*double(cells)));
        const bool half = axes_.empty();
        const Tensor wave = torch::arange(half ? 0 : 1 - kept, kept, torch::kDouble);
        const Waves w = wavesOf(wave, cells, period);
        if (half)
        {
            // a real field: the modes below zero are the conjugates of those above
            const Tensor weight = torch::where(wave > 0, 2*torch::ones_like(wave), torch::ones_like(wave)).unsqueeze(1);
            axes_.push_back({cells, kept, torch::cat({w.cosine, -w.sine}, 0)/double(period),
                torch::cat({weight*w.cosine, -weight*w.sine}, 0).t().contiguous()});
        }
        else
        {
            axes_.push_back({cells, 2*kept - 1, complexMatrix(w.cosine, -w.sine)/double(period),
                complexMatrix(w.cosine.t(), w.sine.t())});
        }
        size_ *= axes_.back().modes;
    }
}

void FourierModes::fit(Tensor& matrix, const Tensor& x)
{
    if (matrix.scalar_type() == x.scalar_type() && matrix.device() == x.device()) return;
    const torch::InferenceMode kept(false);   // a training may use it, too
    matrix = matrix.to(x.device(), x.scalar_type());
}

Tensor FourierModes::analyse(const Tensor& x)
{
    const std::int64_t n = x.size(0), channels = x.size(-1);
    std::int64_t outer = n, inner = channels;
    for (const Axis& axis : axes_) inner *= axis.cells;

    Tensor h = x;
    for (std::size_t i = 0; i < axes_.size(); ++i)
    {
        Axis& axis = axes_[i];
        fit(axis.there, x);
        inner /= axis.cells;
        if (i == 0)
        {
            h = torch::matmul(axis.there, h.reshape({n, axis.cells, inner}));   // [n][2 modes][inner]
        }
        else
        {
            // [n][2][modes so far][cells][inner] -> [n][modes so far][2 cells][inner]
            h = h.reshape({n, 2, outer/n, axis.cells, inner}).transpose(1, 2).reshape({outer, 2*axis.cells, inner});
            h = torch::matmul(axis.there, h).reshape({n, outer/n, 2, axis.modes, inner}).transpose(1, 2);
        }
        outer *= axis.modes;
    }
    return h.reshape({n, 2, size_, channels});
}

Tensor FourierModes::synthesise(const Tensor& amplitudes)
{
    const std::int64_t n = amplitudes.size(0), channels = amplitudes.size(-1);
    std::int64_t outer = size_, inner = channels;
    Tensor h = amplitudes;
    for (std::size_t i = axes_.size(); i-- > 0;)
    {
        Axis& axis = axes_[i];
        fit(axis.back, amplitudes);
        outer /= axis.modes;
        if (i == 0)
        {
            h = torch::matmul(axis.back, h.reshape({n, 2*axis.modes, inner}));
        }
        else
        {
            h = h.reshape({n, 2, outer, axis.modes, inner}).transpose(1, 2).reshape({n*outer, 2*axis.modes, inner});
            h = torch::matmul(axis.back, h).reshape({n, outer, 2, axis.cells, inner}).transpose(1, 2);
        }
        inner *= axis.cells;
    }
    std::vector<std::int64_t> sizes{n};
    for (const Axis& axis : axes_) sizes.push_back(axis.cells);
    sizes.push_back(channels);
    return h.reshape(sizes);
}

} // namespace surrogate
