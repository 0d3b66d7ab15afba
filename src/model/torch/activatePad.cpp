#include "model/torch/activatePad.h"

#include "model/torch/kernels/paddedActivation.h"

namespace surrogate
{

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
    shape.periodic = axes.periodic;
    return shape;
}

Tensor emptyPadded(const Tensor& x, const kernels::PaddedShape& shape, const Axes& axes)
{
    std::vector<std::int64_t> sizes{x.size(0), x.size(1)};
    for (int axis = x.dim() - 3; axis >= 0; --axis) sizes.push_back(shape.padded(axis));
    return torch::empty(sizes, x.options(), axes.memoryFormat());
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
        context->saved_data["dimensions"] = std::int64_t(axes.dimensions);
        context->saved_data["periodic"] =
            std::int64_t(axes.periodic[0] + 2*axes.periodic[1] + 4*axes.periodic[2]);
        return out;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
        torch::autograd::tensor_list gradients)
    {
        Grid grid;
        grid.dimensions = int(context->saved_data["dimensions"].toInt());
        const std::int64_t periodic = context->saved_data["periodic"].toInt();
        for (int axis = 0; axis < 3; ++axis) grid.periodic[axis] = periodic >> axis & 1;
        const Axes axes(grid);

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

Tensor atenActivate(const Tensor& x, Activation activation)
{
    switch (activation)
    {
        case Activation::gelu: return torch::gelu(x);
        case Activation::silu: return torch::silu(x);
        default: return x;
    }
}

Tensor atenPad(Tensor x, const Axes& axes, int width)
{
    for (int axis = 0; axis < axes.dimensions; ++axis)
    {
        const std::int64_t d = x.dim() - 1 - axis, cells = x.size(d);
        if (axes.periodic[axis])
        {
            const Tensor index = torch::arange(-width, cells + width, torch::dtype(torch::kLong).device(x.device()))
                .remainder(cells);
            x = x.index_select(d, index);
            continue;
        }
        std::vector<std::int64_t> sizes = x.sizes().vec();
        sizes[d] = width;
        const Tensor zeros = torch::zeros(sizes, x.options());
        x = torch::cat({zeros, x, zeros}, d);
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
    return atenPad(atenActivate(x, activation), axes, width);
}

Tensor activate(const Tensor& x, Activation activation, const Axes& axes)
{
    return x.device().is_cpu() ? activatePad(x, activation, axes, 0) : atenActivate(x, activation);
}

} // namespace surrogate
