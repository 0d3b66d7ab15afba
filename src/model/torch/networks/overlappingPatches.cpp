#include "model/torch/networks/overlappingPatches.h"

#include <algorithm>

namespace surrogate
{

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

namespace
{

//- For the graph: kernel, stride, then a number for each flag
Sizes pack(const Patching& patching)
{
    Sizes packed{patching.kernel, patching.stride};
    for (const bool wraps : patching.wraps) packed.push_back(wraps);
    return packed;
}

Patching unpack(const Sizes& packed)
{
    return {int(packed[0]), int(packed[1]), std::vector<bool>(packed.begin() + 2, packed.end())};
}

//- [n][az][bz][ay][by][ax][bx][c] -> [n][az][ay][ax][bz][by][bx][c], for d pairs
Sizes pairsApart(std::int64_t d)
{
    Sizes order{0};
    for (const std::int64_t second : {0, 1})
    {
        for (std::int64_t i = 0; i < d; ++i) order.push_back(1 + 2*i + second);
    }
    order.push_back(2*d + 1);
    return order;
}

Sizes inverse(const Sizes& order)
{
    Sizes back(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) back[order[i]] = std::int64_t(i);
    return back;
}

//- The axis, followed by its first `more` cells, and as often round as that takes
Tensor goneOn(const Tensor& x, std::int64_t axis, std::int64_t more)
{
    std::vector<Tensor> parts{x};
    for (; more > 0; more -= x.size(axis)) parts.push_back(x.narrow(axis, 0, std::min(more, x.size(axis))));
    return parts.size() == 1 ? x : torch::cat(parts, axis);
}

Tensor gather(const Tensor& x, const Patching& patching)
{
    const std::int64_t d = std::int64_t(patching.wraps.size()), kernel = patching.kernel, stride = patching.stride;
    Tensor h = x;
    for (std::int64_t i = 0; i < d; ++i)
    {
        if (patching.wraps[i]) h = goneOn(h, 1 + i, kernel - stride);
    }
    for (std::int64_t i = 0; i < d; ++i) h = h.unfold(1 + i, kernel, stride);   // each patch axis is appended

    Sizes order{0}, sizes{h.size(0)};
    for (std::int64_t i = 0; i < d; ++i)
    {
        order.push_back(1 + i);
        sizes.push_back(h.size(1 + i));
    }
    for (std::int64_t i = 0; i < d; ++i) order.push_back(d + 2 + i);
    order.push_back(d + 1);
    sizes.push_back(-1);
    return h.permute(order).reshape(sizes).contiguous();
}

Tensor scatter(const Tensor& patches, const Patching& patching)
{
    const std::int64_t d = std::int64_t(patching.wraps.size()), q = patching.kernel/patching.stride, stride = patching.stride;
    std::int64_t inPatch = 1;
    for (std::int64_t i = 0; i < d; ++i) inPatch *= patching.kernel;

    // [n][tz][ty][tx][qz][sz][qy][sy][qx][sx][c], q the blocks of stride cells in a patch
    Sizes sizes{patches.size(0)}, blocks{patches.size(0)};
    for (std::int64_t i = 0; i < d; ++i)
    {
        sizes.push_back(patches.size(1 + i));
        blocks.push_back(patches.size(1 + i) + q - 1);
    }
    for (std::int64_t i = 0; i < d; ++i)
    {
        sizes.insert(sizes.end(), {q, stride});
        blocks.push_back(stride);
    }
    sizes.push_back(patches.size(-1)/inPatch);
    blocks.push_back(sizes.back());
    const Tensor parts = patches.reshape(sizes);

    Tensor sum;
    if (q == 1)
    {
        sum = parts;
        for (std::int64_t i = 0; i < d; ++i) sum = sum.squeeze(1 + d + i);
    }
    else
    {
        sum = torch::zeros(blocks, patches.options());
        std::int64_t combinations = 1;
        for (std::int64_t i = 0; i < d; ++i) combinations *= q;
        for (std::int64_t c = 0; c < combinations; ++c)
        {
            Tensor part = parts, place = sum;
            for (std::int64_t i = 0, rest = c; i < d; ++i, rest /= q)
            {
                part = part.select(1 + d + i, rest%q);   // the q axes before it are gone, their s axes stay
                place = place.narrow(1 + i, rest%q, patches.size(1 + i));
            }
            place.add_(part);
        }
        for (std::int64_t i = 0; i < d; ++i)
        {
            if (!patching.wraps[i]) continue;
            const std::int64_t axis = 1 + i, n = patches.size(axis);
            for (std::int64_t beyond = n; beyond < n + q - 1; ++beyond)
            {
                sum.select(axis, beyond%n).add_(sum.select(axis, beyond));
            }
            sum = sum.narrow(axis, 0, n);
        }
    }

    Sizes cells{patches.size(0)};
    for (std::int64_t i = 0; i < d; ++i) cells.push_back(sum.size(1 + i)*stride);
    cells.push_back(-1);
    return sum.permute(inverse(pairsApart(d))).reshape(cells).contiguous();
}

struct ToPatches : torch::autograd::Function<ToPatches>
{
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Sizes& packed)
    {
        context->saved_data["patching"] = packed;
        return gather(x, unpack(packed));
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients)
    {
        return {fromPatches(gradients[0], unpack(context->saved_data["patching"].toIntVector())), Tensor()};
    }
};

struct FromPatches : torch::autograd::Function<FromPatches>
{
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& patches, const Sizes& packed)
    {
        context->saved_data["patching"] = packed;
        return scatter(patches, unpack(packed));
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients)
    {
        return {toPatches(gradients[0], unpack(context->saved_data["patching"].toIntVector())), Tensor()};
    }
};

bool wantsGradient(const Tensor& x) { return torch::GradMode::is_enabled() && x.requires_grad(); }

} // namespace

Tensor toPatches(const Tensor& x, const Patching& patching)
{
    return wantsGradient(x) ? ToPatches::apply(x, pack(patching)) : gather(x, patching);
}

Tensor fromPatches(const Tensor& patches, const Patching& patching)
{
    return wantsGradient(patches) ? FromPatches::apply(patches, pack(patching)) : scatter(patches, patching);
}

} // namespace surrogate
