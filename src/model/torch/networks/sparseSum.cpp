#include "model/torch/networks/sparseSum.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <type_traits>

namespace surrogate
{

using torch::Tensor;

namespace
{

SparseSum::Rows rowsOf(std::int64_t n, std::vector<SparseSum::Entry> entries)
{
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
    std::vector<std::int64_t> offsets(std::size_t(n) + 1, 0), rowOf, columns;
    std::vector<double> weights;
    for (const auto& entry : entries)
    {
        ++offsets[std::size_t(entry.row) + 1];
        rowOf.push_back(entry.row);
        columns.push_back(entry.column);
        weights.push_back(entry.weight);
    }
    for (std::size_t r = 0; r < std::size_t(n); ++r) offsets[r + 1] += offsets[r];
    const auto whole = [](const std::vector<std::int64_t>& values) { return torch::tensor(values, torch::kLong); };
    return {n, whole(offsets), whole(rowOf), whole(columns), torch::tensor(weights, torch::kDouble)};
}

template<class T>
void multiplyRows(const SparseSum::Rows& rows, const Tensor& x, Tensor& out)
{
    using Sum = std::conditional_t<std::is_same_v<T, double>, double, float>;
    const std::int64_t members = x.size(0), columns = x.size(1), channels = x.size(2), n = rows.n;
    const T* in = x.data_ptr<T>();
    T* to = out.data_ptr<T>();
    const auto* offsets = rows.offsets.data_ptr<std::int64_t>();
    const auto* column = rows.columns.data_ptr<std::int64_t>();
    const double* weights = rows.weights.data_ptr<double>();

    at::parallel_for(0, members*n, 256, [&](std::int64_t first, std::int64_t last)
    {
        std::vector<Sum> sum(std::size_t(channels), Sum(0));
        for (std::int64_t i = first; i < last; ++i)
        {
            const std::int64_t row = i%n;
            const T* member = in + (i/n)*columns*channels;
            std::fill(sum.begin(), sum.end(), Sum(0));
            for (std::int64_t j = offsets[row]; j < offsets[row + 1]; ++j)
            {
                const T* values = member + column[j]*channels;
                const Sum weight = Sum(weights[j]);
                for (std::int64_t c = 0; c < channels; ++c) sum[std::size_t(c)] += weight*Sum(values[c]);
            }
            T* result = to + i*channels;
            for (std::int64_t c = 0; c < channels; ++c) result[c] = T(sum[std::size_t(c)]);
        }
    });
}

Tensor multiply(const SparseSum::Rows& rows, const Tensor& given)
{
    const Tensor x = given.contiguous();
    if (!x.device().is_cpu())
    {
        const Tensor terms = x.index_select(1, rows.columns)*rows.weights.to(x.scalar_type()).unsqueeze(1);
        return torch::zeros({x.size(0), rows.n, x.size(2)}, x.options()).index_add(1, rows.rowOf, terms);
    }
    Tensor out = torch::empty({x.size(0), rows.n, x.size(2)}, x.options());
    switch (x.scalar_type())
    {
        case torch::kDouble: multiplyRows<double>(rows, x, out); break;
        case torch::kFloat: multiplyRows<float>(rows, x, out); break;
        case torch::kBFloat16: multiplyRows<at::BFloat16>(rows, x, out); break;
        default: TORCH_CHECK(false, "SparseSum: no kernel for ", x.scalar_type());
    }
    return out;
}

class Multiply : public torch::autograd::Function<Multiply>
{
public:

    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const SparseSum::Rows& rows,
        const SparseSum::Rows& transposed)
    {
        context->saved_data["n"] = transposed.n;
        context->save_for_backward({transposed.offsets, transposed.rowOf, transposed.columns, transposed.weights});
        return multiply(rows, x);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients)
    {
        const auto saved = context->get_saved_variables();
        const SparseSum::Rows transposed{context->saved_data["n"].toInt(), saved[0], saved[1], saved[2], saved[3]};
        return {multiply(transposed, gradients[0]), Tensor(), Tensor()};
    }
};

} // namespace

SparseSum::SparseSum(std::int64_t rows, std::int64_t columns, std::vector<Entry> entries)
{
    const c10::InferenceMode ordinary(false);   // later uses may want gradients
    rows_ = rowsOf(rows, entries);
    for (Entry& entry : entries) std::swap(entry.row, entry.column);
    transposed_ = rowsOf(columns, std::move(entries));
}

Tensor SparseSum::operator()(const Tensor& x) const
{
    TORCH_CHECK(x.dim() == 3 && x.size(1) == transposed_.n, "SparseSum: ", transposed_.n, " points expected, found ", x.sizes());
    return Multiply::apply(x, rows_, transposed_);
}

SparseSum SparseSum::to(torch::Device device) const
{
    const c10::InferenceMode ordinary(false);
    const auto move = [&](const Rows& rows) -> Rows
    {
        return {rows.n, rows.offsets.to(device), rows.rowOf.to(device), rows.columns.to(device), rows.weights.to(device)};
    };
    SparseSum moved;
    moved.rows_ = move(rows_);
    moved.transposed_ = move(transposed_);
    return moved;
}

} // namespace surrogate
