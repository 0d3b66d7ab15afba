#include "model/torch/networks/patchResize.h"

#include <map>
#include <mutex>
#include <tuple>

namespace surrogate
{

using torch::Tensor;

Interpolation patchInterpolation(int dimensions) { return dimensions < 3 ? Interpolation::cubic : Interpolation::linear; }

Tensor interpolationMatrix(int from, int to, Interpolation interpolation)
{
    // row i of B^T is the unit vector i, interpolated
    const Tensor units = torch::eye(from, torch::kDouble);
    const Tensor transposed = interpolation == Interpolation::cubic
      ? at::upsample_bicubic2d(units.reshape({from, 1, 1, from}), {1, to}, false)
      : at::upsample_linear1d(units.reshape({from, 1, from}), {to}, false);
    return transposed.reshape({from, to}).t().contiguous();
}

Tensor patchResizeMatrix(int from, int to, Interpolation interpolation)
{
    static std::mutex mutex;
    static std::map<std::tuple<int, int, Interpolation>, Tensor> known;

    const std::lock_guard<std::mutex> lock(mutex);
    Tensor& matrix = known[{from, to, interpolation}];
    if (!matrix.defined())
    {
        const c10::InferenceMode ordinary(false);   // later uses may want gradients
        const torch::NoGradGuard noGradient;
        matrix = at::linalg_pinv(interpolationMatrix(from, to, interpolation).t(), 1e-12);
    }
    return matrix;
}

Tensor patchResize(const Tensor& kernel, int first, int dimensions, int size)
{
    Tensor resized = kernel;
    for (int axis = first; axis < first + dimensions; ++axis)
    {
        if (resized.size(axis) == size) continue;
        const Tensor matrix = patchResizeMatrix(int(resized.size(axis)), size, patchInterpolation(dimensions));
        resized = torch::matmul(resized.transpose(axis, -1), matrix.t().to(kernel.options())).transpose(axis, -1);
    }
    return resized;
}

} // namespace surrogate
