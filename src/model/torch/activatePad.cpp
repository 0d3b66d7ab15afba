#include "model/torch/activatePad.h"

namespace surrogate
{

using kernels::Padding;

Axes::Axes(const Grid& grid)
:
    dimensions(grid.dimensions)
{
    for (int axis = 0; axis < 3; ++axis)
    {
        for (int side = 0; side < 2; ++side)
        {
            padding[axis][side] = grid.periodic[axis] ? Padding::wrap
                : axis >= dimensions || grid.walls[axis][side] ? Padding::zero : Padding::replicate;
        }
    }
}

namespace
{

using torch::Tensor;

//- Calls f with a null pointer of the kernels' type for the tensor's
template<class Function>
void dispatch(const Tensor& x, Function&& f)
{
    switch (x.scalar_type())
    {
        case torch::kFloat: f((float*)nullptr); break;
        case torch::kDouble: f((double*)nullptr); break;
        case torch::kBFloat16: f((kernels::Bfloat16*)nullptr); break;
        default: TORCH_CHECK(false, "activatePad: float32, float64 or bfloat16 expected, found ", x.scalar_type());
    }
}

kernels::PaddedShape paddedShape(const Tensor& x, const Axes& axes, int width)
{
    kernels::PaddedShape shape;
    shape.n = x.size(0);
    shape.channels = x.size(1);
    for (int axis = 0; axis < x.dim() - 2; ++axis) shape.cells[axis] = x.size(x.dim() - 1 - axis);
    for (int axis = 0; axis < axes.dimensions; ++axis) shape.pad[axis] = width;
    shape.padding = axes.padding;
    return shape;
}

Tensor emptyPadded(const Tensor& x, const kernels::PaddedShape& shape, const Axes& axes)
{
    std::vector<std::int64_t> sizes{x.size(0), x.size(1)};
    for (int axis = x.dim() - 3; axis >= 0; --axis) sizes.push_back(shape.padded(axis));
    return torch::empty(sizes, x.options(), axes.memoryFormat());
}

//- The axes as a list of numbers that the graph can keep, and back
std::vector<std::int64_t> pack(const Axes& axes)
{
    std::vector<std::int64_t> numbers{axes.dimensions};
    for (const auto& sides : axes.padding)
    {
        for (const Padding side : sides) numbers.push_back(std::int64_t(side));
    }
    return numbers;
}

Axes unpackAxes(const std::vector<std::int64_t>& numbers)
{
    kernels::PaddingOfSides padding;
    for (std::size_t i = 0; i < 6; ++i) padding[i/2][i%2] = Padding(numbers[1 + i]);
    return Axes(int(numbers[0]), padding);
}

Tensor fusedActivatePad(const Tensor& in, Activation activation, const Axes& axes, int width)
{
    const auto shape = paddedShape(in, axes, width);
    Tensor out = emptyPadded(in, shape, axes);
    dispatch(in, [&](auto* type)
    {
        using Storage = std::remove_pointer_t<decltype(type)>;
        kernels::paddedActivation(activation, shape,
            static_cast<const Storage*>(in.data_ptr()), static_cast<Storage*>(out.data_ptr()));
    });
    return out;
}

struct FusedActivatePad : torch::autograd::Function<FusedActivatePad>
{
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, std::int64_t activation,
        const Axes& axes, std::int64_t width)
    {
        const Tensor in = x.contiguous(axes.memoryFormat());
        const Tensor out = fusedActivatePad(in, Activation(activation), axes, int(width));
        context->save_for_backward({in});
        context->saved_data["activation"] = activation;
        context->saved_data["width"] = width;
        context->saved_data["axes"] = pack(axes);
        return out;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
        torch::autograd::tensor_list gradients)
    {
        const Axes axes = unpackAxes(context->saved_data["axes"].toIntVector());
        const Tensor in = context->get_saved_variables()[0];
        const Tensor gradOut = gradients[0].contiguous(axes.memoryFormat());
        const auto shape = paddedShape(in, axes, int(context->saved_data["width"].toInt()));
        Tensor gradIn = torch::empty_like(in);
        dispatch(in, [&](auto* type)
        {
            using Storage = std::remove_pointer_t<decltype(type)>;
            kernels::paddedActivationBackward(Activation(context->saved_data["activation"].toInt()), shape,
                static_cast<const Storage*>(in.data_ptr()), static_cast<const Storage*>(gradOut.data_ptr()),
                static_cast<Storage*>(gradIn.data_ptr()));
        });
        return {gradIn, Tensor(), Tensor(), Tensor()};
    }
};

//- What stands beyond one side of x along dimension d
Tensor atenHalo(const Tensor& x, std::int64_t d, Padding padding, bool low, int width)
{
    std::vector<std::int64_t> sizes = x.sizes().vec();
    sizes[d] = width;
    if (padding == Padding::zero) return torch::zeros(sizes, x.options());
    return x.narrow(d, low ? 0 : x.size(d) - 1, 1).expand(sizes);
}

Tensor atenPad(Tensor x, const Axes& axes, int width)
{
    for (int axis = 0; axis < axes.dimensions && width > 0; ++axis)
    {
        const std::int64_t d = x.dim() - 1 - axis, cells = x.size(d);
        const auto [low, high] = axes.padding[axis];
        if (low == Padding::wrap)
        {
            const Tensor index = torch::arange(-width, cells + width, torch::dtype(torch::kLong).device(x.device()))
                .remainder(cells);
            x = x.index_select(d, index);
            continue;
        }
        x = torch::cat({atenHalo(x, d, low, true, width), x, atenHalo(x, d, high, false, width)}, d);
    }
    return x.contiguous(axes.memoryFormat());
}

} // namespace

Tensor activatePad(const Tensor& x, Activation activation, const Axes& axes, int width)
{
    if (x.device().is_cpu())
    {
        if (!torch::GradMode::is_enabled()) return fusedActivatePad(x.contiguous(axes.memoryFormat()), activation, axes, width);
        return FusedActivatePad::apply(x, std::int64_t(activation), axes, std::int64_t(width));
    }
    return activatePadByOperations(x, activation, axes, width);
}

Tensor activatePadByOperations(const Tensor& x, Activation activation, const Axes& axes, int width)
{
    return atenPad(activate(x, activation), axes, width);
}

Tensor activate(const Tensor& x, Activation activation)
{
    if (activation == Activation::silu) return torch::silu(x);
    if (activation != Activation::gelu) return x;

    // LibTorch 1.13, float32: the backward of gelu reads a gradient whose memory order is not x's as if it were
    const Tensor y = torch::gelu(x.contiguous());
    if (y.requires_grad()) y.register_hook([](const Tensor& gradient) { return gradient.contiguous(); });
    return y;
}

Tensor activate(const Tensor& x, Activation activation, const Axes& axes)
{
    return x.device().is_cpu() ? activatePad(x, activation, axes, 0) : activate(x, activation);
}

} // namespace surrogate
